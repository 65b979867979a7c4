#include "weir/base/trace.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace weir {
namespace {

using nlohmann::json;

TEST(Trace, WritesSpansInMicrosecondsSinceItsStart) {
  FakeClock clock(1'000'000);
  Trace trace(100, clock);
  {
    clock.advance_ns(1'500);
    const TraceSpan span(&trace, "infer", "faces", 7);
    clock.advance_ns(2'000'001);
  }
  const json parsed = json::parse(trace.to_json());
  ASSERT_EQ(parsed["traceEvents"].size(), 1U);
  const json& event = parsed["traceEvents"][0];
  EXPECT_EQ(event["ph"], "X");
  EXPECT_EQ(event["name"], "infer");
  EXPECT_EQ(event["cat"], "faces");
  EXPECT_EQ(event["ts"], 1.5);
  EXPECT_EQ(event["dur"], 2000.001);
  EXPECT_EQ(event["args"]["id"], 7);
  EXPECT_EQ(event["pid"], ::getpid());
}

TEST(Trace, ASpanWithoutATraceDoesNothing) {
  const TraceSpan span(nullptr, "infer");
  SUCCEED();
}

TEST(Trace, HasEveryKindOfEvent) {
  Trace trace;
  trace.name_thread("main \"one\"");
  trace.instant("dropped", "gate", 3);
  trace.counter("depth", 2.5);
  trace.counter("depth", std::numeric_limits<double>::infinity());
  trace.begin("task", "gate", 3);
  trace.end("task", "gate", 3);
  trace.flow_start("join", "gate", 4);
  trace.flow_end("join", "gate", 4);
  const json parsed = json::parse(trace.to_json());
  std::string phases;
  for (const json& event : parsed["traceEvents"]) phases += event["ph"].get<std::string>();
  EXPECT_EQ(phases, "MiCCbesf");
  EXPECT_EQ(parsed["traceEvents"][0]["args"]["name"], "main \"one\"");
  EXPECT_EQ(parsed["traceEvents"][2]["args"]["value"], 2.5);
  EXPECT_EQ(parsed["traceEvents"][4]["id"], 3);
}

TEST(Trace, IsValidJsonWhateverTheNames) {
  Trace trace;
  trace.instant("a\"\\\n\xFF", std::string_view("\0", 1));
  EXPECT_TRUE(json::accept(trace.to_json()));
  EXPECT_TRUE(json::accept(Trace().to_json()));
}

TEST(Trace, CountsWhatItHasNoRoomFor) {
  Trace trace(2);
  for (int i = 0; i < 5; ++i) trace.instant("tick", "");
  EXPECT_EQ(trace.size(), 2U);
  EXPECT_EQ(trace.dropped(), 3U);
  EXPECT_EQ(json::parse(trace.to_json())["otherData"]["dropped"], 3);
}

TEST(Trace, ThreadsWriteAtTheSameTimeUnderTheirOwnNumbers) {
  Trace trace;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&trace] {
      for (int i = 0; i < 100; ++i) const TraceSpan span(&trace, "work", "pool", i);
    });
  }
  EXPECT_TRUE(json::accept(trace.to_json()));
  for (std::thread& thread : threads) thread.join();
  const json parsed = json::parse(trace.to_json());
  std::set<int> ids;
  for (const json& event : parsed["traceEvents"]) ids.insert(event["tid"].get<int>());
  EXPECT_EQ(parsed["traceEvents"].size(), 400U);
  EXPECT_EQ(ids.size(), 4U);
}

TEST(Trace, SaysWhereItCouldNotBeWritten) {
  const Status status = Trace().write("/nowhere/trace.json");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().where, "/nowhere/trace.json");
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("weir_trace_" + std::to_string(::getpid()) + ".json"))
                               .string();
  ASSERT_TRUE(Trace().write(path));
  std::ifstream file(path);
  EXPECT_TRUE(json::accept(file));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace weir

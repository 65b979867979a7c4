// What is left of sources that come and go while a run goes on: nothing but a name and counts.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>

#include "tests/assemble/run_support.h"
#include "tests/support/counted_heap.h"

namespace weir {
namespace {

constexpr SceneSpec kScene{.width = 64, .height = 48, .fps = 50, .people = 0, .cars = 0};

// One whose sources are added by the test, beside one that goes on.
class GoneSourcesTest : public testing::RunTest {
 protected:
  GoneSourcesTest()
      : pipe_(make("sources: {yard: {scene: {width: 64, height: 48, fps: 5}, pace: real}}\n"
                   "sinks: [{jsonl: " +
                       at("r.jsonl") + "}]\n",
                   "steps: {things: {model: m}, same: {track: sort, on: things}}\n")) {
    options_.control = &control_;
    run_ = std::jthread([this] { report_ = run_pipeline(*pipe_, options_); });
    while (control_.names().empty()) std::this_thread::yield();
  }

  void add(const std::string& name, const SourceSpec& spec) {
    Status added = control_.add(name, spec);
    while (!added && added.error().code == ErrorCode::kUnavailable) {  // it begins
      std::this_thread::yield();
      added = control_.add(name, spec);
    }
    ASSERT_TRUE(added) << added.error().to_string();
  }
  void remove(const std::string& name) { ASSERT_TRUE(control_.remove(name)); }
  void wait_until_gone() {
    while (streams() > 1) std::this_thread::yield();
  }
  std::size_t streams() {
    flow::MeterCursor cursor;
    return pipe_->flow().stats(cursor).streams.size();
  }
  Result<RunReport> end() {
    remove("yard");
    run_.join();
    return std::move(report_);
  }

  // Each way in which a source comes and goes, once.
  void come_and_go(int round) {
    const double one_frame = 0.01;
    add("file", {.scene = kScene, .end = one_frame});
    add("gate", {.scene = kScene});
    add("paced", {.scene = kScene, .end = one_frame, .pace = SourceSpec::Pace::kReal});
    add("camera", {.scene = kScene, .live = true});
    add("own_" + std::to_string(round % 7), {.scene = kScene, .end = one_frame});
    remove("gate");
    remove("camera");
    wait_until_gone();
  }

  SourceControl control_;
  RunOptions options_;
  std::unique_ptr<Pipeline> pipe_;
  Result<RunReport> report_ = Error(ErrorCode::kInternal, "it did not run");
  std::jthread run_;
};

TEST_F(GoneSourcesTest, LeaveANameAndCounts) {
  constexpr int kWarm = 50;
  constexpr int kRounds = 1000;
  for (int i = 0; i < kWarm; ++i) come_and_go(i);
  const uint64_t before = test::heap_use().live;
  for (int i = 0; i < kRounds; ++i) come_and_go(i);
  const auto grown = static_cast<int64_t>(test::heap_use().live - before);
  // A stream alone is 10 KiB, a source and its record more than one. What is on its way just now is
  // there in both.
  EXPECT_LT(grown, 64 * kRounds) << "of " << 5 * kRounds << " sources";

  const auto report = end();
  ASSERT_TRUE(report) << report.error().to_string();
  ASSERT_EQ(report->stats.streams.size(), 1U);
  EXPECT_EQ(report->stats.streams[0].name, "yard");
  flow::TaskCounts all = report->stats.streams[0].total;
  std::map<std::string, uint64_t> times;
  for (const GoneSources& of : report->gone_sources) {
    times[of.name] = of.times;
    EXPECT_EQ(of.counts.admitted, of.counts.ended()) << of.name;
    EXPECT_EQ(of.counts.failed(), 0U) << of.name;
    const bool goes_on = of.name == "gate" || of.name == "camera";
    EXPECT_TRUE(goes_on || of.counts.done() == of.times) << of.name;
    all += of.counts;
  }
  EXPECT_EQ(all, report->stats.total);
  EXPECT_EQ(times.size(), 4U + 7U);
  for (const char* name : {"file", "gate", "paced", "camera"}) {
    EXPECT_EQ(times[name], static_cast<uint64_t>(kWarm + kRounds)) << name;
  }
}

// A camera may be called by the minute in which it came.
TEST_F(GoneSourcesTest, UnderNamesThatNeverComeAgainLeaveNoMore) {
  constexpr int kRounds = 2000;
  const auto come_and_go_as = [&](int number) {
    add("camera of minute " + std::to_string(number), {.scene = kScene, .end = 0.01});
    wait_until_gone();
  };
  for (int i = 0; i < 50; ++i) come_and_go_as(i);
  const uint64_t before = test::heap_use().live;
  for (int i = 0; i < kRounds; ++i) come_and_go_as(1000 + i);
  const auto grown = static_cast<int64_t>(test::heap_use().live - before);
  EXPECT_LT(grown, 400 * kRounds);
  const auto report = end();
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_EQ(report->gone_sources.size(), 50U + kRounds);
}

}  // namespace
}  // namespace weir

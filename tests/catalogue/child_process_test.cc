#include "weir/catalogue/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace weir::catalogue {
namespace {

using ::testing::HasSubstr;

Status run(Command command) {
  WEIR_ASSIGN(ChildProcess child, ChildProcess::start(std::move(command)));
  return child.finish();
}

TEST(ChildProcess, PassesWordsWithoutAShell) {
  auto child = ChildProcess::start({{"echo", "$HOME", "a b;c"}, {}, 10'000});
  ASSERT_TRUE(child->finish().has_value());
  EXPECT_EQ(child->words(), "$HOME a b;c");
}

TEST(ChildProcess, RunsInTheFolderThatIsNamed) {
  auto child = ChildProcess::start({{"pwd"}, "/usr", 10'000});
  ASSERT_TRUE(child->finish().has_value());
  EXPECT_EQ(child->words(), "/usr");
}

TEST(ChildProcess, FailsWithItsCodeAndItsLastWords) {
  const Status status =
      run({{"sh", "-c", "echo out; echo no such package >&2; exit 3"}, {}, 10'000});
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(status.error().message, HasSubstr("code 3"));
  EXPECT_THAT(status.error().message, HasSubstr("no such package"));
}

TEST(ChildProcess, TellsOnceWhatAClientSaysAtEachTry) {
  const Status status = run({{"sh", "-c",
                              "for n in 4 3 2; do echo \"WARNING: Retrying (total=$n) no answer\"; "
                              "done >&2; echo gave up >&2; exit 1"},
                             {},
                             10'000});
  EXPECT_THAT(status.error().message,
              testing::EndsWith("code 1: WARNING: Retrying (total=2) no answer\ngave up"));
}

TEST(ChildProcess, SaysWhenTheProgramIsNotInstalled) {
  EXPECT_EQ(run({{"weir-no-such-program"}, {}, 10'000}).error().code, ErrorCode::kNotFound);
}

TEST(ChildProcess, IsKilledWithItsChildrenAtTheTimeLimit) {
  const auto begin = std::chrono::steady_clock::now();
  const Status status = run({{"sh", "-c", "sleep 1000 & sleep 1000"}, {}, 100});
  EXPECT_EQ(status.error().code, ErrorCode::kDeadline);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST(ChildProcess, IsKilledWhenItIsCancelled) {
  std::stop_source source;
  auto child = ChildProcess::start({{"sleep", "1000"}, {}, 0, source.get_token()});
  source.request_stop();
  EXPECT_EQ(child->finish().error().code, ErrorCode::kCancelled);
}

TEST(ChildProcess, StreamsWhatItPrintsAndKeepsWhatItComplains) {
  auto child = ChildProcess::start(
      {{"sh", "-c", "head -c 300000 /dev/zero; echo oh >&2"}, {}, 10'000, {}, true});
  std::vector<std::byte> buffer(4096);
  std::size_t total = 0;
  while (true) {
    const auto count = child->read(buffer);
    ASSERT_TRUE(count.has_value());
    if (*count == 0) break;
    total += *count;
  }
  EXPECT_EQ(total, 300'000u);
  EXPECT_TRUE(child->output_ended());
  EXPECT_TRUE(child->finish().has_value());
  EXPECT_EQ(child->words(), "oh");
}

TEST(ChildProcess, StopsOneThatPrintsWithoutEnd) {
  EXPECT_EQ(run({{"yes"}, {}, 60'000}).error().code, ErrorCode::kExhausted);
}

TEST(ChildProcess, TakesAddressesOutOfItsWords) {
  EXPECT_EQ(without_addresses("get https://me:secret@host.example/x.whl failed"),
            "get https://… failed");
  EXPECT_EQ(without_addresses("Pool(host='host.example', port=443)"), "Pool(host='…', port=443)");
  EXPECT_EQ(without_addresses("nothing to hide"), "nothing to hide");
}

TEST(ChildProcess, FindsProgramsInThePath) {
  EXPECT_TRUE(find_program({"weir-no-such-program", "sh"}).has_value());
  EXPECT_TRUE(find_program({"/bin/sh"}).has_value());
  EXPECT_FALSE(find_program({"/nowhere/sh", "weir-no-such-program"}).has_value());
}

}  // namespace
}  // namespace weir::catalogue

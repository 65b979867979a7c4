#include "apps/cli/pipeline/live_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace weir::cli {
namespace {

using testing::HasSubstr;

class LiveViewTest : public testing::Test {
 protected:
  LiveViewTest() {
    auto spec = read_pipeline_file(WEIR_SOURCE_DIR "/tests/cli/files/run/three.yaml");
    EXPECT_TRUE(spec) << spec.error().to_string();
    runtime_ = Runtime::create({.threads = 1, .may_pull = false}).value();
    pipe_ = Pipeline::make(*runtime_, std::move(spec).value()).value();
  }
  // What it has written since it was asked the last time.
  std::string written() {
    std::string text = err_.str();
    err_.str({});
    return text;
  }

  std::ostringstream out_;
  std::ostringstream err_;
  Context context_{out_, err_};
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<Pipeline> pipe_;
  FakeClock clock_{1'000'000'000};
};

constexpr RunProgress kHalf = {.ended = 50, .expected = 100, .seconds = 10};

TEST_F(LiveViewTest, WritesAPlainLineNowAndThenWhereThereIsNoTerminal) {
  LiveView view(context_, *pipe_, clock_);
  view.update(kHalf);
  EXPECT_EQ(written(), "");
  clock_.advance_ns(5'000'000'000);
  view.update(kHalf);
  EXPECT_EQ(written(), "run  [############............]  50 %  50/100  5.0/s  10 s left\n");
  view.update(kHalf);
  view.clear();
  EXPECT_EQ(written(), "");
}

TEST_F(LiveViewTest, RewritesItsLinesOnATerminalAndTakesThemAway) {
  context_.err_is_terminal = true;
  LiveView view(context_, *pipe_, clock_);
  view.update(kHalf);
  EXPECT_THAT(written(), testing::StartsWith("\rrun  ["));
  view.update(kHalf);
  EXPECT_THAT(written(), testing::StartsWith("\033[1A\rrun  ["));
  view.clear();
  EXPECT_EQ(written(), "\033[1A\r\033[J");
}

TEST_F(LiveViewTest, IsSilentWhenItIsAskedTo) {
  context_.err_is_terminal = true;
  context_.quiet = true;
  LiveView view(context_, *pipe_, clock_);
  clock_.advance_ns(9'000'000'000);
  view.update(kHalf);
  EXPECT_EQ(written(), "");
}

}  // namespace
}  // namespace weir::cli

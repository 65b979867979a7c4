#include "tests/conformance/conformance.h"

#include <gmock/gmock.h>

namespace weir::conformance {
namespace {

using Parameter = std::tuple<std::size_t, std::size_t>;  // subject, case

bool is_missing(const Case& one) {
  return !one.asset.empty() && asset(std::string(one.asset)).empty();
}

class Conformance : public testing::TestWithParam<Parameter> {};

TEST_P(Conformance, Holds) {
  const Subject& subject = subjects()[std::get<0>(GetParam())];
  const Case& one = all_cases()[std::get<1>(GetParam())];
  Bench bench(subject);
  const std::string reason = one.skip(bench.able(), subject.form);
  if (!reason.empty()) GTEST_SKIP() << subject.name << " skips " << one.name << ": " << reason;
  if (is_missing(one)) GTEST_SKIP() << "there is no " << one.asset;
  one.run(bench);
}

std::string label(const testing::TestParamInfo<Parameter>& one) {
  return subjects()[std::get<0>(one.param)].name + "_" +
         std::string(all_cases()[std::get<1>(one.param)].name);
}

INSTANTIATE_TEST_SUITE_P(Backends, Conformance,
                         testing::Combine(testing::Range<std::size_t>(0, subjects().size()),
                                          testing::Range<std::size_t>(0, all_cases().size())),
                         label);

// A back end that loses a capability must not pass by skipping. What needs a file that is not at
// hand everywhere does not count, or a machine would pass for what it has and not for what it ran.
TEST(ConformanceFloor, NoBackEndFallsBelowItsNumberOfCases) {
  for (const Subject& subject : subjects()) {
    const Bench bench(subject);
    int count = 0;
    int with_files = 0;
    std::string skipped;
    for (const Case& one : all_cases()) {
      const std::string reason = one.skip(bench.able(), subject.form);
      if (reason.empty() && is_missing(one)) {
        skipped += "\n  " + std::string(one.name) + ": there is no " + std::string(one.asset);
      } else if (reason.empty()) {
        ++(one.asset.empty() ? count : with_files);
      } else {
        skipped += "\n  " + std::string(one.name) + ": " + reason;
      }
    }
    EXPECT_GE(count, subject.floor) << subject.name << " skips" << skipped;
    std::cout << subject.name << ": " << count << " cases, floor " << subject.floor << ", and "
              << with_files << " with files, skipped:" << (skipped.empty() ? " none" : skipped)
              << "\n";
  }
}

}  // namespace
}  // namespace weir::conformance

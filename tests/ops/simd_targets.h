// Runs a check once for each set of vector instructions that this machine has and ops were compiled
// for.
//
//   test::for_each_simd_target([&] { EXPECT_EQ(fast(x), plain(x)); });
#pragma once

// Some of ops is compiled for it, which Highway only counts where it is asked for.
#define HWY_WANT_AVX3_DL

#include <gtest/gtest.h>
#include <hwy/highway.h>

namespace weir::test {

template <class Check>
void for_each_simd_target(Check check) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    check();
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace weir::test

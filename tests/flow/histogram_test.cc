#include "weir/flow/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

namespace weir::flow {
namespace {

TEST(Histogram, BucketsLieSideBySideAndHoldTheirOwnValues) {
  for (std::size_t b = 0; b + 1 < kHistogramBuckets; ++b) {
    EXPECT_EQ(bucket_floor(b) + bucket_width(b), bucket_floor(b + 1)) << b;
    EXPECT_EQ(histogram_bucket(bucket_floor(b)), b);
    EXPECT_EQ(histogram_bucket(bucket_floor(b) + bucket_width(b) - 1), b);
  }
}

TEST(Histogram, WhatIsTooLongOrNegativeLandsAtTheEnds) {
  EXPECT_EQ(histogram_bucket(-5), 0U);
  EXPECT_EQ(histogram_bucket(int64_t{1} << 41), kHistogramBuckets - 1);
  EXPECT_EQ(histogram_bucket(INT64_MAX), kHistogramBuckets - 1);
}

TEST(Histogram, QuantilesAreWithinThreePointTwoPercentOfTheSortedValues) {
  std::mt19937_64 random(7);
  for (double spread : {0.1, 1.0, 3.0}) {
    std::lognormal_distribution<double> times(12, spread);
    Histogram histogram;
    std::vector<int64_t> values;
    for (int i = 0; i < 20'000; ++i) {
      values.push_back(static_cast<int64_t>(times(random)));
      histogram.record(values.back());
    }
    std::sort(values.begin(), values.end());
    HistogramCounts counts;
    counts.add(histogram);
    ASSERT_EQ(counts.count(), values.size());
    for (double q : {0.01, 0.5, 0.95, 0.99, 1.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(q * 20'000)) - 1;
      const auto exact = static_cast<double>(values[rank]);
      EXPECT_NEAR(static_cast<double>(counts.quantile(q)), exact, exact * 0.032 + 1) << q;
    }
  }
}

TEST(Histogram, MergedWorkersGiveWhatOneWouldHaveGiven) {
  Histogram one;
  std::vector<Histogram> workers(4);
  for (int i = 0; i < 10'000; ++i) {
    one.record(i * 37);
    workers[static_cast<std::size_t>(i) % 4].record(i * 37);
  }
  HistogramCounts alone;
  HistogramCounts merged;
  alone.add(one);
  for (const Histogram& worker : workers) merged.add(worker);
  EXPECT_EQ(merged.count(), alone.count());
  EXPECT_DOUBLE_EQ(merged.mean(), alone.mean());
  for (double q : {0.1, 0.5, 0.99}) EXPECT_EQ(merged.quantile(q), alone.quantile(q));
}

TEST(Histogram, AWindowIsTheLaterReadingLessTheEarlierOne) {
  Histogram histogram;
  for (int i = 0; i < 100; ++i) histogram.record(1'000'000);
  HistogramCounts earlier;
  earlier.add(histogram);
  for (int i = 0; i < 10; ++i) histogram.record(10);
  HistogramCounts window;
  window.add(histogram);
  window.subtract(earlier);
  EXPECT_EQ(window.count(), 10U);
  EXPECT_EQ(window.quantile(1.0), 10);
  EXPECT_DOUBLE_EQ(window.mean(), 10);
}

TEST(Histogram, AnEmptyOneHasNoQuantiles) {
  EXPECT_EQ(HistogramCounts{}.quantile(0.5), 0);
  EXPECT_EQ(HistogramCounts{}.mean(), 0);
}

TEST(Histogram, IsReadWhileItsWriterGoesOn) {
  Histogram histogram;
  std::thread writer([&] {
    for (int i = 0; i < 200'000; ++i) histogram.record(i);
  });
  uint64_t before = 0;
  for (int i = 0; i < 50; ++i) {
    HistogramCounts seen;
    seen.add(histogram);
    EXPECT_GE(seen.count(), before);
    before = seen.count();
  }
  writer.join();
  HistogramCounts seen;
  seen.add(histogram);
  EXPECT_EQ(seen.count(), 200'000U);
}

}  // namespace
}  // namespace weir::flow

// Times in log buckets: fixed memory, a few nanoseconds a record, quantiles within 3.2 %.
//
//   Histogram waits;                  // one writer at a time
//   waits.record(4'200);
//   HistogramCounts merged;           // the reader's own copy
//   merged.add(waits);                // from any thread, while the writer goes on
//   int64_t p99 = merged.quantile(0.99);
//
// Values below 16 have a bucket each; above, every power of two is cut into 16. What is longer than
// 2^41 (36 minutes in nanoseconds) lands in the last bucket. A Histogram has one writer at a time
// (one worker, or whoever holds the driver's mutex); its counters are relaxed atomics that are
// loaded and stored but never locked, so reading needs no lock and costs the writer nothing.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace weir::flow {

inline constexpr int kSubBits = 4;                // 16 buckets for each power of two
inline constexpr int kTopBit = 40;                // the last power of two with its own buckets
inline constexpr std::size_t kHistogramBuckets =  // 16 exact ones, then 37 × 16
    std::size_t{kTopBit - kSubBits + 2} << kSubBits;

constexpr std::size_t histogram_bucket(int64_t value) {
  if (value < (1 << kSubBits)) return value < 0 ? 0 : static_cast<std::size_t>(value);
  const auto bits = static_cast<uint64_t>(value);
  const int top = 63 - std::countl_zero(bits);
  if (top > kTopBit) return kHistogramBuckets - 1;
  const auto sub = static_cast<std::size_t>(bits >> (top - kSubBits)) - (1U << kSubBits);
  return (static_cast<std::size_t>(top - kSubBits + 1) << kSubBits) + sub;
}

// The smallest value of a bucket, and how many values it holds.
constexpr int64_t bucket_floor(std::size_t bucket) {
  if (bucket < (1U << kSubBits)) return static_cast<int64_t>(bucket);
  const auto shift = static_cast<int>(bucket >> kSubBits) - 1;
  return static_cast<int64_t>((bucket & 15U) + 16U) << shift;
}
constexpr int64_t bucket_width(std::size_t bucket) {
  return bucket < (1U << kSubBits) ? 1 : int64_t{1} << (static_cast<int>(bucket >> kSubBits) - 1);
}

class Histogram {
 public:
  void record(int64_t value, int64_t times = 1) {
    bump(buckets_[histogram_bucket(value)], times);
    bump(sum_, value * times);
  }
  uint64_t bucket(std::size_t index) const {
    return static_cast<uint64_t>(buckets_[index].load(std::memory_order_relaxed));
  }
  int64_t sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  // One writer: a load and a store, which is a plain add, not a locked one.
  static void bump(std::atomic<int64_t>& counter, int64_t by) {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  std::array<std::atomic<int64_t>, kHistogramBuckets> buckets_{};
  std::atomic<int64_t> sum_{0};
};

// What a reader makes of histograms: merge them, take an earlier reading off, ask for quantiles.
class HistogramCounts {
 public:
  void add(const Histogram& other) {
    for (std::size_t i = 0; i < kHistogramBuckets; ++i) buckets_[i] += other.bucket(i);
    sum_ += other.sum();
  }
  void add(const HistogramCounts& other) {
    for (std::size_t i = 0; i < kHistogramBuckets; ++i) buckets_[i] += other.buckets_[i];
    sum_ += other.sum_;
  }
  // `earlier` is an older reading of the same histograms: what stays is the time in between.
  void subtract(const HistogramCounts& earlier) {
    for (std::size_t i = 0; i < kHistogramBuckets; ++i) buckets_[i] -= earlier.buckets_[i];
    sum_ -= earlier.sum_;
  }

  uint64_t count() const {
    uint64_t total = 0;
    for (uint64_t n : buckets_) total += n;
    return total;
  }
  uint64_t in_bucket(std::size_t bucket) const { return buckets_[bucket]; }
  double mean() const {
    const uint64_t n = count();
    return n == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(n);
  }
  // The middle of the bucket that holds the value of rank ceil(q × count); 0 when empty.
  int64_t quantile(double q) const {
    const uint64_t total = count();
    if (total == 0) return 0;
    const auto rank = std::max<uint64_t>(
        1, static_cast<uint64_t>(std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(total))));
    uint64_t seen = 0;
    std::size_t bucket = 0;
    while ((seen += buckets_[bucket]) < rank) ++bucket;
    return bucket_floor(bucket) + bucket_width(bucket) / 2;
  }

 private:
  std::array<uint64_t, kHistogramBuckets> buckets_{};
  int64_t sum_ = 0;
};

}  // namespace weir::flow

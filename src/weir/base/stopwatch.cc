#include "weir/base/stopwatch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace weir {
namespace {

int64_t nearest_rank(const std::vector<int64_t>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

ScopedTimer::~ScopedTimer() {
  if (sum_ns_ != nullptr) *sum_ns_ += watch_.elapsed_ns();
  if (log_) log_->debug(what_, " took ", watch_.elapsed_ms(), " ms");
}

Timing Timing::of(std::vector<int64_t> times_ns) {
  Timing timing;
  if (times_ns.empty()) return timing;
  std::sort(times_ns.begin(), times_ns.end());
  const auto sum = std::accumulate(times_ns.begin(), times_ns.end(), 0.0);
  timing.count = times_ns.size();
  timing.min_ns = times_ns.front();
  timing.median_ns = nearest_rank(times_ns, 0.5);
  timing.p90_ns = nearest_rank(times_ns, 0.9);
  timing.p99_ns = nearest_rank(times_ns, 0.99);
  timing.max_ns = times_ns.back();
  timing.mean_ns = sum / static_cast<double>(times_ns.size());
  return timing;
}

std::string Timing::to_string() const {
  const auto ms = [](int64_t ns) { return static_cast<double>(ns) / 1e6; };
  char text[160];
  const int length = std::snprintf(
      text, sizeof(text), "min %.3f median %.3f p90 %.3f p99 %.3f ms (%zu %s)", ms(min_ns),
      ms(median_ns), ms(p90_ns), ms(p99_ns), count, count == 1 ? "run" : "runs");
  return std::string(text, static_cast<std::size_t>(length));
}

}  // namespace weir

#include "bench/flow/core_share.h"

#include <sched.h>

#include <atomic>
#include <cstdint>
#include <utility>

#include "bench/flow/work.h"

namespace weir::bench {
namespace {

std::atomic<uint64_t> sink{0};  // keeps what nobody reads

constexpr uint64_t any(std::size_t i) {
  return i * 0x9E3779B1 % 0x7fffffff;
}

// 2,000 additions, some 30 KiB of code without a jump.
template <std::size_t... I>
[[gnu::noinline]] uint64_t straight(uint64_t a, uint64_t b, std::index_sequence<I...>) {
  uint64_t c = a ^ b;
  uint64_t d = a + b;
  ((a += b ^ any(8 * I), b += c ^ any(8 * I + 1), c += d ^ any(8 * I + 2), d += a ^ any(8 * I + 3),
    a += c ^ any(8 * I + 4), b += d ^ any(8 * I + 5), c += a ^ any(8 * I + 6),
    d += b ^ any(8 * I + 7)),
   ...);
  return a + b + c + d;
}

[[gnu::noinline]] uint64_t chain(uint64_t a) {
  for (int i = 0; i < 1000; ++i) a = a * a | 1;
  return a;
}

void set_cores(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(static_cast<unsigned>(core), &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

double straight_over_chain() {
  constexpr int kTimes = 8;
  const std::make_index_sequence<250> all;
  uint64_t value = straight(static_cast<uint64_t>(now_ns()), 1, all);  // into the caches
  const int64_t begin = now_ns();
  for (int i = 0; i < kTimes; ++i) value += straight(value, 1, all);
  const int64_t middle = now_ns();
  for (int i = 0; i < kTimes; ++i) value += chain(value);
  const int64_t end = now_ns();
  sink.store(value, std::memory_order_relaxed);
  return static_cast<double>(middle - begin) / static_cast<double>(end - middle);
}

std::vector<int> allowed_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof set, &set);
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<unsigned>(core), &set)) cores.push_back(core);
  }
  return cores;
}

OnCore::OnCore(int core) : before_(allowed_cores()) {
  set_cores({core});
}
OnCore::~OnCore() {
  set_cores(before_);
}

}  // namespace weir::bench

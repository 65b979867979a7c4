#include "weir/flow/thread_usage.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>

namespace weir::flow {

int thread_number() {
  return static_cast<int>(::syscall(SYS_gettid));
}

std::optional<ThreadUsage> usage_of(int thread_number) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", thread_number);
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  char text[96];
  const ssize_t got = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (got <= 0) return std::nullopt;
  text[got] = '\0';
  ThreadUsage usage;
  if (std::sscanf(text, "%" SCNd64 " %" SCNd64, &usage.cpu_ns, &usage.ready_ns) != 2) {
    return std::nullopt;
  }
  return usage;
}

int64_t own_cpu_ns() {
  timespec now{};
  if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) return 0;
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace weir::flow

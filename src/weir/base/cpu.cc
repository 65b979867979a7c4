#include "weir/base/cpu.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace weir {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// The cores of a quota in microseconds per period, rounded up; 0 if the text is no quota
// ("max 100000", "-1").
int cores_of(const std::string& quota_and_period) {
  std::istringstream text(quota_and_period);
  double quota = 0;
  double period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0) return 0;
  return static_cast<int>(std::min(std::ceil(quota / period), 1e6));
}

// The path of this process in the hierarchy that names `controller`; version 2 names none.
std::string cgroup_path(const std::string& root, const std::string& controller) {
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool ours = controller.empty() ? names == ",,"
                                         : names.find("," + controller + ",") != std::string::npos;
    if (ours) return line.substr(second + 1);
  }
  return {};
}

// The tightest quota on the way from `path` up to the mount: every level of the tree counts. In a
// container the path may lie outside of what is mounted; then only the mount itself is there.
template <class ReadQuota>
int tightest(std::string path, const ReadQuota& read_quota) {
  int cores = 0;
  while (true) {
    const int here = cores_of(read_quota(path));
    if (here > 0) cores = cores == 0 ? here : std::min(cores, here);
    if (path.empty()) return cores;
    path.erase(path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'));
  }
}

// Of one level; empty where it has no quota.
std::optional<QuotaUse> quota_use_in(const std::string& cpu_stat) {
  std::ifstream file(cpu_stat);
  QuotaUse use;
  std::string name;
  for (int64_t value = 0; file >> name >> value;) {
    if (name == "nr_periods") use.periods = value;
    if (name == "nr_throttled") use.used_up = value;
  }
  if (use.periods == 0) return std::nullopt;
  return use;
}

}  // namespace

std::optional<QuotaUse> cgroup_quota_use(const std::string& root) {
  std::optional<QuotaUse> most;
  const auto look = [&](const std::string& mount, std::string path) {
    while (true) {
      const auto here = quota_use_in(mount + path + "/cpu.stat");
      if (here && (!most || here->used_up > most->used_up)) most = here;
      if (path.empty()) return;
      path.erase(path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'));
    }
  };
  look(root + "/sys/fs/cgroup", cgroup_path(root, ""));
  if (!most) look(root + "/sys/fs/cgroup/cpu", cgroup_path(root, "cpu"));
  return most;
}

int cgroup_quota_cores(const std::string& root) {
  const std::string v2 = root + "/sys/fs/cgroup";
  const int unified = tightest(cgroup_path(root, ""), [&](const std::string& path) {
    return first_line(v2 + path + "/cpu.max");
  });
  if (unified > 0) return unified;
  const std::string v1 = root + "/sys/fs/cgroup/cpu";
  return tightest(cgroup_path(root, "cpu"), [&](const std::string& path) {
    return first_line(v1 + path + "/cpu.cfs_quota_us") + " " +
           first_line(v1 + path + "/cpu.cfs_period_us");
  });
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int cores = 0;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) cores = CPU_COUNT(&set);
  if (cores == 0) cores = static_cast<int>(std::thread::hardware_concurrency());
  const int quota = cgroup_quota_cores("");
  if (quota > 0) cores = std::min(cores, quota);
  return std::max(cores, 1);
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::vector<std::string> cpu_features() {
  std::vector<std::string> names;
#if defined(__x86_64__)
  __builtin_cpu_init();
// The compiler wants the name as a literal.
#define WEIR_CPU_FEATURE(name) \
  if (__builtin_cpu_supports(name)) names.emplace_back(name)
  WEIR_CPU_FEATURE("ssse3");
  WEIR_CPU_FEATURE("sse4.1");
  WEIR_CPU_FEATURE("sse4.2");
  WEIR_CPU_FEATURE("avx");
  WEIR_CPU_FEATURE("fma");
  WEIR_CPU_FEATURE("avx2");
  WEIR_CPU_FEATURE("avx512f");
  WEIR_CPU_FEATURE("avx512bw");
  WEIR_CPU_FEATURE("avx512vl");
  WEIR_CPU_FEATURE("avx512vbmi");
  WEIR_CPU_FEATURE("avx512vnni");
  WEIR_CPU_FEATURE("avx512bf16");
#undef WEIR_CPU_FEATURE
#elif defined(__aarch64__)
  const unsigned long bits = getauxval(AT_HWCAP);
  names.emplace_back("neon");
  if (bits & (1UL << 20)) names.emplace_back("dotprod");
  if (bits & (1UL << 10)) names.emplace_back("fp16");
  if (bits & (1UL << 22)) names.emplace_back("sve");
#endif
  return names;
}

}  // namespace weir

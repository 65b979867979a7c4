// What the processor can do and how much of it is ours. Pure reads of the machine: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

// The instruction sets that matter to us and that this CPU and its kernel have: "avx2",
// "avx512vnni", "neon", … For `weir doctor`; kernels choose for themselves.
std::vector<std::string> cpu_features();

// The name that the CPU gives itself, or "unknown".
std::string cpu_name();

// The cores that this process may keep busy: those of its affinity mask, or fewer where a cgroup
// has a quota (a quota of 1.5 cores counts as 2). At least 1.
int usable_cores();

// The quota part of it, read below `root` ("/" is the machine; tests have a folder of their own).
// 0 where there is no quota.
int cgroup_quota_cores(const std::string& root);

// How often that quota was used up, since the cgroup began.
struct QuotaUse {
  int64_t periods = 0;  // in which something ran
  int64_t used_up = 0;  // of these: everything was held back until the next one
};
// Of the level of the tree that was held back most, read below `root` as above. Empty where no
// level has a quota.
std::optional<QuotaUse> cgroup_quota_use(const std::string& root);

}  // namespace weir

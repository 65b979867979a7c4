#include "weir/base/cpu.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace weir {
namespace {

namespace fs = std::filesystem;

// A machine made of files.
class Machine {
 public:
  Machine() : root_(fs::temp_directory_path() / ("weir_cpu_" + std::to_string(::getpid()))) {}
  ~Machine() { fs::remove_all(root_); }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  std::optional<QuotaUse> quota_use() const { return cgroup_quota_use(root_.string()); }
  int quota() const { return cgroup_quota_cores(root_.string()); }

 private:
  const fs::path root_;
};

TEST(CgroupQuotaUse, IsThatOfTheLevelThatWasHeldBackMost) {
  const Machine machine;
  machine.write("proc/self/cgroup", "0::/box/task\n");
  EXPECT_FALSE(machine.quota_use().has_value());
  machine.write("sys/fs/cgroup/box/task/cpu.stat", "usage_usec 70\nnr_periods 0\n");
  EXPECT_FALSE(machine.quota_use().has_value());
  machine.write("sys/fs/cgroup/box/task/cpu.stat", "nr_periods 40\nnr_throttled 3\n");
  machine.write("sys/fs/cgroup/box/cpu.stat", "nr_periods 30\nnr_throttled 12\nthrottled_usec 9\n");
  EXPECT_EQ(machine.quota_use()->periods, 30);
  EXPECT_EQ(machine.quota_use()->used_up, 12);
}

TEST(CgroupQuotaUse, IsFoundInVersionOneToo) {
  const Machine machine;
  machine.write("proc/self/cgroup", "4:memory:/m\n3:cpu,cpuacct:/box\n");
  machine.write("sys/fs/cgroup/cpu/box/cpu.stat",
                "nr_periods 8\nnr_throttled 2\nthrottled_time 5\n");
  EXPECT_EQ(machine.quota_use()->used_up, 2);
}

TEST(CgroupQuota, IsTheTightestOfAllLevels) {
  const Machine machine;
  machine.write("proc/self/cgroup", "0::/box/task\n");
  EXPECT_EQ(machine.quota(), 0);
  machine.write("sys/fs/cgroup/box/task/cpu.max", "max 100000\n");
  EXPECT_EQ(machine.quota(), 0);
  machine.write("sys/fs/cgroup/box/cpu.max", "150000 100000\n");
  EXPECT_EQ(machine.quota(), 2);
  machine.write("sys/fs/cgroup/box/task/cpu.max", "400000 100000\n");
  EXPECT_EQ(machine.quota(), 2);
  machine.write("sys/fs/cgroup/cpu.max", "50000 100000\n");
  EXPECT_EQ(machine.quota(), 1);
}

TEST(CgroupQuota, IsReadFromTheFirstVersionToo) {
  const Machine machine;
  machine.write("proc/self/cgroup", "4:cpuset:/\n3:cpu,cpuacct:/docker/ab\n");
  machine.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  machine.write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(machine.quota(), 0);
  machine.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "300000\n");
  EXPECT_EQ(machine.quota(), 3);
}

TEST(UsableCores, AreAtLeastOneAndAtMostThoseOfTheMachine) {
  EXPECT_GE(usable_cores(), 1);
  EXPECT_LE(usable_cores(), static_cast<int>(sysconf(_SC_NPROCESSORS_CONF)));
}

TEST(CpuFeatures, AreNamedOnce) {
  const auto names = cpu_features();
  auto sorted = names;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
  EXPECT_FALSE(cpu_name().empty());
}

}  // namespace
}  // namespace weir

#include "weir/base/thread_budget.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "weir/base/log.h"
#include "weir/base/mutex.h"

namespace weir {

class ThreadLedger {
 public:
  explicit ThreadLedger(int total) : total_(std::max(total, 1)) {}

  uint64_t add(ThreadClaim claim) {
    std::string complaint;
    uint64_t id = 0;
    {
      const MutexLock lock(mutex_);
      id = next_id_++;
      claims_.emplace(id, std::move(claim));
      count();
      if (claimed_ > total_ && !std::exchange(warned_, true)) complaint = describe();
    }
    if (!complaint.empty()) {
      log("threads").warn("more threads than cores, so they will take turns: ", complaint);
    }
    return id;
  }

  void remove(uint64_t id) {
    const MutexLock lock(mutex_);
    claims_.erase(id);
    count();
    if (claimed_ <= total_) warned_ = false;
  }

  int total() const { return total_; }
  int claimed() const {
    const MutexLock lock(mutex_);
    return claimed_;
  }
  std::vector<ThreadClaim> claims() const {
    const MutexLock lock(mutex_);
    std::vector<ThreadClaim> list;
    for (const auto& [id, claim] : claims_) list.push_back(claim);
    return list;
  }
  std::string to_string() const {
    const MutexLock lock(mutex_);
    return describe();
  }

 private:
  // Of those that take turns only the largest counts. Claims are few, and come and go seldom.
  void count() WEIR_REQUIRES(mutex_) {
    std::map<std::string, int> groups;
    claimed_ = 0;
    for (const auto& [id, claim] : claims_) {
      if (claim.group.empty()) {
        claimed_ += claim.threads;
      } else {
        groups[claim.group] = std::max(groups[claim.group], claim.threads);
      }
    }
    for (const auto& [group, threads] : groups) claimed_ += threads;
  }

  std::string describe() const WEIR_REQUIRES(mutex_) {
    std::string text = std::to_string(claimed_) + " of " + std::to_string(total_) + " threads";
    const char* separator = ": ";
    for (const auto& [id, claim] : claims_) {
      text += std::exchange(separator, ", ") + claim.who + " " + std::to_string(claim.threads);
    }
    return text;
  }

  const int total_;
  mutable Mutex mutex_;
  std::map<uint64_t, ThreadClaim> claims_ WEIR_GUARDED_BY(mutex_);
  uint64_t next_id_ WEIR_GUARDED_BY(mutex_) = 1;
  int claimed_ WEIR_GUARDED_BY(mutex_) = 0;
  bool warned_ WEIR_GUARDED_BY(mutex_) = false;
};

ThreadLease::ThreadLease(ThreadLease&& other) noexcept
    : ledger_(std::move(other.ledger_)),
      id_(std::exchange(other.id_, 0)),
      threads_(std::exchange(other.threads_, 0)) {}

ThreadLease& ThreadLease::operator=(ThreadLease&& other) noexcept {
  if (this == &other) return *this;
  release();
  ledger_ = std::move(other.ledger_);
  id_ = std::exchange(other.id_, 0);
  threads_ = std::exchange(other.threads_, 0);
  return *this;
}

void ThreadLease::release() {
  if (ledger_) ledger_->remove(id_);
  ledger_.reset();
  threads_ = 0;
}

ThreadBudget::ThreadBudget(int total) : ledger_(std::make_shared<ThreadLedger>(total)) {}

ThreadLease ThreadBudget::claim(std::string who, int threads, std::string group) {
  ThreadLease lease;
  lease.threads_ = std::max(threads, 0);
  lease.id_ = ledger_->add({std::move(who), lease.threads_, std::move(group)});
  lease.ledger_ = ledger_;
  return lease;
}

int ThreadBudget::total() const {
  return ledger_->total();
}
int ThreadBudget::claimed() const {
  return ledger_->claimed();
}
std::vector<ThreadClaim> ThreadBudget::claims() const {
  return ledger_->claims();
}
std::string ThreadBudget::to_string() const {
  return ledger_->to_string();
}

ThreadPlan plan_threads(ThreadMode mode, int cores, int instances) {
  cores = std::max(cores, 1);
  if (mode == ThreadMode::kThroughput) return {instances > 0 ? instances : cores, 1};
  instances = std::max(instances, 1);
  return {instances, std::max(cores / instances, 1)};
}

}  // namespace weir

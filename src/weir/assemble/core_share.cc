#include "weir/assemble/core_share.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

namespace weir {
namespace {

// Whose turn this thread has.
thread_local CoreShare* current = nullptr;

class SharingBody final : public flow::StageBody {
 public:
  SharingBody(std::shared_ptr<flow::StageBody> body, CoreShare& cores)
      : body_(std::move(body)), cores_(cores) {}

  flow::StageResult run(flow::Slot& slot, flow::StopToken stop) override {
    const CoreShare::Turn turn(cores_);
    return body_->run(slot, stop);
  }
  flow::StageResult run_batch(std::span<flow::Slot> slots, std::span<flow::StageResult> results,
                              flow::StopToken stop) override {
    const CoreShare::Turn turn(cores_);
    return body_->run_batch(slots, results, stop);
  }
  std::unique_ptr<flow::StreamState> open_stream() override { return body_->open_stream(); }

 private:
  const std::shared_ptr<flow::StageBody> body_;
  CoreShare& cores_;
};

bool is_on_cores(const flow::GraphSpec& graph, const flow::StageSpec& stage) {
  for (const flow::ExecutorSpec& executor : graph.executors) {
    if (stage.executor.empty() || stage.executor == executor.name) {
      return executor.kind == flow::ExecutorKind::kCpu;
    }
  }
  return true;
}

}  // namespace

CoreShare::Member::Member(Member&& other) noexcept
    : share_(std::exchange(other.share_, nullptr)), workers_(other.workers_) {}

CoreShare::Member& CoreShare::Member::operator=(Member&& other) noexcept {
  if (this == &other) return *this;
  leave();
  share_ = std::exchange(other.share_, nullptr);
  workers_ = other.workers_;
  return *this;
}

void CoreShare::Member::leave() {
  CoreShare* share = std::exchange(share_, nullptr);
  if (share == nullptr) return;
  const MutexLock lock(share->mutex_);
  auto& all = share->workers_;
  all.erase(std::find(all.begin(), all.end(), workers_));
  share->count_again();
}

CoreShare::Member CoreShare::join(int workers) {
  Member member;
  member.share_ = this;
  member.workers_ = workers;
  const MutexLock lock(mutex_);
  workers_.push_back(workers);
  count_again();
  return member;
}

void CoreShare::count_again() {
  const int sum = std::accumulate(workers_.begin(), workers_.end(), 0);
  const int largest = workers_.empty() ? 0 : *std::max_element(workers_.begin(), workers_.end());
  limit_ = std::max(largest, std::min(sum, budget_.total()));
  lease_.release();
  if (limit_ > 0) lease_ = budget_.claim("flow", limit_);
  members_.store(static_cast<int>(workers_.size()));
  let_in();
}

void CoreShare::let_in() {
  // Who is alone waits for nobody, and gives no turn back to those who were here before.
  const bool all = workers_.size() < 2;
  while (!waiting_.empty() && (all || working_ < limit_)) {
    Waiter& first = *waiting_.front();
    waiting_.pop_front();
    ++working_;
    first.goes = true;
    first.changed.notify_one();
  }
}

void CoreShare::take() {
  const MutexLock lock(mutex_);
  if (waiting_.empty() && working_ < limit_) {
    ++working_;
    return;
  }
  Waiter me;
  waiting_.push_back(&me);
  let_in();
  while (!me.goes) me.changed.wait(mutex_);
}

void CoreShare::give_back() {
  const MutexLock lock(mutex_);
  --working_;
  let_in();
}

int CoreShare::limit() const {
  const MutexLock lock(mutex_);
  return limit_;
}

std::size_t CoreShare::waiting() const {
  const MutexLock lock(mutex_);
  return waiting_.size();
}

CoreShare::Turn::Turn(CoreShare& share) {
  if (current != nullptr || share.members_.load(std::memory_order_relaxed) < 2) return;
  share.take();
  share_ = current = &share;
}

CoreShare::Turn::~Turn() {
  if (share_ == nullptr) return;
  current = nullptr;
  share_->give_back();
}

CoreShare::Pause::Pause() : share_(std::exchange(current, nullptr)) {
  if (share_ != nullptr) share_->give_back();
}

CoreShare::Pause::~Pause() {
  if (share_ == nullptr) return;
  share_->take();
  current = share_;
}

void share_cores(flow::GraphSpec& graph, CoreShare& cores) {
  for (flow::StageSpec& stage : graph.stages) {
    const bool works = stage.role == flow::Role::kPrepare || stage.role == flow::Role::kInfer;
    if (!works || stage.body->asynchronous() || !is_on_cores(graph, stage)) continue;
    stage.body = std::make_shared<SharingBody>(std::move(stage.body), cores);
  }
}

}  // namespace weir

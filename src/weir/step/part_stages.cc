#include "weir/step/part_stages.h"

#include <utility>

#include "weir/base/stopwatch.h"
#include "weir/step/item_work.h"

namespace weir {
namespace {

using flow::Slot;
using flow::StageBody;
using flow::StageResult;
using flow::StopToken;

using Plan = std::shared_ptr<const StepPlan>;

PartsPool& pool_of(const StepPlan& plan, const Slot& slot) {
  return plan.seat.of<PartsPool>(version_of(plan, slot));
}

ItemParts& parts_of(const StepPlan& plan, const Slot& slot) {
  std::vector<ItemParts>& parts = slot.payload<TaskWork>()->at(plan.step).parts;
  return parts[plan.on_items() ? slot.item() : 0];
}

class PrepareBody final : public StageBody {
 public:
  explicit PrepareBody(Plan plan) : plan_(std::move(plan)) {}

  StageResult run(Slot& slot, StopToken) override {
    if (!plan_->on_items()) slot.payload<TaskWork>()->at(plan_->step).parts.resize(1);
    auto input = pool_of(*plan_, slot).prepare(item_of(*plan_, slot));
    if (!input) return ended(*plan_, std::move(input).error());
    ItemParts& parts = parts_of(*plan_, slot);
    parts.input = std::move(input).value();
    parts.plan = parts.input->plan;
    StageResult result = StageResult::done();
    // Only what one version answers, and what has the same shapes, may share a run.
    result.bucket = version_of(*plan_, slot).number() << 32 | parts.input->kind;
    return result;
  }

 private:
  const Plan plan_;
};

class InferBody final : public StageBody, public PartsPool::Starter {
 public:
  explicit InferBody(Plan plan) : plan_(std::move(plan)) {}

  StageResult run(Slot& slot, StopToken stop) override {
    StageResult result;
    StageResult all = run_batch({&slot, 1}, {&result, 1}, stop);
    return all.verdict == flow::Verdict::kFail ? std::move(all) : std::move(result);
  }

  StageResult run_batch(std::span<Slot> slots, std::span<StageResult> results, StopToken) override {
    const Stopwatch watch;
    Status ran = bind(slots);
    if (ran.has_value()) ran = pool_of(*plan_, slots[0]).infer(run_of(slots[0]));
    for (StageResult& result : results) result = StageResult::done();
    return end(slots, watch, std::move(ran));
  }

  bool asynchronous() const override { return plan_->on_device; }

  // Once it has started, the run may have ended before we return.
  StageResult start(std::span<Slot> slots, flow::Completion done) override {
    const Stopwatch watch;
    Status started = bind(slots);
    if (!started.has_value()) return end(slots, watch, std::move(started));
    PartsPool::Run& run = run_of(slots[0]);
    run.slots.assign(slots.begin(), slots.end());
    run.completion = done;
    run.watch = watch;
    PartsPool& pool = pool_of(*plan_, slots[0]);
    started = pool.start(run, *this);
    if (started.has_value()) return StageResult::pending();
    // What can only wait does so here: a device's executor has a thread for it.
    if (started.error().code == ErrorCode::kUnsupported) started = pool.infer(run);
    return end(slots, watch, std::move(started));
  }

  void ended(PartsPool::Run& run, Status status) override {
    const flow::Completion completion = run.completion;
    if (status.has_value()) status = pool_of(*plan_, run.slots[0]).check_outputs(run);
    // Copied: with the last share that is let go the run may serve somebody else.
    thread_local std::vector<Slot> slots;
    slots.assign(run.slots.begin(), run.slots.end());
    completion.finish(end(slots, run.watch, std::move(status)));
  }

 private:
  PartsPool::Run& run_of(const Slot& slot) const { return *parts_of(*plan_, slot).run; }

  Status bind(std::span<const Slot> slots) const {
    // Of the worker, and used again.
    thread_local std::vector<const PartsPool::Input*> inputs;
    thread_local std::vector<PartsPool::RunShare> shares;
    inputs.clear();
    for (const Slot& slot : slots) inputs.push_back(parts_of(*plan_, slot).input.get());
    shares.resize(slots.size());
    WEIR_TRY(pool_of(*plan_, slots[0]).bind(inputs, shares));
    for (std::size_t i = 0; i < slots.size(); ++i) {
      ItemParts& parts = parts_of(*plan_, slots[i]);
      parts.run = std::move(shares[i]);
      parts.place = i;
    }
    return {};
  }

  // What is wrong with one of a batch is found out when each is run alone: inputs are kept for it.
  StageResult end(std::span<const Slot> slots, Stopwatch watch, Status status) const {
    const bool done = status.has_value();
    if (done) version_of(*plan_, slots[0]).count(slots.size(), watch.elapsed_ms());
    for (const Slot& slot : slots) {
      ItemParts& parts = parts_of(*plan_, slot);
      if (done) {
        parts.input.reset();
      } else {
        parts.run.reset();
      }
    }
    return weir::ended(*plan_, std::move(status));
  }

  const Plan plan_;
};

// Runs for what has died as well, so that its memory and its run go back at once.
class InterpretBody final : public StageBody {
 public:
  explicit InterpretBody(Plan plan) : plan_(std::move(plan)) {}

  StageResult run(Slot& slot, StopToken stop) override {
    if (slot.payload<TaskWork>()->at(plan_->step).parts.empty()) return StageResult::done();
    ItemParts parts = std::move(parts_of(*plan_, slot));
    if (parts.run == nullptr || stop.stop_requested()) return StageResult::done();
    Status status = pool_of(*plan_, slot)
                        .interpret(*parts.run, parts.place, item_of(*plan_, slot), parts.plan,
                                   result_of(*plan_, slot).findings);
    if (status.has_value()) give_found(*plan_, slot);
    return ended(*plan_, std::move(status));
  }

 private:
  const Plan plan_;
};

flow::StageSpec stage_of(const StepPlan& plan, const char* part, flow::Role role) {
  flow::StageSpec stage;
  stage.name = plan.name + part;
  stage.step = plan.step;
  stage.role = role;
  return stage;
}

}  // namespace

flow::StageSpec infer_stage(const StepPlan& plan) {
  flow::StageSpec stage = stage_of(plan, "", flow::Role::kInfer);
  stage.limit = plan.runs();
  stage.executor = plan.infer_executor;
  const BatchSpec& batch = plan.batch;
  stage.batch.max = static_cast<uint32_t>(batch.max);
  for (const int32_t size : batch.preferred) {
    stage.batch.preferred.push_back(static_cast<uint32_t>(size));
  }
  stage.batch.max_age_ns = static_cast<int64_t>(batch.max_age_ms * 1e6);
  return stage;
}

std::vector<flow::StageSpec> part_stages(const Plan& plan) {
  flow::StageSpec prepare = stage_of(*plan, ".prepare", flow::Role::kPrepare);
  prepare.executor = plan->prepare_executor;
  prepare.body = std::make_shared<PrepareBody>(plan);
  flow::StageSpec infer = infer_stage(*plan);
  infer.after = {prepare.name};
  infer.body = std::make_shared<InferBody>(plan);
  flow::StageSpec interpret = stage_of(*plan, ".interpret", flow::Role::kInterpret);
  interpret.after = {infer.name};
  interpret.executor = plan->interpret_executor;
  interpret.always = true;
  interpret.body = std::make_shared<InterpretBody>(plan);
  return {std::move(prepare), std::move(infer), std::move(interpret)};
}

}  // namespace weir

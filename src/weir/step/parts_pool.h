// A run of a model in three parts, each on whatever thread has time: items are prepared before it
// is known who runs with whom, run together, and read one by one.
//
//   WEIR_ASSIGN(PartsPool::InputLease input, pool.prepare(item));            // for each item
//   WEIR_TRY(pool.bind(inputs, shares));                                     // for a batch
//   WEIR_TRY(pool.infer(*shares[0]));                                        // or start()
//   WEIR_TRY(pool.interpret(*shares[i], i, item, inputs[i]->plan, found));   // for each item
//
// Any thread. Memory of inputs and sessions is used again: in the steady state nothing of ours
// allocates. Leases go back by themselves, before their pool goes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "weir/base/mutex.h"
#include "weir/base/stopwatch.h"
#include "weir/flow/body.h"
#include "weir/model/family.h"
#include "weir/model/live_model.h"
#include "weir/model/model.h"

namespace weir {

class PartsPool {
 public:
  // The inputs of one item.
  struct Input {
    std::vector<Tensor> memory;
    std::vector<TensorView> views;
    ItemPlan plan;
    uint32_t kind = 0;  // those of one kind have equal shapes and may share a run
  };
  // One run and its outputs, until all of its items have been read.
  struct Run {
    std::vector<std::unique_ptr<Session>> sessions;
    std::vector<Session*> borrowed;  // the same, as families take them
    std::size_t items = 0;
    std::atomic<std::size_t> unread = 0;
    // Of whoever started it, for its end.
    std::vector<flow::Slot> slots;
    flow::Completion completion;
    Stopwatch watch;
  };
  // Told that a started run has ended, on a thread of the back end: must not block.
  class Starter {
   public:
    virtual ~Starter() = default;
    virtual void ended(Run& run, Status status) = 0;
  };
  struct GiveInput {
    PartsPool* pool = nullptr;
    void operator()(Input* input) const { pool->give_back(std::unique_ptr<Input>(input)); }
  };
  struct EndShare {
    PartsPool* pool = nullptr;
    void operator()(Run* run) const {
      if (run->unread.fetch_sub(1) == 1) pool->give_back(std::unique_ptr<Run>(run));
    }
  };
  using InputLease = std::unique_ptr<Input, GiveInput>;
  using RunShare = std::unique_ptr<Run, EndShare>;  // one item's hold on its run

  // With so many sessions; more are made where more runs wait to be read.
  static Result<std::unique_ptr<PartsPool>> make(std::shared_ptr<const Model> model,
                                                 uint32_t sessions);
  // What a step prepares of each version of its model.
  static decltype(ModelUse::prepare) maker(uint32_t sessions);

  Result<InputLease> prepare(const ItemSource& item);
  // A run for items of one kind, whose inputs stay where they are until it has ended. Each of
  // `shares` holds it for the item at its place.
  Status bind(std::span<const Input* const> inputs, std::span<RunShare> shares);
  Status infer(Run& run);
  // The same without waiting: `starter` is told at the end, unless this is an Error. kUnsupported
  // where the family or the back end can only wait.
  Status start(Run& run, Starter& starter);
  // Of a started run that ended well: whether its outputs are of so many items. infer() has asked.
  Status check_outputs(const Run& run) const;
  // Adds what was found in the item that is at `place` in its run.
  Status interpret(const Run& run, std::size_t place, const ItemSource& item, const ItemPlan& plan,
                   std::vector<Finding>& found) const;

 private:
  explicit PartsPool(std::shared_ptr<const Model> model) : model_(std::move(model)) {}
  Result<InputLease> take_input(std::span<const Shape> shapes);
  Result<std::unique_ptr<Input>> make_input(std::span<const Shape> shapes, uint32_t kind) const;
  Result<std::unique_ptr<Run>> take_run();
  Result<std::unique_ptr<Run>> make_run() const;
  static Status bind(Session& session, std::span<const Input* const> inputs);
  void give_back(std::unique_ptr<Input> input);
  void give_back(std::unique_ptr<Run> run);

  const std::shared_ptr<const Model> model_;
  Mutex mutex_;
  std::vector<std::vector<Shape>> kinds_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Input>> inputs_ WEIR_GUARDED_BY(mutex_);  // free
  std::vector<std::unique_ptr<Run>> runs_ WEIR_GUARDED_BY(mutex_);      // free
};

}  // namespace weir

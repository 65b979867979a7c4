// One worker's use of a model: its sessions, and the way from items to findings in one call.
//
//   std::vector<Finding> found;
//   WEIR_TRY(lane->run({.picture = &picture.view()}, found));
//
//   lane->run(items, results);       // several; those of equal shapes share runs, where the model
//   can
//
// Items are written straight into the inputs of the sessions, and findings read straight out of
// their outputs. In the steady state (shapes as before) nothing of ours allocates but what findings
// themselves hold. One thread at a time. Keeps its Model alive.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "weir/backend/session.h"
#include "weir/base/result.h"
#include "weir/model/model.h"

namespace weir {

struct ItemResult {
  std::vector<Finding> findings;
  Status status;  // an Error: there are no findings
};

class Lane {
 public:
  // What the last run() took, all of its items together.
  struct Times {
    double prepare_ms = 0;
    double infer_ms = 0;
    double interpret_ms = 0;
  };

  static Result<std::unique_ptr<Lane>> make(std::shared_ptr<const Model> model);
  ~Lane();

  const Model& model() const { return *model_; }
  // How many items one run can take: the spec's batch, as far as the model has a batch at all.
  int max_batch() const { return max_batch_; }

  // Replaces what is in `found`.
  Status run(const ItemSource& item, std::vector<Finding>& found);
  // As many results as items. What goes wrong with one item stands in its result; a batch that
  // fails is run again item by item.
  void run(std::span<const ItemSource> items, std::span<ItemResult> results);

  const Times& times() const { return times_; }

 private:
  explicit Lane(std::shared_ptr<const Model> model) : model_(std::move(model)) {}
  void run_group(std::span<const ItemSource> items, std::span<ItemResult> results);
  Status try_group(std::span<const ItemSource> items, std::span<ItemResult> results);
  Status shape_inputs(const ItemSource& item, std::vector<Shape>& shapes) const;
  Status set_shapes(std::size_t batch);
  Status prepare(std::span<const ItemSource> items, std::span<ItemResult> results);
  Status interpret(std::span<const ItemSource> items, std::span<ItemResult> results);

  std::shared_ptr<const Model> model_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<Session*> borrowed_;  // the same, as families take them
  int max_batch_ = 1;
  Times times_;
  // Kept from run to run so that they need not be allocated again.
  std::vector<Shape> shapes_;
  std::vector<Shape> next_shapes_;
  std::vector<TensorView> views_;
  std::vector<ItemPlan> plans_;
};

}  // namespace weir

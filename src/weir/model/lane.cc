#include "weir/model/lane.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "weir/base/stopwatch.h"
#include "weir/model/batch_part.h"

namespace weir {
namespace {

bool has_memory(const Session& session) {
  for (std::size_t i = 0; i < session.input_count(); ++i) {
    if (session.input(i).data == nullptr) return false;
  }
  return true;
}

}  // namespace

Lane::~Lane() = default;

Result<std::unique_ptr<Lane>> Lane::make(std::shared_ptr<const Model> model) {
  std::unique_ptr<Lane> lane(new Lane(std::move(model)));
  const Model& of = *lane->model_;
  for (const auto& part : of.parts()) {
    WEIR_ASSIGN(auto session, part->make_session());
    lane->borrowed_.push_back(session.get());
    lane->sessions_.push_back(std::move(session));
  }
  const int wanted = of.spec().batch.max;
  if (takes_batch(*of.parts().front(), wanted)) lane->max_batch_ = wanted;
  const std::size_t inputs = lane->sessions_.front()->input_count();
  lane->shapes_.resize(inputs);
  lane->next_shapes_.resize(inputs);
  lane->plans_.resize(static_cast<std::size_t>(lane->max_batch_));
  // A model whose sizes are open is warmed by its first items.
  if (lane->sessions_.size() == 1 && has_memory(*lane->sessions_.front())) {
    WEIR_TRY(lane->sessions_.front()->warm_up(of.spec().warm_up));
  }
  return lane;
}

Status Lane::run(const ItemSource& item, std::vector<Finding>& found) {
  ItemResult result;
  result.findings.swap(found);  // so that its memory is used again
  run({&item, 1}, {&result, 1});
  found.swap(result.findings);
  return std::move(result.status);
}

void Lane::run(std::span<const ItemSource> items, std::span<ItemResult> results) {
  assert(items.size() == results.size());
  times_ = {};
  std::size_t begin = 0;
  while (begin < items.size()) {
    results[begin].findings.clear();
    results[begin].status = shape_inputs(items[begin], shapes_);
    std::size_t end = begin + 1;
    if (!results[begin].status.has_value()) {
      begin = end;
      continue;
    }
    while (end < items.size() && end - begin < static_cast<std::size_t>(max_batch_)) {
      if (!shape_inputs(items[end], next_shapes_).has_value() || next_shapes_ != shapes_) break;
      ++end;
    }
    run_group(items.subspan(begin, end - begin), results.subspan(begin, end - begin));
    begin = end;
  }
}

Status Lane::shape_inputs(const ItemSource& item, std::vector<Shape>& shapes) const {
  return model_->family().shape_for(item, shapes);
}

void Lane::run_group(std::span<const ItemSource> items, std::span<ItemResult> results) {
  Status all = try_group(items, results);
  if (all.has_value()) return;
  if (items.size() == 1) {
    results[0].findings.clear();
    results[0].status = std::move(all);
    return;
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    run_group(items.subspan(i, 1), results.subspan(i, 1));
  }
}

Status Lane::try_group(std::span<const ItemSource> items, std::span<ItemResult> results) {
  const auto add = [](double& sum_ms, int64_t took_ns) {
    sum_ms += static_cast<double>(took_ns) / 1e6;
  };
  Stopwatch watch;
  WEIR_TRY(set_shapes(items.size()));
  WEIR_TRY(prepare(items, results));
  add(times_.prepare_ms, watch.lap_ns());
  WEIR_TRY(model_->family().infer(borrowed_));
  add(times_.infer_ms, watch.lap_ns());
  WEIR_TRY(interpret(items, results));
  add(times_.interpret_ms, watch.lap_ns());
  return {};
}

Status Lane::set_shapes(std::size_t batch) {
  Session& session = *sessions_.front();
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    Shape shape = shapes_[i];
    if (batch > 1) shape[0] = static_cast<int64_t>(batch);
    const TensorView& now = session.input(i);
    if (now.data == nullptr || !(now.shape == shape)) WEIR_TRY(session.set_input_shape(i, shape));
  }
  return {};
}

Status Lane::prepare(std::span<const ItemSource> items, std::span<ItemResult> results) {
  Session& session = *sessions_.front();
  views_.resize(session.input_count());
  for (std::size_t n = 0; n < items.size(); ++n) {
    for (std::size_t i = 0; i < views_.size(); ++i) {
      views_[i] = batch_part(session.input(i), n, items.size());
    }
    results[n].findings.clear();
    // What is wrong with one item of a batch is found out when it is run alone.
    WEIR_TRY(model_->family().prepare(items[n], views_, plans_[n]));
    results[n].status = {};
  }
  return {};
}

Status Lane::interpret(std::span<const ItemSource> items, std::span<ItemResult> results) {
  const Session& session = *sessions_.back();
  views_.resize(session.output_count());
  for (std::size_t n = 0; n < items.size(); ++n) {
    for (std::size_t i = 0; i < views_.size(); ++i) {
      const TensorView& output = session.output(i);
      if (!holds_batch(output, items.size())) {
        return Error(ErrorCode::kUnsupported,
                     "the output '" + session.model().outputs()[i].name + "' is " +
                         to_string(output.shape) + " for " + std::to_string(items.size()) +
                         " items",
                     model_->name(), "write batch: 1");
      }
      views_[i] = batch_part(output, n, items.size());
    }
    WEIR_TRY(model_->family().interpret(views_, items[n], plans_[n], results[n].findings));
  }
  return {};
}

}  // namespace weir

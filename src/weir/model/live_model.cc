#include "weir/model/live_model.h"

#include <algorithm>
#include <utility>

#include "weir/model/compatible.h"

namespace weir {

std::size_t ModelVersion::memory_bytes() const {
  std::size_t bytes = 0;
  for (const auto& part : model_->parts()) bytes += part->memory_bytes();
  return bytes;
}

void ModelVersion::count(uint64_t items, double ms) const {
  const auto ns = static_cast<uint64_t>(ms * 1e6);
  for (ModelCounts* counts : {counts_.get(), all_counts_.get()}) {
    counts->calls.fetch_add(items, std::memory_order_relaxed);
    counts->time_ns.fetch_add(ns, std::memory_order_relaxed);
  }
}

LiveModel::LiveModel(const FamilyRegistry& families, std::shared_ptr<Reaper> reaper,
                     std::string name)
    : families_(families), reaper_(std::move(reaper)), name_(std::move(name)) {}

Result<std::shared_ptr<LiveModel>> LiveModel::make(const FamilyRegistry& families,
                                                   std::shared_ptr<Reaper> reaper,
                                                   const std::string& name, const ModelSpec& spec,
                                                   Model::Parts parts) {
  std::shared_ptr<LiveModel> live(new LiveModel(families, std::move(reaper), name));
  std::unique_ptr<ModelVersion> first(new ModelVersion);
  WEIR_ASSIGN(first->model_, Model::make(families, spec, std::move(parts), name));
  first->counts_ = std::make_shared<ModelCounts>();
  first->all_counts_ = live->counts_;
  live->publish(std::move(first));
  return live;
}

std::shared_ptr<const ModelVersion> LiveModel::current() const {
  const MutexLock lock(mutex_);
  return current_;
}

void LiveModel::publish(std::unique_ptr<ModelVersion> version) {
  std::shared_ptr<const ModelVersion> next =
      reaper_->adopt<ModelVersion>(std::unique_ptr<const ModelVersion>(std::move(version)));
  const MutexLock lock(mutex_);
  current_.swap(next);
}

std::unique_ptr<ModelVersion> LiveModel::copy_of_current() const {
  return std::unique_ptr<ModelVersion>(new ModelVersion(*current()));
}

Status LiveModel::switch_to(const ModelSpec& spec, Model::Parts parts) {
  const MutexLock lock(changing_);
  auto next = copy_of_current();
  WEIR_ASSIGN(next->model_, Model::make(families_, spec, std::move(parts), name_));
  next->seats_.assign(uses_.size(), {});
  ++next->number_;
  next->counts_ = std::make_shared<ModelCounts>();
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    if (!uses_[i]) continue;
    WEIR_TRY(compatible(*current()->model(), *next->model_, uses_[i]->who));
    WEIR_ASSIGN(next->seats_[i], prepare(next->model_, *uses_[i]));
  }
  publish(std::move(next));
  return {};
}

// The same files, read by a family of their own.
Result<std::shared_ptr<const Model>> LiveModel::with_score(const Model& model, double score) const {
  ModelSpec spec = model.spec();
  spec.thresholds.score = score;
  Model::Parts parts;
  for (std::size_t i = 0; i < model.parts().size(); ++i) {
    parts.emplace(model.info().parts[i], model.parts()[i]);
  }
  return Model::make(families_, spec, std::move(parts), name_);
}

Result<ModelVersion::Seat> LiveModel::prepare(const std::shared_ptr<const Model>& model,
                                              const ModelUse& use) const {
  ModelVersion::Seat seat;
  seat.model = model;
  if (use.score && use.score != model->spec().thresholds.score) {
    WEIR_ASSIGN(seat.model, with_score(*model, *use.score));
  }
  if (use.prepare) {
    WEIR_ASSIGN(seat.prepared, use.prepare(seat.model));
  }
  return seat;
}

Result<std::size_t> LiveModel::join(ModelUse use) {
  const MutexLock lock(changing_);
  auto next = copy_of_current();
  WEIR_ASSIGN(ModelVersion::Seat seat, prepare(next->model_, use));
  // A place that was left is free: the work of whoever sat there has ended.
  const auto empty = std::find_if(uses_.begin(), uses_.end(), [](const auto& u) { return !u; });
  const auto number = static_cast<std::size_t>(empty - uses_.begin());
  if (empty == uses_.end()) uses_.emplace_back();
  next->seats_.resize(uses_.size());
  next->seats_[number] = std::move(seat);
  uses_[number] = std::move(use);
  publish(std::move(next));
  return number;
}

void LiveModel::leave(std::size_t seat) {
  const MutexLock lock(changing_);
  auto next = copy_of_current();
  next->seats_[seat] = {};
  uses_[seat].reset();
  publish(std::move(next));
}

std::vector<std::string> LiveModel::used_by() const {
  const MutexLock lock(changing_);
  std::vector<std::string> names;
  for (const auto& use : uses_) {
    if (use) names.push_back(use->who);
  }
  return names;
}

Result<ModelSeat> ModelSeat::take(std::shared_ptr<LiveModel> live, ModelUse use) {
  ModelSeat seat;
  WEIR_ASSIGN(seat.number_, live->join(std::move(use)));
  seat.live_ = std::move(live);
  return seat;
}

ModelSeat& ModelSeat::operator=(ModelSeat&& other) noexcept {
  leave();
  live_ = std::move(other.live_);
  number_ = other.number_;
  return *this;
}

void ModelSeat::leave() {
  if (live_ == nullptr) return;
  live_->leave(number_);
  live_.reset();
}

}  // namespace weir

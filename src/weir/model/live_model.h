// A model that may change while it is used: which version of it answers now.
//
//   WEIR_ASSIGN(auto live, LiveModel::make(families, reaper, "models.face", spec, parts));
//   WEIR_ASSIGN(ModelSeat seat, ModelSeat::take(live, {.who = "steps.faces", .prepare = lanes}));
//
//   const auto version = live->current();      // when work begins; held until it has ended
//   seat.of<LanePool>(*version).take()->run(items, results);
//
//   WEIR_TRY(live->switch_to(next_spec, next_parts));      // from any other thread
//
// A version is immutable: its files, and for each seat a Model with that seat's threshold (the
// version's own where the seat has none) and what the seat prepared of it (lanes, warmed up). All
// of that is made before a version is seen, so that a switch is one pointer: who holds the old one
// ends with it, who asks afterwards gets the new one, and nobody sees half of it. The last to let
// go of a version hands it to the Reaper.
//
// Any thread. Switches, and seats that come and go, wait for each other; current() waits for none.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/mutex.h"
#include "weir/base/result.h"
#include "weir/model/family_registry.h"
#include "weir/model/model.h"
#include "weir/model/reaper.h"

namespace weir {

// One way in which a model is used, for as long as a pipeline lives.
struct ModelUse {
  std::string who = {};              // for messages: "street: steps.faces"
  std::optional<double> score = {};  // instead of the model's own threshold
  // What it needs of each version, made on the thread that switches. Null: nothing but the Model.
  std::function<Result<std::shared_ptr<void>>(const std::shared_ptr<const Model>&)> prepare = {};
};

// What ran, of one version or of all.
struct ModelCounts {
  std::atomic<uint64_t> calls = 0;    // items
  std::atomic<uint64_t> time_ns = 0;  // of the runs, added up
};

class ModelVersion {
 public:
  struct Seat {
    std::shared_ptr<const Model> model;  // null: nobody sits there any more
    std::shared_ptr<void> prepared;
  };

  uint64_t number() const { return number_; }  // from 1
  // As it was opened, with the threshold of its own spec.
  const std::shared_ptr<const Model>& model() const { return model_; }
  const Seat& seat(std::size_t number) const { return seats_[number]; }
  std::size_t memory_bytes() const;

  // After a run of so many items.
  void count(uint64_t items, double ms) const;
  uint64_t calls() const { return counts_->calls.load(); }

 private:
  friend class LiveModel;
  ModelVersion() = default;

  uint64_t number_ = 1;
  std::shared_ptr<const Model> model_;
  std::vector<Seat> seats_;
  std::shared_ptr<ModelCounts> counts_;
  std::shared_ptr<ModelCounts> all_counts_;
};

class LiveModel {
 public:
  // `families` outlives it; `name` is for messages.
  static Result<std::shared_ptr<LiveModel>> make(const FamilyRegistry& families,
                                                 std::shared_ptr<Reaper> reaper,
                                                 const std::string& name, const ModelSpec& spec,
                                                 Model::Parts parts);

  const std::string& name() const { return name_; }
  // What answers now. Whoever holds it may go on with it to the end of the work that it began.
  std::shared_ptr<const ModelVersion> current() const;

  // The next version, with everything that the seats need of it; then it answers. An Error, and the
  // present one stays, if it cannot be made or does not fit to who uses it (see compatible.h).
  Status switch_to(const ModelSpec& spec, Model::Parts parts);

  const ModelCounts& counts() const { return *counts_; }
  std::vector<std::string> used_by() const;

 private:
  friend class ModelSeat;
  LiveModel(const FamilyRegistry& families, std::shared_ptr<Reaper> reaper, std::string name);
  Result<std::size_t> join(ModelUse use);
  void leave(std::size_t seat);
  Result<ModelVersion::Seat> prepare(const std::shared_ptr<const Model>& model,
                                     const ModelUse& use) const;
  Result<std::shared_ptr<const Model>> with_score(const Model& model, double score) const;
  void publish(std::unique_ptr<ModelVersion> version);
  std::unique_ptr<ModelVersion> copy_of_current() const;

  const FamilyRegistry& families_;
  const std::shared_ptr<Reaper> reaper_;
  const std::string name_;
  const std::shared_ptr<ModelCounts> counts_ = std::make_shared<ModelCounts>();
  // Held while a version is made: switches and seats wait for each other.
  mutable Mutex changing_;
  std::vector<std::optional<ModelUse>> uses_ WEIR_GUARDED_BY(changing_);  // by seat
  mutable Mutex mutex_;
  std::shared_ptr<const ModelVersion> current_ WEIR_GUARDED_BY(mutex_);
};

// A place at a live model, kept for one use in every version. Leaves when it goes; move-only.
class ModelSeat {
 public:
  ModelSeat() = default;
  static Result<ModelSeat> take(std::shared_ptr<LiveModel> live, ModelUse use);
  ModelSeat(ModelSeat&& other) noexcept = default;
  ModelSeat& operator=(ModelSeat&& other) noexcept;
  ~ModelSeat() { leave(); }

  const std::shared_ptr<LiveModel>& live() const { return live_; }
  // The use's own Model of a version that was current since the seat was taken.
  const std::shared_ptr<const Model>& model(const ModelVersion& version) const {
    return version.seat(number_).model;
  }
  // What the use prepared of it.
  template <class T>
  T& of(const ModelVersion& version) const {
    return *static_cast<T*>(version.seat(number_).prepared.get());
  }

 private:
  void leave();
  std::shared_ptr<LiveModel> live_;
  std::size_t number_ = 0;
};

}  // namespace weir

// A step as it runs: its names turned into numbers, its model loaded, its filter ready.
//
// Made by whoever assembles a pipeline; immutable after that, and shared by the step's stages.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "weir/data/label_set.h"
#include "weir/model/live_model.h"
#include "weir/step/keep.h"
#include "weir/step/spec.h"

namespace weir {

struct StepPlan {
  static constexpr int64_t kForgetNever = INT64_MAX;

  std::string name;
  int32_t step = 0;                // its bit in a StepSet, its row in a StepTable
  std::vector<int32_t> on;         // none: the whole frame
  std::vector<std::string> after;  // the stages that it waits for
  ModelSeat seat;           // where a model's step finds its lanes, in whichever version answers
  std::size_t version = 0;  // which of TaskWork::versions is its model's
  uint32_t lanes = 1;       // runs of the model at the same time
  BatchSpec batch;
  bool in_parts = false;   // prepare, infer and interpret are stages of their own
  bool on_device = false;  // runs are started without waiting where that is possible, and one more
                           // than run at the same time, so that the device is never without work
  // Where its stages run; empty: the flow's first.
  std::string prepare_executor = {};
  std::string infer_executor = {};
  std::string interpret_executor = {};
  TrackSpec track;
  bool truth = false;  // it gives what the source knows
  KeepFilter keep;
  EverySpec every;
  PerSpec per = PerSpec::kFrame;
  int32_t priority = 0;
  int64_t forget_after =
      kForgetNever;  // tasks after which a track that is not seen never comes back
  std::shared_ptr<const LabelSet> labels;  // of what it gives; null: none
  // Of a tracker: the label that those of each `on` become, where they do not say the same.
  std::vector<std::vector<int32_t>> label_map;

  // Runs of the model that are under way, on a device or on their way to it.
  uint32_t runs() const { return on_device ? lanes + 1 : lanes; }
  bool is_tracker() const { return track.by != TrackSpec::By::kNone; }
  bool on_findings() const { return !on.empty(); }
  // Whether some of what it gives may come from an earlier task.
  bool remembers() const { return !every.is_always() || per == PerSpec::kTrack; }
  // Whether a task is split into what it looks at, and joined again.
  bool on_items() const { return on_findings() || remembers(); }
};

}  // namespace weir

// The one result format: what a step found in a task. docs/finding.md says how it is written.
//
// A Finding is a plain value; what it does not have is empty. Coordinates are pixels of the upright
// source frame, with (0, 0) at the outer corner of the top left pixel. A finding that has only a
// box and a class allocates nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/data/label_set.h"
#include "weir/data/mask.h"

namespace weir {

struct Box {
  float x1 = 0;
  float y1 = 0;
  float x2 = 0;
  float y2 = 0;

  float width() const { return x2 - x1; }
  float height() const { return y2 - y1; }
  float area() const { return width() * height(); }
  bool operator==(const Box&) const = default;
};

struct ClassScore {
  int32_t label_id = -1;  // in the label set of the step; -1: a score of no class
  float score = 0;
  bool operator==(const ClassScore&) const = default;
};

struct Keypoint {
  float x = 0;
  float y = 0;
  float score = 1;
  bool operator==(const Keypoint&) const = default;
};

struct TimeSpan {
  double start_ms = 0;
  double end_ms = 0;
  bool operator==(const TimeSpan&) const = default;
};

struct Finding {
  static constexpr int32_t kNone = -1;

  int32_t id = kNone;      // unique in its task; Task::add gives one
  int32_t parent = kNone;  // the id of the finding that it belongs to: the face of a person
  int32_t step = kNone;    // the step that said it, an index into the task's StepTable
  std::optional<Box> box{};
  std::optional<ClassScore> best{};  // the top class
  std::vector<ClassScore> others{};  // the further classes, falling
  std::vector<Keypoint> keypoints{};
  std::vector<float> depths{};  // of the keypoints, one each: how far behind; or none
  std::optional<Mask> mask{};
  int64_t track = kNone;
  std::string text{};
  std::optional<TimeSpan> span{};  // of a recording
  std::vector<float> embedding{};
  int64_t reused_from = kNone;  // the seq of the task in which it was really found

  bool operator==(const Finding&) const = default;
};

// What the numbers in findings mean: the names of a pipeline's steps and their labels.
struct StepEntry {
  std::string name;
  std::shared_ptr<const LabelSet> labels;  // null: none
};

class StepTable {
 public:
  StepTable() = default;
  explicit StepTable(std::vector<StepEntry> steps) : steps_(std::move(steps)) {}
  std::size_t size() const { return steps_.size(); }
  // Empty if there is no such step, or no such label.
  std::string_view name(int32_t step) const;
  std::string_view label(int32_t step, int32_t label_id) const;
  // Null if there is no such step, or it has none.
  const LabelSet* labels(int32_t step) const;
  // Finding::kNone if there is no such step.
  int32_t find(std::string_view name) const;

 private:
  const StepEntry* entry(int32_t step) const;
  std::vector<StepEntry> steps_;
};

}  // namespace weir

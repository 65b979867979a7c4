#include "weir/ops/detections.h"

#include <algorithm>
#include <limits>

#include "weir/ops/box.h"
#include "weir/ops/detection_workspace.h"

namespace weir {

DetectionWorkspace::DetectionWorkspace() : memory_(std::make_unique<DetectionMemory>()) {}
DetectionWorkspace::~DetectionWorkspace() = default;

DetectionWorkspace& DetectionWorkspace::of_this_thread() {
  thread_local DetectionWorkspace workspace;
  return workspace;
}

Candidates& DetectionWorkspace::start() {
  memory_->candidates.clear();
  return memory_->candidates;
}

namespace {

// Into the source, without what is not any there; the order stays.
void bring_to_source(Candidates& all, float score, const ResizePlan& plan) {
  const Affine map = plan.to_source();  // the same for all, so nothing is divided box by box
  const auto across = [&](float x) { return static_cast<float>(map.a * x + map.tx); };
  const auto down = [&](float y) { return static_cast<float>(map.d * y + map.ty); };
  const auto width = static_cast<float>(plan.source_width);
  const auto height = static_cast<float>(plan.source_height);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.boxes.size(); ++i) {
    if (!std::isfinite(all.scores[i]) || !(all.scores[i] >= score)) continue;
    const Box& input = all.boxes[i];
    const Box box{across(input.x1), down(input.y1), across(input.x2), down(input.y2)};
    if (!is_finite(box)) continue;
    const Box inside{std::clamp(box.x1, 0.0F, width), std::clamp(box.y1, 0.0F, height),
                     std::clamp(box.x2, 0.0F, width), std::clamp(box.y2, 0.0F, height)};
    if (!is_proper(inside)) continue;
    all.boxes[kept] = inside;
    all.scores[kept] = all.scores[i];
    all.labels[kept++] = all.labels[i];
  }
  all.boxes.resize(kept);
  all.scores.resize(kept);
  all.labels.resize(kept);
}

void add_finding(const Candidates& all, std::size_t i, std::vector<Finding>& found) {
  Finding& finding = found.emplace_back();
  finding.box = all.boxes[i];
  finding.best = ClassScore{all.labels[i], all.scores[i]};
}

}  // namespace

ClassScore best_class(const float* values, int64_t count, int64_t step) {
  ClassScore best{-1, -std::numeric_limits<float>::infinity()};
  for (int64_t c = 0; c < count; ++c) {
    const float value = values[c * step];
    if (value > best.score) best = {static_cast<int32_t>(c), value};
  }
  return best;
}

void detections(DetectionWorkspace& workspace, const DetectionSpec& spec, const ResizePlan& plan,
                std::vector<Finding>& found) {
  DetectionMemory& memory = workspace.memory();
  Candidates& all = memory.candidates;
  bring_to_source(all, spec.score, plan);
  if (spec.iou < 1) {
    const NmsSpec rules{.iou = spec.iou,
                        .per_class = spec.per_class,
                        .max_count = spec.max_count,
                        .candidates = spec.candidates};
    const auto kept = nms(all.boxes, all.scores, all.labels, rules, memory.nms);
    found.reserve(found.size() + kept.size());
    for (const std::size_t i : kept) add_finding(all, i, found);
    return;
  }
  memory.order.collect(all.scores, [](std::size_t) { return true; });
  auto keys = memory.order.sort(spec.candidates);
  if (spec.max_count > 0) keys = keys.first(std::min(keys.size(), spec.max_count));
  found.reserve(found.size() + keys.size());
  for (const uint64_t key : keys) add_finding(all, FallingOrder::index_of(key), found);
}

std::vector<Finding> detections(const Candidates& candidates, const DetectionSpec& spec,
                                const ResizePlan& plan) {
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  workspace.start() = candidates;
  std::vector<Finding> found;
  detections(workspace, spec, plan, found);
  return found;
}

}  // namespace weir

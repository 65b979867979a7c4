#include "weir/ops/nms.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "weir/ops/box.h"

namespace weir {
std::vector<std::size_t> nms(std::span<const Box> boxes, std::span<const float> scores,
                             std::span<const int32_t> classes, const NmsSpec& spec) {
  assert(boxes.size() == scores.size());
  assert(classes.empty() || classes.size() == boxes.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (std::isfinite(scores[i]) && is_finite(boxes[i])) order.push_back(i);
  }
  // Stable, so that equal scores stay in the order of their indices.
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  const bool by_class = spec.per_class && !classes.empty();
  std::vector<std::size_t> kept;
  for (const std::size_t candidate : order) {
    const auto suppresses = [&](std::size_t better) {
      return (!by_class || classes[better] == classes[candidate]) &&
             iou(boxes[better], boxes[candidate]) > spec.iou;
    };
    if (std::any_of(kept.begin(), kept.end(), suppresses)) continue;
    kept.push_back(candidate);
    if (kept.size() == spec.max_count) break;
  }
  return kept;
}

}  // namespace weir

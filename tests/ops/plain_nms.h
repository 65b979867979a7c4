// Suppression as one writes it down: what the fast one of ops must keep, index by index.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/ops/box.h"
#include "weir/ops/nms.h"

namespace weir::test {

inline std::vector<std::size_t> plain_nms(const std::vector<Box>& boxes,
                                          const std::vector<float>& scores,
                                          const std::vector<int32_t>& classes,
                                          const NmsSpec& spec) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (std::isfinite(scores[i]) && is_finite(boxes[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  if (spec.candidates > 0 && spec.candidates < order.size()) order.resize(spec.candidates);
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

}  // namespace weir::test

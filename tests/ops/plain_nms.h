// Suppression as one writes it down: what the fast one of ops must keep, index by index.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/ops/plain_detections.h"
#include "weir/ops/box.h"
#include "weir/ops/nms.h"
#include "weir/ops/weighted_nms.h"

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

// Those that `best` takes with it, itself the first of them, with the share that each has.
inline WeightedBox plain_group(const std::vector<Box>& boxes, const std::vector<float>& scores,
                               std::size_t best, float iou, std::vector<bool>& taken) {
  WeightedBox group{{}, scores[best], {{best, scores[best]}}};
  taken[best] = true;
  double total = scores[best];
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (taken[i] || !(overlap(boxes[best], boxes[i]) > double(iou))) continue;
    taken[i] = true;
    group.members.emplace_back(i, scores[i]);
    total += double(scores[i]);
  }
  double sides[4] = {};
  for (auto& [member, weight] : group.members) {
    const double share = double(weight) / total;
    const Box& box = boxes[member];
    const double corners[] = {box.x1, box.y1, box.x2, box.y2};
    for (int k = 0; k < 4; ++k) sides[k] += share * corners[k];
    weight = float(share);
  }
  group.box = {float(sides[0]), float(sides[1]), float(sides[2]), float(sides[3])};
  return group;
}

// By its definition: the best that is left takes all that overlap it, as their weighted mean.
inline std::vector<WeightedBox> plain_weighted_nms(const std::vector<Box>& boxes,
                                                   const std::vector<float>& scores,
                                                   const WeightedNmsSpec& spec) {
  std::vector<bool> taken(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Box& b = boxes[i];
    const bool finite = std::isfinite(b.x1) && std::isfinite(b.y1) && std::isfinite(b.x2) &&
                        std::isfinite(b.y2) && std::isfinite(scores[i]);
    taken[i] = !finite || scores[i] <= 0;
  }
  std::vector<WeightedBox> found;
  while (spec.max_count == 0 || found.size() < spec.max_count) {
    std::size_t best = boxes.size();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (!taken[i] && (best == boxes.size() || scores[i] > scores[best])) best = i;
    }
    if (best == boxes.size()) break;
    found.push_back(plain_group(boxes, scores, best, spec.iou, taken));
  }
  return found;
}

}  // namespace weir::test

#include "weir/ops/weighted_nms.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "weir/ops/box.h"

namespace weir {
namespace {

// Gives the members their weights and the group its box.
void blend(std::span<const Box> boxes, std::span<const float> scores,
           std::span<std::pair<std::size_t, float>> members, Box& blended) {
  double total = 0;
  for (const auto& member : members) total += double{scores[member.first]};
  double sides[4] = {};
  for (auto& [index, weight] : members) {
    const double share = double{scores[index]} / total;
    weight = static_cast<float>(share);
    const Box& box = boxes[index];
    sides[0] += share * double{box.x1};
    sides[1] += share * double{box.y1};
    sides[2] += share * double{box.x2};
    sides[3] += share * double{box.y2};
  }
  blended = {static_cast<float>(sides[0]), static_cast<float>(sides[1]),
             static_cast<float>(sides[2]), static_cast<float>(sides[3])};
}

}  // namespace

void weighted_nms(std::span<const Box> boxes, std::span<const float> scores,
                  const WeightedNmsSpec& spec, WeightedGroups& made) {
  assert(boxes.size() == scores.size());
  made.groups.clear();
  made.members.clear();
  std::vector<std::size_t>& left = made.left;
  left.clear();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (std::isfinite(scores[i]) && scores[i] > 0 && is_finite(boxes[i])) left.push_back(i);
  }
  std::sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  while (!left.empty() && (spec.max_count == 0 || made.groups.size() < spec.max_count)) {
    const std::size_t best = left.front();
    WeightedGroups::Group group{{}, scores[best], made.members.size(), 0};
    std::size_t kept = 0;
    for (const std::size_t candidate : left) {
      // A box without an area overlaps nothing, not even itself.
      if (candidate == best || iou(boxes[best], boxes[candidate]) > spec.iou) {
        made.members.emplace_back(candidate, 0.0F);
      } else {
        left[kept++] = candidate;
      }
    }
    left.resize(kept);
    group.count = made.members.size() - group.first;
    blend(boxes, scores, std::span(made.members).subspan(group.first), group.box);
    made.groups.push_back(group);
  }
}

std::vector<WeightedBox> weighted_nms(std::span<const Box> boxes, std::span<const float> scores,
                                      const WeightedNmsSpec& spec) {
  WeightedGroups made;
  weighted_nms(boxes, scores, spec, made);
  std::vector<WeightedBox> found;
  for (const WeightedGroups::Group& group : made.groups) {
    const auto members = made.of(group);
    found.push_back({group.box, group.score, {members.begin(), members.end()}});
  }
  return found;
}

}  // namespace weir

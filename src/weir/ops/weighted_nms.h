// Non-maximum suppression that blends: of boxes that overlap, the best one's score stays, and all
// of them together, by their scores, say where it is. It is what MediaPipe's detectors were made
// for: their neighbouring anchors all say something about the same face, and the mean of them
// stands stiller from frame to frame than the best one alone.
//
//   for (const WeightedBox& face : weighted_nms(boxes, scores, {.iou = 0.3F})) …
//
// Deterministic: falling scores, ties by index. Boxes and scores that are not finite are left out,
// and so are scores of 0 and less, which weigh nothing. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "weir/data/finding.h"

namespace weir {

struct WeightedNmsSpec {
  float iou = 0.3F;           // boxes that overlap the best by more than this are blended into it
  std::size_t max_count = 0;  // make no more than this; 0: all
};

// The same groups where they need no memory of their own each: those who call often keep one.
struct WeightedGroups {
  struct Group {
    Box box;
    float score = 0;
    std::size_t first = 0;  // of its members
    std::size_t count = 0;
  };
  std::vector<Group> groups;                           // best first
  std::vector<std::pair<std::size_t, float>> members;  // group by group; see WeightedBox
  std::vector<std::size_t> left;                       // while they are made

  std::span<const std::pair<std::size_t, float>> of(const Group& group) const {
    return std::span(members).subspan(group.first, group.count);
  }
};

struct WeightedBox {
  Box box;          // the mean of the group
  float score = 0;  // of its best
  // Who the group is, its best first, and how much each counts; the weights add up to 1.
  std::vector<std::pair<std::size_t, float>> members;
};

// Best first. The two lists are equally long.
std::vector<WeightedBox> weighted_nms(std::span<const Box> boxes, std::span<const float> scores,
                                      const WeightedNmsSpec& spec = {});
// Replaces what is in `made`.
void weighted_nms(std::span<const Box> boxes, std::span<const float> scores,
                  const WeightedNmsSpec& spec, WeightedGroups& made);

}  // namespace weir

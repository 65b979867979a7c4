#include "weir/ops/blazeface_decode.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "weir/ops/box.h"
#include "weir/ops/points.h"
#include "weir/ops/tensor_check.h"
#include "weir/ops/weighted_nms.h"

namespace weir {
namespace {

constexpr int64_t kBoxColumns = 4;

// An anchor that was found, in pixels of the input.
struct Hit {
  Box box;
  float score;
  const float* points;  // as the model has them: seen from the anchor
  float x;              // of the anchor
  float y;
  std::size_t order;  // in which it was found
};

struct Rows {
  const float* scores;
  const float* values;
  int64_t count;
  int64_t columns;
};

Result<Rows> rows_of(const BlazefacePart& part) {
  const int64_t any = Shape::kDynamic;
  WEIR_ASSIGN(const TensorView scores,
              ops::expect_floats("the scores of a BlazeFace", part.scores, {any, 1}));
  const int64_t count = scores.shape[0];
  WEIR_ASSIGN(const TensorView rows,
              ops::expect_floats("the rows of a BlazeFace", part.rows, {count, any}));
  const int64_t columns = rows.shape[1];
  if (columns < kBoxColumns || columns % 2 != 0) {
    return ops::unexpected("the rows of a BlazeFace", part.rows, "4 columns and 2 a point");
  }
  return Rows{scores.as<float>(), rows.as<float>(), count, columns};
}

// The logit from which the score is at least `score`, a little lower for what rounding does.
float raw_threshold(float score) {
  if (score <= 0) return -std::numeric_limits<float>::infinity();
  if (score >= 1) return 16;  // the sigmoid of what is above is 1 in a float
  return std::log(score / (1 - score)) - 1e-4F;
}

void collect(const Rows& rows, std::span<const SsdAnchor> anchors, float least,
             const ResizePlan& plan, std::vector<Hit>& hits) {
  const float raw = raw_threshold(least);
  for (int64_t i = 0; i < rows.count; ++i) {
    if (!(rows.scores[i] >= raw)) continue;
    const float score = 1 / (1 + std::exp(-rows.scores[i]));
    if (!(score >= least)) continue;
    const SsdAnchor& anchor = anchors[static_cast<std::size_t>(i)];
    const float ax = anchor.x * static_cast<float>(plan.width);
    const float ay = anchor.y * static_cast<float>(plan.height);
    const float* row = rows.values + i * rows.columns;
    const float x = ax + row[0];
    const float y = ay + row[1];
    hits.push_back({{x - row[2] / 2, y - row[3] / 2, x + row[2] / 2, y + row[3] / 2},
                    score,
                    row + kBoxColumns,
                    ax,
                    ay,
                    hits.size()});
  }
}

// The best so many of them.
void keep_best(std::vector<Hit>& hits, std::size_t count) {
  if (count == 0 || hits.size() <= count) return;
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : a.order < b.order;
  });
  hits.erase(hits.begin() + static_cast<std::ptrdiff_t>(count), hits.end());
}

// What a thread keeps from call to call.
struct Scratch {
  std::vector<Hit> hits;
  std::vector<Box> boxes;
  std::vector<float> scores;
  WeightedGroups groups;
};

Scratch& scratch_of_thread() {
  thread_local Scratch scratch;
  return scratch;
}

using Members = std::span<const std::pair<std::size_t, float>>;

// The points of a group, each the weighted mean of its members'.
void add_points(std::span<const Hit> hits, Members members, int64_t count, const Affine& to_source,
                std::vector<Keypoint>& points) {
  points.reserve(static_cast<std::size_t>(count));
  for (int64_t k = 0; k < count; ++k) {
    double x = 0;
    double y = 0;
    for (const auto& [member, weight] : members) {
      const Hit& hit = hits[member];
      x += double{weight} * double{hit.x + hit.points[2 * k]};
      y += double{weight} * double{hit.y + hit.points[2 * k + 1]};
    }
    const Point point = to_source.apply(Point{x, y});
    points.push_back({static_cast<float>(point.x), static_cast<float>(point.y), 1});
  }
  if (!all_finite(points)) points.clear();
}

void suppress(const BlazefaceDecodeSpec& spec, Scratch& scratch) {
  scratch.boxes.clear();
  scratch.scores.clear();
  for (const Hit& hit : scratch.hits) {
    scratch.boxes.push_back(hit.box);
    scratch.scores.push_back(hit.score);
  }
  weighted_nms(scratch.boxes, scratch.scores,
               {.iou = spec.detect.iou, .max_count = spec.detect.max_count}, scratch.groups);
  if (spec.blend) return;
  for (WeightedGroups::Group& group : scratch.groups.groups) {
    auto& best = scratch.groups.members[group.first];
    best.second = 1;
    group.box = scratch.boxes[best.first];
    group.count = 1;
  }
}

}  // namespace

Result<std::vector<SsdAnchor>> blazeface_anchors(int width, int height,
                                                 const std::vector<int>& strides) {
  // The full-range detector has one layer and one anchor at each of its places; all others have two
  // a layer.
  return ssd_anchors({.input_width = width,
                      .input_height = height,
                      .strides = strides,
                      .aspect_ratios = {1.0F},
                      .interpolated = strides.size() > 1,
                      .reduced_first_layer = false,
                      .fixed_size = true});
}

Result<std::vector<SsdAnchor>> blazeface_anchors(int width, int height, int64_t count) {
  // Short range and palms; the back camera; bodies; full range.
  const std::vector<int> known[] = {{8, 16, 16, 16}, {16, 32, 32, 32}, {8, 16, 32, 32, 32}, {4}};
  std::string counts;
  for (const std::vector<int>& strides : known) {
    WEIR_ASSIGN(auto anchors, blazeface_anchors(width, height, strides));
    if (static_cast<int64_t>(anchors.size()) == count) return anchors;
    counts += (counts.empty() ? "" : ", ") + std::to_string(anchors.size());
  }
  return Error(ErrorCode::kInvalidArgument,
               "no layout of anchors is known for " + std::to_string(count) + " rows at " +
                   std::to_string(width) + "x" + std::to_string(height),
               "", counts + " rows would fit; or write family_options: {strides: \"8,16,16,16\"}");
}

Status blazeface_decode(std::span<const BlazefacePart> parts, std::span<const SsdAnchor> anchors,
                        const BlazefaceDecodeSpec& spec, const ResizePlan& plan,
                        std::vector<Finding>& found) {
  Scratch& scratch = scratch_of_thread();
  std::vector<Hit>& hits = scratch.hits;
  hits.clear();
  std::size_t first = 0;
  int64_t columns = 0;
  for (const BlazefacePart& part : parts) {
    WEIR_ASSIGN(const Rows rows, rows_of(part));
    const auto count = static_cast<std::size_t>(rows.count);
    if (count > anchors.size() - first || (first > 0 && rows.columns != columns)) {
      return ops::unexpected("the rows of a BlazeFace", part.rows,
                             "a tensor of " + std::to_string(anchors.size() - first) +
                                 " rows at most, with columns like the others',");
    }
    columns = rows.columns;
    collect(rows, anchors.subspan(first, count), spec.detect.score, plan, hits);
    first += count;
  }
  if (first != anchors.size()) {
    return Error(ErrorCode::kInvalidArgument,
                 "the rows of a BlazeFace are " + std::to_string(first), "",
                 std::to_string(anchors.size()) + " are expected, one an anchor");
  }
  keep_best(hits, spec.detect.candidates);
  const Affine to_source = plan.to_source();
  suppress(spec, scratch);
  for (const WeightedGroups::Group& group : scratch.groups.groups) {
    const Box inside = plan.clip(plan.to_source(group.box));
    if (!is_proper(inside)) continue;
    Finding& finding = found.emplace_back();
    finding.box = inside;
    finding.best = ClassScore{0, group.score};
    add_points(hits, scratch.groups.of(group), (columns - kBoxColumns) / 2, to_source,
               finding.keypoints);
  }
  return {};
}

Result<std::vector<Finding>> blazeface_decode(std::span<const BlazefacePart> parts,
                                              std::span<const SsdAnchor> anchors,
                                              const BlazefaceDecodeSpec& spec,
                                              const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(blazeface_decode(parts, anchors, spec, plan, found));
  return found;
}

}  // namespace weir

#include "weir/model/family/landmark_kinds.h"

#include <algorithm>
#include <array>

#include "weir/ops/points.h"

namespace weir::family {
namespace {

using Subject = LandmarkKind::Subject;

// From eye to eye is level; the corners of the eyes, of a mesh.
constexpr RegionRule kFaceRules[] = {
    {5, {.start = 0, .end = 1, .target_deg = 0, .scale = 1.5}},
    {6, {.start = 0, .end = 1, .target_deg = 0, .scale = 1.5}},
    {468, {.start = 33, .end = 263, .target_deg = 0, .scale = 1.5}}};
// From the wrist to the middle finger is upright. A palm's box leaves the fingers out; that of all
// 21 points does not.
constexpr RegionRule kHandRules[] = {
    {7, {.start = 0, .end = 2, .target_deg = 90, .scale = 2.6, .shift_y = -0.5}},
    {21, {.start = 0, .end = 9, .target_deg = 90, .scale = 2.0, .shift_y = -0.1}}};
// From the middle of the hips to a point on the circle around the body is upright.
constexpr RegionRule kBodyRules[] = {
    {4, {.start = 0, .end = 1, .target_deg = 90, .aligned = true, .scale = 1.25}}};

constexpr LandmarkKind kFace = {Subject::kFace, "face", 468, 3, 468, 1, true, 1, 1.5, kFaceRules};
constexpr LandmarkKind kEye = {Subject::kEye, "eye", 71, 3, 71, 1, false, 1, 1.0, {}};
// A hand's z was trained on numbers of 0.4 of its length.
constexpr LandmarkKind kHand = {Subject::kHand, "hand", 21, 3, 21, 2, false, 2.5, 1.2, kHandRules};
constexpr LandmarkKind kBody = {Subject::kBody, "body", 39, 5, 33, 1, false, 1, 1.25, kBodyRules};
constexpr std::array kKinds = {&kFace, &kEye, &kHand, &kBody};

constexpr int64_t kIrisNumbers = 15;
// Of the distance between the middles of the eyes, half of an eye's width.
constexpr double kHalfEye = 0.24;

// The numbers of one item; 0 where the file does not say.
int64_t numbers(const TensorInfo& output) {
  int64_t product = 1;
  for (std::size_t i = 1; i < output.shape.rank(); ++i) {
    product *= std::max<int64_t>(output.shape[i], 0);
  }
  return output.any_rank ? 0 : product;
}

// The n-th output with so many numbers.
Place find_output(const LoadedModel& model, int64_t wanted, int nth = 0) {
  for (std::size_t i = 0; i < model.outputs().size(); ++i) {
    if (numbers(model.outputs()[i]) == wanted && nth-- == 0) return i;
  }
  return std::nullopt;
}

// HxWxN maps of a body: the mask has one channel.
Place find_maps(const LoadedModel& model, int64_t channels) {
  for (std::size_t i = 0; i < model.outputs().size(); ++i) {
    const Shape& shape = model.outputs()[i].shape;
    if (shape.rank() == 4 && shape[3] == channels && shape[1] > 1 && shape[2] > 1) return i;
  }
  return std::nullopt;
}

bool has_all(const LandmarkOutputs& found) {
  switch (found.kind->subject) {
    case Subject::kFace:
    case Subject::kBody:
      return found.presence.has_value();
    case Subject::kEye:
      return found.iris.has_value();
    case Subject::kHand:
      return found.presence && found.side;
  }
  return false;
}

}  // namespace

std::optional<LandmarkOutputs> find_landmarks(const LoadedModel& model) {
  for (const LandmarkKind* kind : kKinds) {
    const Place points = find_output(model, kind->points * kind->numbers);
    if (!points) continue;
    LandmarkOutputs found;
    found.kind = kind;
    found.points = *points;
    found.presence = find_output(model, 1);
    if (kind == &kEye) found.iris = find_output(model, kIrisNumbers);
    if (kind == &kHand) found.side = find_output(model, 1, 1);
    if (kind == &kBody) {
      found.heatmaps = find_maps(model, kind->points);
      found.mask = find_maps(model, 1);
    }
    if (has_all(found)) return found;
  }
  return std::nullopt;
}

std::string known_landmarks() {
  return "float32 outputs of 1404 numbers and 1 (a face), 213 and 15 (an eye), 63, 1 and 1 (a "
         "hand) "
         "or 195 and 1 (a body)";
}

RegionSpec region_for(const LandmarkKind& kind, const Finding& finding) {
  for (const RegionRule& rule : kind.rules) {
    if (rule.keypoints == finding.keypoints.size()) return rule.region;
  }
  return {.scale = kind.box_scale};
}

std::optional<Eye> eye_of(const Finding& face, bool left) {
  const auto at = [&](std::size_t i) { return Point{face.keypoints[i].x, face.keypoints[i].y}; };
  if (!all_finite(face.keypoints)) return std::nullopt;
  if (face.keypoints.size() == 468) {
    return left ? Eye{at(362), at(263)} : Eye{at(33), at(133)};
  }
  if (face.keypoints.size() != 5 && face.keypoints.size() != 6) return std::nullopt;
  // The first is the one on the picture's left, so the person's right.
  const Point middle = at(left ? 1 : 0);
  const Point half{(at(1).x - at(0).x) * kHalfEye, (at(1).y - at(0).y) * kHalfEye};
  return Eye{{middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y}};
}

RegionSpec eye_region(bool left) {
  return {.target_deg = 0, .scale = 2.3, .mirror = left};
}

}  // namespace weir::family

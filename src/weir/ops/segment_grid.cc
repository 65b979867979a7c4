#include "weir/ops/segment_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "weir/data/mask.h"

namespace weir {
namespace {

Error wrong(const TensorView& tensor, const std::string& expects) {
  return Error(ErrorCode::kInvalidArgument,
               "the output of a segmentation is " + std::string(name(tensor.dtype)) + " " +
                   to_string(tensor.shape),
               "", expects);
}

// Without a leading 1.
Shape item_shape(const Shape& shape, std::size_t wanted) {
  if (shape.rank() != wanted + 1 || (shape[0] != 1 && shape[0] != Shape::kDynamic)) return shape;
  Shape item;
  for (std::size_t i = 1; i < shape.rank(); ++i) item.push_back(shape[i]);
  return item;
}

bool is_readable(const TensorView& tensor) {
  return tensor.is_dense() && tensor.device.is_cpu() && tensor.data != nullptr;
}

bool is_side(int64_t size) {
  return size >= 1 && size <= Mask::kMaxSide;
}

template <class T>
int32_t as_label(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    return value >= 0 && value < 1e9F ? static_cast<int32_t>(value + T{0.5}) : BestGrid::kNone;
  } else {
    const auto wide = static_cast<int64_t>(value);
    return wide >= 0 && wide <= std::numeric_limits<int32_t>::max() ? static_cast<int32_t>(wide)
                                                                    : BestGrid::kNone;
  }
}

template <class T>
void read_labels(const T* data, BestGrid& grid) {
  for (int y = 0; y < grid.height; ++y) {
    for (int x = 0; x < grid.width; ++x) grid.label[grid.place(x, y)] = as_label(*data++);
  }
}

// The class that is largest, the lowest of equals. NaN never is, nor is what is below all numbers.
int32_t best_of(const ScoreGrid& scores, const float* at, bool& certain) {
  int32_t best = BestGrid::kNone;
  float value = -std::numeric_limits<float>::infinity();
  certain = true;
  for (int c = 0; c < scores.classes; ++c) {
    const float score = at[c * scores.class_step];
    certain = certain && std::isfinite(score);
    if (score > value) {
      best = c;
      value = score;
    }
  }
  return best;
}

float probability_of(const ScoreGrid& scores, const float* at, int32_t best, bool logits) {
  const float top = at[best * scores.class_step];
  if (!logits || !std::isfinite(top)) return std::clamp(top, 0.0F, 1.0F);
  float sum = 0;
  for (int c = 0; c < scores.classes; ++c) {
    const float less = at[c * scores.class_step] - top;
    if (less > -30.0F) sum += std::exp(less);
  }
  return 1 / sum;
}

}  // namespace

Result<SegmentShape> segment_shape(const Shape& shape, SegmentLayout layout) {
  const bool nchw = layout == SegmentLayout::kNchw;
  if (layout != SegmentLayout::kLabels) {
    const Shape item = item_shape(shape, 3);
    if (item.rank() == 3) {
      return nchw ? SegmentShape{item[0], item[1], item[2]}
                  : SegmentShape{item[2], item[0], item[1]};
    }
  } else {
    // A size of 1 in the place of the classes may be there.
    const Shape item = item_shape(shape, 2);
    if (item.rank() == 2) return SegmentShape{0, item[0], item[1]};
    const Shape with_one = item_shape(shape, 3);
    if (with_one.rank() == 3 && with_one[0] == 1) return SegmentShape{0, with_one[1], with_one[2]};
    if (with_one.rank() == 3 && with_one[2] == 1) return SegmentShape{0, with_one[0], with_one[1]};
  }
  return Error(ErrorCode::kInvalidArgument, "the output of a segmentation is " + to_string(shape),
               "",
               layout == SegmentLayout::kLabels ? "label maps are 1xHxW, 1x1xHxW or 1xHxWx1"
               : nchw                           ? "nchw is 1xCxHxW"
                                                : "nhwc is 1xHxWxC");
}

Result<ScoreGrid> score_grid(const TensorView& output, SegmentLayout layout) {
  WEIR_ASSIGN(const SegmentShape shape, segment_shape(output.shape, layout));
  if (output.dtype != DType::kFloat32 || !is_readable(output) || !is_side(shape.width) ||
      !is_side(shape.height) || !is_side(shape.classes)) {
    return wrong(output, "a dense float32 tensor with at least one class is expected");
  }
  const auto classes = static_cast<int>(shape.classes);
  const auto width = static_cast<int>(shape.width);
  const auto height = static_cast<int>(shape.height);
  if (layout == SegmentLayout::kNchw) {
    return ScoreGrid{
        output.as<float>(), classes, width, height, std::ptrdiff_t{height} * width, width, 1};
  }
  return ScoreGrid{
      output.as<float>(), classes, width, height, 1, std::ptrdiff_t{width} * classes, classes};
}

Status label_grid(const TensorView& output, BestGrid& grid) {
  WEIR_ASSIGN(const SegmentShape shape, segment_shape(output.shape, SegmentLayout::kLabels));
  if (!is_readable(output) || !is_side(shape.width) || !is_side(shape.height)) {
    return wrong(output, "a dense label map is expected");
  }
  grid.score.clear();
  grid.certain.clear();
  grid.width = static_cast<int>(shape.width);
  grid.height = static_cast<int>(shape.height);
  grid.label.resize(static_cast<std::size_t>(shape.width * shape.height));
  switch (output.dtype) {
    case DType::kFloat32:
      read_labels(output.as<float>(), grid);
      return {};
    case DType::kInt64:
      read_labels(output.as<int64_t>(), grid);
      return {};
    case DType::kInt32:
      read_labels(output.as<int32_t>(), grid);
      return {};
    case DType::kUInt8:
      read_labels(output.as<uint8_t>(), grid);
      return {};
    default:
      return wrong(output, "labels are float32, int64, int32 or uint8");
  }
}

bool has_logits(const ScoreGrid& scores, ScoreKind kind) {
  if (kind != ScoreKind::kAuto) return kind != ScoreKind::kProbabilities;
  constexpr int64_t kPlaces = 64;
  const int64_t places = int64_t{scores.width} * scores.height;
  for (int64_t i = 0; i < std::min(places, kPlaces); ++i) {
    const int64_t place = i * places / std::min(places, kPlaces);
    const float* at =
        scores.at(static_cast<int>(place % scores.width), static_cast<int>(place / scores.width));
    float sum = 0;
    for (int c = 0; c < scores.classes; ++c) {
      const float score = at[c * scores.class_step];
      if (score < 0 || score > 1) return true;
      sum += score;
    }
    if (scores.classes > 1 && std::abs(sum - 1) > 0.01F) return true;
  }
  return false;
}

void best_grid(const ScoreGrid& scores, bool logits, BestGrid& grid) {
  grid.width = scores.width;
  grid.height = scores.height;
  const std::size_t places =
      static_cast<std::size_t>(scores.width) * static_cast<std::size_t>(scores.height);
  grid.label.resize(places);
  grid.score.resize(places);
  grid.certain.resize(places);
  for (int y = 0; y < scores.height; ++y) {
    for (int x = 0; x < scores.width; ++x) {
      const float* at = scores.at(x, y);
      const std::size_t place = grid.place(x, y);
      bool certain = true;
      const int32_t best = best_of(scores, at, certain);
      grid.label[place] = best;
      grid.certain[place] = certain ? 1 : 0;
      grid.score[place] = best < 0 ? 0 : probability_of(scores, at, best, logits);
    }
  }
}

void probabilities(const ScoreGrid& scores, bool logits, std::vector<float>& values) {
  values.resize(static_cast<std::size_t>(scores.width) * static_cast<std::size_t>(scores.height));
  float* out = values.data();
  for (int x = 0; x < scores.width; ++x) {
    for (int y = 0; y < scores.height; ++y) {
      const float score = *scores.at(x, y);
      const float value = logits ? 1 / (1 + std::exp(-score)) : score;
      // NaN is nothing, and nothing is more than certain.
      *out++ = value > 0 ? std::min(value, 1.0F) : 0;
    }
  }
}

void grid_axis(const AxisPlan& plan, int output, bool align_corners, GridAxis& axis) {
  axis.begin = 0;
  axis.end = 0;
  const auto count = static_cast<std::size_t>(plan.source);
  axis.nearest.assign(count, 0);
  axis.low.assign(count, 0);
  axis.part.assign(count, 0);
  const double scale = align_corners && plan.input > 1 ? (output - 1.0) / (plan.input - 1.0)
                                                       : static_cast<double>(output) / plan.input;
  for (int i = 0; i < plan.source; ++i) {
    const double pixel = i + 0.5;
    const double centre = (pixel - plan.low) * plan.inner / (plan.high - plan.low) + plan.first;
    const bool is_seen = pixel >= plan.low && pixel <= plan.high && centre >= 0 &&
                         centre <= static_cast<double>(plan.input);
    if (!is_seen) continue;
    if (axis.end == 0) axis.begin = i;
    axis.end = i + 1;
    // In the output the centre of the first place is 0.
    const double exact = align_corners ? (centre - 0.5) * scale : centre * scale - 0.5;
    const double inside = std::clamp(exact, 0.0, output - 1.0);
    const double low = std::floor(inside);
    const auto at = static_cast<std::size_t>(i);
    axis.nearest[at] = static_cast<int32_t>(std::clamp(std::floor(exact + 0.5), 0.0, output - 1.0));
    axis.low[at] = static_cast<int32_t>(low);
    axis.part[at] = static_cast<float>(inside - low);
  }
}

}  // namespace weir

#include "bench/ops/plain_decode.h"

#include <algorithm>
#include <numeric>

namespace weir::bench {

const std::vector<std::size_t>& PlainNms::operator()(std::span<const Box> boxes,
                                                     std::span<const float> scores,
                                                     std::span<const int32_t> classes,
                                                     float threshold) {
  const std::size_t count = boxes.size();
  order_.resize(count);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  boxes_.resize(count);
  areas_.resize(count);
  classes_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    boxes_[i] = boxes[order_[i]];
    areas_[i] = boxes_[i].area();
    classes_[i] = classes[order_[i]];
  }
  gone_.assign(count, 0);
  kept_.clear();
  // Locals, which writing a char cannot change.
  const Box* const box = boxes_.data();
  const float* const area = areas_.data();
  const int32_t* const label = classes_.data();
  char* const gone = gone_.data();
  for (std::size_t i = 0; i < count; ++i) {
    if (gone[i]) continue;
    kept_.push_back(order_[i]);
    const Box a = box[i];
    const float area_a = area[i];
    const int32_t label_a = label[i];
    for (std::size_t j = i + 1; j < count; ++j) {
      if (label[j] != label_a || gone[j]) continue;
      const float width = std::min(a.x2, box[j].x2) - std::max(a.x1, box[j].x1);
      const float height = std::min(a.y2, box[j].y2) - std::max(a.y1, box[j].y1);
      if (width <= 0 || height <= 0) continue;
      const float both = width * height;
      if (both / (area_a + area[j] - both) > threshold) gone[j] = 1;
    }
  }
  return kept_;
}

void PlainYolo::transpose(const float* output, std::size_t columns, std::size_t count) {
  constexpr std::size_t kTile = 16;
  rows_.resize(columns * count);
  float* const rows = rows_.data();
  for (std::size_t i0 = 0; i0 < count; i0 += kTile) {
    const std::size_t i1 = std::min(i0 + kTile, count);
    for (std::size_t c0 = 0; c0 < columns; c0 += kTile) {
      const std::size_t c1 = std::min(c0 + kTile, columns);
      for (std::size_t i = i0; i < i1; ++i) {
        for (std::size_t c = c0; c < c1; ++c) rows[i * columns + c] = output[c * count + i];
      }
    }
  }
}

const std::vector<Finding>& PlainYolo::operator()(const float* output, std::size_t classes,
                                                  std::size_t count, const DetectionSpec& spec,
                                                  const ResizePlan& plan) {
  const std::size_t columns = 4 + classes;
  transpose(output, columns, count);
  boxes_.clear();
  scores_.clear();
  labels_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const float* const row = rows_.data() + i * columns;
    std::size_t best = 4;
    for (std::size_t c = 5; c < columns; ++c) {
      if (row[c] > row[best]) best = c;
    }
    if (!(row[best] >= spec.score)) continue;
    const Box box = plan.clip(plan.to_source(
        {row[0] - row[2] / 2, row[1] - row[3] / 2, row[0] + row[2] / 2, row[1] + row[3] / 2}));
    if (!(box.width() > 0) || !(box.height() > 0)) continue;
    boxes_.push_back(box);
    scores_.push_back(row[best]);
    labels_.push_back(static_cast<int32_t>(best - 4));
  }
  found_.clear();
  for (const std::size_t i : nms_(boxes_, scores_, labels_, spec.iou)) {
    if (found_.size() == spec.max_count) break;
    found_.push_back({.box = boxes_[i], .best = ClassScore{labels_[i], scores_[i]}});
  }
  return found_;
}

}  // namespace weir::bench

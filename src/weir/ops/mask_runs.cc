#include "weir/ops/mask_runs.h"

#include <algorithm>
#include <utility>

namespace weir {

void MaskRuns::start(int width, int height) {
  width_ = width;
  height_ = height;
  used_ = 0;
  last_ = 0;
}

// A picture has few labels, and mostly the one again that was there before.
MaskRuns::Runs& MaskRuns::runs_of(int32_t label) {
  if (last_ < used_ && labels_[last_].label == label) return labels_[last_];
  for (last_ = 0; last_ < used_; ++last_) {
    if (labels_[last_].label == label) return labels_[last_];
  }
  if (used_ == labels_.size()) labels_.emplace_back();
  Runs& fresh = labels_[used_++];
  std::vector<uint32_t> counts = std::move(fresh.counts);
  counts.clear();
  fresh = Runs();
  fresh.counts = std::move(counts);
  fresh.label = label;
  return fresh;
}

void MaskRuns::add(int32_t label, int x, int y1, int y2, double score_sum) {
  const auto start = static_cast<uint32_t>(int64_t{x} * height_ + y1);
  const auto length = static_cast<uint32_t>(y2 - y1);
  Runs& runs = runs_of(label);
  const bool is_new = runs.counts.empty();
  if (is_new) {
    runs.x1 = x;
    runs.y1 = y1;
    runs.y2 = y2;
  }
  if (!is_new && runs.end == start) {
    runs.counts.back() += length;
  } else {
    runs.counts.push_back(start - runs.end);
    runs.counts.push_back(length);
  }
  runs.end = start + length;
  runs.area += length;
  runs.score_sum += score_sum;
  runs.x2 = x + 1;
  runs.y1 = std::min(runs.y1, y1);
  runs.y2 = std::max(runs.y2, y2);
}

void MaskRuns::add_finding(const Runs& runs, std::vector<Finding>& found) const {
  Finding& finding = found.emplace_back();
  finding.best =
      ClassScore{runs.label, static_cast<float>(runs.score_sum / static_cast<double>(runs.area))};
  finding.box = Box{static_cast<float>(runs.x1), static_cast<float>(runs.y1),
                    static_cast<float>(runs.x2), static_cast<float>(runs.y2)};
  Mask& mask = finding.mask.emplace(Mask{width_, height_, {}});
  const auto pixels = static_cast<uint32_t>(int64_t{width_} * height_);
  mask.counts.reserve(runs.counts.size() + 1);
  mask.counts.assign(runs.counts.begin(), runs.counts.end());
  if (runs.end < pixels) mask.counts.push_back(pixels - runs.end);
}

void MaskRuns::findings(std::vector<Finding>& found) const {
  const std::size_t first = found.size();
  for (std::size_t i = 0; i < used_; ++i) add_finding(labels_[i], found);
  std::sort(found.begin() + static_cast<std::ptrdiff_t>(first), found.end(),
            [](const Finding& a, const Finding& b) {
              return a.best->score != b.best->score ? a.best->score > b.best->score
                                                    : a.best->label_id < b.best->label_id;
            });
}

}  // namespace weir

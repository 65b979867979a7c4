#include "apps/cli/infer/compare.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "apps/cli/text.h"
#include "weir/ops/box.h"

namespace weir::cli {
namespace {

bool may_match(const Finding& a, const Finding& b) {
  const auto label = [](const Finding& finding) {
    return finding.best ? finding.best->label_id : Finding::kNone;
  };
  return a.step == b.step && label(a) == label(b) && a.box.has_value() == b.box.has_value();
}

// The finding of `others` that overlaps most; the first without boxes.
std::optional<std::size_t> best_match(const Finding& wanted, const std::vector<Finding>& others,
                                      const std::vector<bool>& taken) {
  std::optional<std::size_t> best;
  float best_iou = 0;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (taken[i] || !may_match(wanted, others[i])) continue;
    if (!wanted.box) return i;
    const float overlap = iou(*wanted.box, *others[i].box);
    if (overlap <= best_iou) continue;
    best_iou = overlap;
    best = i;
  }
  return best;
}

double largest_side(const Box& a, const Box& b) {
  return std::max(std::max(std::fabs(a.x1 - b.x1), std::fabs(a.y1 - b.y1)),
                  std::max(std::fabs(a.x2 - b.x2), std::fabs(a.y2 - b.y2)));
}

void grow(double& largest, double value) {
  largest = std::max(largest, value);
}

void compare_pair(const Finding& a, const Finding& b, Comparison& sum) {
  ++sum.matched;
  if (a.best && b.best) grow(sum.score, std::fabs(a.best->score - b.best->score));
  if (a.box && b.box) {
    grow(sum.box_px, largest_side(*a.box, *b.box));
    sum.lowest_iou = std::min(sum.lowest_iou, static_cast<double>(iou(*a.box, *b.box)));
  }
  const std::size_t points = std::min(a.keypoints.size(), b.keypoints.size());
  const bool deep = a.depths.size() >= points && b.depths.size() >= points;
  for (std::size_t i = 0; i < points; ++i) {
    grow(sum.point_px,
         std::hypot(a.keypoints[i].x - b.keypoints[i].x, a.keypoints[i].y - b.keypoints[i].y,
                    deep ? a.depths[i] - b.depths[i] : 0));
  }
  for (std::size_t i = 0; i < std::min(a.embedding.size(), b.embedding.size()); ++i) {
    grow(sum.embedding, std::fabs(a.embedding[i] - b.embedding[i]));
  }
  if (a.mask && b.mask) sum.lowest_mask = std::min(sum.lowest_mask, iou(*a.mask, *b.mask));
  if (a.text != b.text) ++sum.texts;
}

}  // namespace

void Comparison::add(const Task& first, const Task& second) {
  const double before = std::max(box_px, 100 * score);
  std::vector<bool> taken(second.findings.size(), false);
  std::size_t found = 0;
  for (const Finding& finding : first.findings) {
    const auto match = best_match(finding, second.findings, taken);
    if (!match) {
      ++only_first;
      continue;
    }
    taken[*match] = true;
    ++found;
    compare_pair(finding, second.findings[*match], *this);
  }
  only_second += second.findings.size() - found;
  ++pictures;
  if (worst.empty() || std::max(box_px, 100 * score) > before) worst = first.stream;
}

std::string Comparison::to_string() const {
  std::string text = with_commas(pictures) + (pictures == 1 ? " picture, " : " pictures, ") +
                     with_commas(matched) +
                     (matched == 1 ? " finding in both, " : " findings in both, ") +
                     with_commas(only_first) + " only in the first, " + with_commas(only_second) +
                     " only in the second\n";
  if (matched == 0) return text;
  text += "largest difference: score " + fixed(score, 4) + ", box " + fixed(box_px, 2) +
          " px (IoU at least " + fixed(lowest_iou, 4) + ")";
  if (point_px > 0) text += ", point " + fixed(point_px, 2) + " px";
  if (embedding > 0) text += ", embedding " + fixed(embedding, 5);
  if (lowest_mask < 1) text += ", mask IoU at least " + fixed(lowest_mask, 4);
  if (texts > 0) text += ", " + with_commas(texts) + " texts";
  return text + (worst.empty() ? "" : "; the worst is " + worst) + "\n";
}

}  // namespace weir::cli

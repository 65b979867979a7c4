#include "weir/ops/draw/drawing.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "weir/ops/box.h"
#include "weir/ops/draw/finding_text.h"
#include "weir/ops/draw/mask_tint.h"
#include "weir/ops/draw/skeleton.h"

namespace weir {
namespace {

constexpr Colour kBlack{0, 0, 0};
constexpr Colour kWhite{255, 255, 255};
constexpr int kHalo = 80;  // how dark the edge around lines is, 0 … 255
// No legend is longer.
constexpr std::size_t kMaxLegend = 24;

// Of steps and their labels: those of one step are neighbours, and of other steps far from them.
constexpr int64_t kStepStride = 37;

int pixel(double x) {
  return static_cast<int>(std::lround(std::clamp(x, -1e6, 1e6)));
}

bool is_finite(const Keypoint& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

PixelRect grown(const PixelRect& rect, int by) {
  return {rect.x1 - by, rect.y1 - by, rect.x2 + by, rect.y2 + by};
}

}  // namespace

Drawing::Drawing(const ImageView& picture, const Task& task, const DrawSpec& spec, FontSet* fonts,
                 const Trails& trails)
    : canvas_(picture),
      task_(task),
      spec_(spec),
      fonts_(fonts),
      trails_(trails),
      layout_(canvas_.bounds()) {
  const double side = std::sqrt(static_cast<double>(picture.width) * picture.height);
  line_ = std::clamp(pixel(spec.scale * side / 340), 1, 400);
  letter_ = std::clamp(pixel(std::max(spec.scale * side / 58, 9.0)), 6, 1000);
}

void Drawing::draw() {
  if (spec_.masks) draw_masks();
  if (spec_.trail > 0) draw_trails();
  draw_boxes();
  if (spec_.keypoints) {
    for (const Finding& finding : task_.findings) {
      if (!is_quad(finding)) draw_points(finding);
    }
  }
  if (fonts_ == nullptr || !spec_.labels) return;
  draw_captions();
  draw_legend();
}

Colour Drawing::colour_of_class(const Finding& finding, int32_t label_id) const {
  return colour_of(kStepStride * std::max(0, finding.step) + std::max(0, label_id));
}

Colour Drawing::colour_of_finding(const Finding& finding) const {
  if (finding.track != Finding::kNone) return colour_of(finding.track);
  return colour_of_class(finding, finding.best ? finding.best->label_id : 0);
}

bool Drawing::is_shown(const Keypoint& point) const {
  return is_finite(point) && !(static_cast<double>(point.score) < spec_.keypoint_score);
}

// The pixels that a finding takes; empty if it is nowhere that can be drawn.
PixelRect Drawing::place_of(const Finding& finding) const {
  if (finding.box && !is_quad(finding)) {
    const Box& box = *finding.box;
    if (!weir::is_finite(box) || box.x2 < box.x1 || box.y2 < box.y1) return {};
    const PixelRect rect{pixel(box.x1), pixel(box.y1), pixel(box.x2), pixel(box.y2)};
    return {rect.x1, rect.y1, std::max(rect.x2, rect.x1 + 1), std::max(rect.y2, rect.y1 + 1)};
  }
  PixelRect around;
  for (const Keypoint& point : finding.keypoints) {
    if (!is_shown(point)) continue;
    const PixelRect at{pixel(point.x), pixel(point.y), pixel(point.x) + 1, pixel(point.y) + 1};
    around = around.empty() ? at
                            : PixelRect{std::min(around.x1, at.x1), std::min(around.y1, at.y1),
                                        std::max(around.x2, at.x2), std::max(around.y2, at.y2)};
  }
  return around;
}

void Drawing::draw_masks() {
  const int alpha = pixel(255 * std::clamp(spec_.mask_opacity, 0.0, 1.0));
  for (const Finding& finding : task_.findings) {
    if (!finding.mask) continue;
    tint_mask(canvas_, *finding.mask, colour_of_finding(finding), alpha, line_);
  }
}

void Drawing::draw_trails() {
  for (const Finding& finding : task_.findings) {
    if (finding.track == Finding::kNone) continue;
    const auto& places = trails_.of(finding.track);
    const auto count = static_cast<double>(places.size());
    for (std::size_t i = 1; i < places.size(); ++i) {
      const double age = static_cast<double>(i) / count;
      canvas_.line(places[i - 1], places[i], line_ * (0.6 + 1.0 * age), colour_of_finding(finding),
                   pixel(230 * age), false);
    }
  }
}

void Drawing::draw_boxes() {
  // Small ones over large ones.
  std::vector<std::pair<int64_t, std::size_t>> order;
  const std::vector<bool> repeated = repeated_quads(task_);
  for (std::size_t i = 0; i < task_.findings.size(); ++i) {
    if (repeated[i]) continue;
    order.emplace_back(-place_of(task_.findings[i]).area(), i);
  }
  std::sort(order.begin(), order.end());
  const int64_t small = canvas_.bounds().area() / 25;
  for (const auto& [area, index] : order) {
    const Finding& finding = task_.findings[index];
    const PixelRect place = place_of(finding);
    if (common(place, canvas_.bounds()).empty()) continue;
    if (place.area() < small) layout_.keep_free(place);
    if (!spec_.boxes) continue;
    if (is_quad(finding)) {
      draw_quad(finding);
    } else if (finding.box) {
      draw_box(place, colour_of_finding(finding));
    }
  }
}

void Drawing::draw_box(const PixelRect& box, Colour colour) {
  const PixelRect outline = grown(box, line_ / 2);
  if (line_ > 1) canvas_.frame(grown(outline, 1), line_ + 2, kBlack, kHalo);
  canvas_.frame(outline, line_, colour);
}

void Drawing::draw_quad(const Finding& finding) {
  const auto& corners = finding.keypoints;
  const Colour colour = colour_of_finding(finding);
  for (const bool halo : {true, false}) {
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Keypoint& from = corners[i];
      const Keypoint& to = corners[(i + 1) % corners.size()];
      canvas_.line({from.x, from.y}, {to.x, to.y}, halo ? line_ + 2 : line_, halo ? kBlack : colour,
                   halo ? kHalo : 255);
    }
  }
}

void Drawing::draw_points(const Finding& finding) {
  const auto& points = finding.keypoints;
  const Colour colour = colour_of_finding(finding);
  const PixelRect around = place_of(finding);
  // Of a small body thin bones, of a dense mesh small dots.
  const double extent = std::max(around.width(), around.height());
  const double share = points.size() > 40 ? 150 : 45;
  const double width = std::clamp(extent / share, 1.0, 2.0 * line_);
  for (const Bone& bone : skeleton_of(points.size())) {
    const Keypoint& from = points[bone.from];
    const Keypoint& to = points[bone.to];
    if (!is_shown(from) || !is_shown(to)) continue;
    const Colour shade = bone.side == BodySide::kLeft    ? mixed(colour, kWhite, 0.35)
                         : bone.side == BodySide::kRight ? mixed(colour, kBlack, 0.25)
                                                         : colour;
    canvas_.line({from.x, from.y}, {to.x, to.y}, width + 1.5, kBlack, kHalo);
    canvas_.line({from.x, from.y}, {to.x, to.y}, width, shade);
  }
  for (const Keypoint& point : points) {
    if (!is_shown(point)) continue;
    const double radius = points.size() > 40 ? width / 2 : width;
    if (width > 1) canvas_.disc({point.x, point.y}, radius + 1, kBlack, 2 * kHalo);
    canvas_.disc({point.x, point.y}, radius, mixed(colour, kWhite, 0.5));
  }
}

// Beside the letters of a label.
int Drawing::plate_side() const {
  return std::max(2, letter_ / 3);
}

// Cut to what fits the picture; without glyphs where there is nothing to be written.
TextLine Drawing::label_of(const std::string& text) {
  return fonts_->shortened(text, letter_, canvas_.width() - 2 * plate_side());
}

PixelRect Drawing::plate_size(const TextLine& label) const {
  return {0, 0, label.width + 2 * plate_side(), label.height() + std::max(1, letter_ / 6)};
}

void Drawing::draw_captions() {
  for (const Caption& caption : captions_of(task_, spec_.scores)) {
    const Finding& finding = task_.findings[caption.finding];
    const PixelRect place = place_of(finding);
    if (caption.text.empty() || common(place, canvas_.bounds()).empty()) continue;
    const TextLine label = label_of(caption.text);
    if (label.glyphs.empty()) continue;
    const PixelRect size = plate_size(label);
    const PixelRect object = finding.box ? grown(place, line_ / 2) : grown(place, 2 * line_);
    draw_plate(layout_.place(object, size.width(), size.height()), label,
               colour_of_finding(finding));
  }
}

void Drawing::draw_legend() {
  std::vector<Caption> lines = legend_of(task_, spec_.scores);
  if (lines.size() > kMaxLegend) lines.resize(kMaxLegend);
  for (const Caption& line : lines) {
    const TextLine label = label_of(line.text);
    if (label.glyphs.empty()) continue;
    const PixelRect size = plate_size(label);
    draw_plate(layout_.place_in_legend(size.width(), size.height()), label,
               colour_of_finding(task_.findings[line.finding]));
  }
}

void Drawing::draw_plate(const PixelRect& plate, const TextLine& label, Colour colour) {
  canvas_.fill_rounded(plate, letter_ / 5, colour, 240);
  const int left = plate.x1 + (plate.width() - label.width) / 2;
  const int top = plate.y1 + (plate.height() - label.height()) / 2;
  fonts_->draw(canvas_, label, left, top + label.ascent(), ink_on(colour));
}

}  // namespace weir

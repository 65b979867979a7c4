#include "weir/ops/draw/label_layout.h"

#include <array>
#include <limits>

namespace weir {

void LabelLayout::keep_free(const PixelRect& rect) {
  free_.push_back(rect);
}

// Plates weigh more than what was asked to be kept free: text over text can be read by nobody.
int64_t LabelLayout::hidden_by(const PixelRect& plate, int64_t enough) const {
  int64_t hidden = 0;
  for (std::size_t i = 0; i < plates_.size() && hidden < enough; ++i) {
    hidden += 4 * common(plate, plates_[i]).area();
  }
  for (std::size_t i = 0; i < free_.size() && hidden < enough; ++i) {
    hidden += common(plate, free_[i]).area();
  }
  return hidden;
}

PixelRect LabelLayout::inside(int x, int y, int width, int height) const {
  x = std::clamp(x, picture_.x1, picture_.x2 - width);
  y = std::clamp(y, picture_.y1, picture_.y2 - height);
  return {x, y, x + width, y + height};
}

PixelRect LabelLayout::place(const PixelRect& object, int width, int height) {
  width = std::min(width, picture_.width());
  height = std::min(height, picture_.height());
  const PixelRect seen = common(object, picture_);
  const int left = seen.x1;
  const int right = seen.x2 - width;
  const int above = seen.y1 - height;
  // In the order in which they are liked.
  const std::array<std::array<int, 2>, 13> places = {{{left, above},
                                                      {left, seen.y1},
                                                      {right, above},
                                                      {left, seen.y2},
                                                      {right, seen.y2},
                                                      {left, seen.y2 - height},
                                                      {right, seen.y1},
                                                      {right, seen.y2 - height},
                                                      {seen.x2, seen.y1},
                                                      {left - width, seen.y1},
                                                      {left, above - height},
                                                      {left, seen.y2 + height},
                                                      {left - width / 2, above}}};
  PixelRect best;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const auto& [x, y] : places) {
    const PixelRect plate = inside(x, y, width, height);
    const int64_t hidden = hidden_by(plate, least);
    if (hidden >= least) continue;
    least = hidden;
    best = plate;
    if (hidden == 0) break;
  }
  plates_.push_back(best);
  return best;
}

PixelRect LabelLayout::place_in_legend(int width, int height) {
  width = std::min(width, picture_.width());
  height = std::min(height, picture_.height());
  const PixelRect plate = inside(picture_.x1, picture_.y1 + legend_bottom_, width, height);
  legend_bottom_ = plate.y2 - picture_.y1;
  plates_.push_back(plate);
  return plate;
}

}  // namespace weir

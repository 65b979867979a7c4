// The drawing of one task's findings into one picture: what Painter does each time.
//
// One thread; borrows everything.
#pragma once

#include "weir/ops/draw/canvas.h"
#include "weir/ops/draw/font_set.h"
#include "weir/ops/draw/label_layout.h"
#include "weir/ops/draw/painter.h"
#include "weir/ops/draw/trails.h"

namespace weir {

class Drawing {
 public:
  // `fonts` may be null: no labels.
  Drawing(const ImageView& picture, const Task& task, const DrawSpec& spec, FontSet* fonts,
          const Trails& trails);
  void draw();

 private:
  Colour colour_of_finding(const Finding& finding) const;
  Colour colour_of_class(const Finding& finding, int32_t label_id) const;
  PixelRect place_of(const Finding& finding) const;
  bool is_shown(const Keypoint& point) const;
  void draw_masks();
  void draw_trails();
  void draw_boxes();
  void draw_box(const PixelRect& box, Colour colour);
  void draw_quad(const Finding& finding);
  void draw_points(const Finding& finding);
  void draw_captions();
  void draw_legend();
  int plate_side() const;
  TextLine label_of(const std::string& text);
  PixelRect plate_size(const TextLine& label) const;
  void draw_plate(const PixelRect& plate, const TextLine& label, Colour colour);

  Canvas canvas_;
  const Task& task_;
  const DrawSpec& spec_;
  FontSet* fonts_;
  const Trails& trails_;
  LabelLayout layout_;
  int line_ = 1;    // width of lines, pixels
  int letter_ = 9;  // height of letters, pixels
};

}  // namespace weir

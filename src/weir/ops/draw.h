// Findings drawn into a picture: boxes with their labels, keypoints, tracks.
//
//   WEIR_TRY(draw_findings(picture.view(), task));
//
// Writes into the picture's own pixels, so the caller is its only user. Text in ASCII; other
// characters become '?'. Pure functions otherwise: any thread.
#pragma once

#include <cstdint>
#include <string>

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/data/task.h"

namespace weir {

struct Colour {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  bool operator==(const Colour&) const = default;
};

// A bright colour for a label or a track; neighbours are easy to tell apart.
Colour colour_of(int64_t number);

struct DrawSpec {
  int thickness = 0;  // of lines, in pixels; 0: as fits the size of the picture
  bool text = true;
  bool score = true;
};

// One box with its text above it, or inside where there is no room above; the text is moved to be
// inside the picture from left to right.
Status draw_box(const ImageView& picture, const Box& box, const std::string& text, Colour colour,
                const DrawSpec& spec = {});
// The findings of a task in their order; the labels are those of its step table. Tracks have a
// colour each, other findings that of their class. `picture` is BGR and not rotated.
Status draw_findings(const ImageView& picture, const Task& task, const DrawSpec& spec = {});

}  // namespace weir

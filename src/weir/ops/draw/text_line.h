// Where the letters of a line of text stand. Hides HarfBuzz.
//
//   const TextLine line = lay_out(faces, characters_of(text), pixels);
//
// One thread at a time for one FontFaces.
#pragma once

#include <vector>

#include "weir/ops/draw/font_faces.h"

namespace weir {

struct TextLine {
  struct Place {
    GlyphName glyph;
    int x = 0;  // from the left end of the line
    int y = 0;  // upwards from the baseline
  };
  std::vector<Place> glyphs;
  int width = 0;
};

TextLine lay_out(FontFaces& faces, const std::vector<char32_t>& characters, int pixels);

}  // namespace weir

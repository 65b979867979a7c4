// A line of text that is laid out: where its letters stand, and how much room it takes. Hides
// HarfBuzz.
//
//   const TextLine line = lay_out(faces, characters_of(text), pixels);
//
// A plain value; lay_out() is called by one thread at a time for one FontFaces.
#pragma once

#include <cstdint>
#include <vector>

namespace weir {

class FontFaces;

// A letter of a font, by its number there.
struct GlyphName {
  int face = 0;
  uint32_t index = 0;
  bool operator==(const GlyphName&) const = default;
};

struct TextLine {
  struct Place {
    GlyphName glyph;
    int x = 0;  // from the left end of the line
    int y = 0;  // upwards from the baseline
    bool operator==(const Place&) const = default;
  };
  std::vector<Place> glyphs = {};
  int width = 0;
  int pixels = 0;  // the height of the letters' body

  // Of the body, not of these letters, so that labels of one size are plates of one height.
  int ascent() const { return (pixels * 19 + 10) / 20; }  // above the baseline
  int descent() const { return (pixels * 5 + 10) / 20; }  // below it
  int height() const { return ascent() + descent(); }
  bool operator==(const TextLine&) const = default;
};

TextLine lay_out(FontFaces& faces, const std::vector<char32_t>& characters, int pixels);

}  // namespace weir

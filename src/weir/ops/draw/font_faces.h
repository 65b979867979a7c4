// The fonts of a FontSet: which of them has a character, and each letter's picture. Hides FreeType.
//
// Reads font files, also later when a character is first met. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "weir/base/result.h"
#include "weir/ops/draw/font_set.h"
#include "weir/ops/draw/text_line.h"

struct hb_font_t;

namespace weir {

struct Glyph {
  std::vector<uint8_t> pixels;
  int width = 0;
  int height = 0;
  int left = 0;     // from the pen to the leftmost pixel
  int top = 0;      // from the baseline up to the topmost pixel
  int advance = 0;  // to the next pen position
};

// From 64ths of a pixel, in which fonts count.
constexpr int whole_pixels(int64_t position) {
  return static_cast<int>((position + 32) >> 6);
}

class FontFaces {
 public:
  static constexpr int kNoFont = -1;

  static Result<std::unique_ptr<FontFaces>> open(const FontSpec& spec);
  ~FontFaces();

  // The font to write `c` with, or kNoFont.
  int find(char32_t c);
  bool has(int face, char32_t c) const;
  // What a character is that stands by itself.
  GlyphName glyph_of(char32_t c);

  // Its picture, an empty box if it has none. Valid until the next call.
  const Glyph& glyph(const GlyphName& name, int pixels);

  // The font as HarfBuzz takes it, at this size; null if it has no such size.
  hb_font_t* shapes(int face, int pixels);

 private:
  struct State;
  explicit FontFaces(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir

// Text in any script: a first font, others for the characters that it lacks, and an empty box where
// no font has one.
//
//   WEIR_ASSIGN(FontSet fonts, FontSet::open({}));
//   const TextLine line = fonts.line("東京 car", 14);
//   fonts.draw(canvas, line, x, y + line.ascent(), ink);
//
// Letters are joined, put over each other and written from right to left as their scripts are
// (Arabic, Hebrew, the Indic ones). Bytes that are not UTF-8 become U+FFFD; line feeds and other
// control characters become spaces. Reads font files, also later when a character is first met. One
// thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/ops/draw/canvas.h"
#include "weir/ops/draw/text_line.h"

namespace weir {

struct FontSpec {
  std::string file = {};                  // the first font; empty: the best that the folders have
  std::vector<std::string> folders = {};  // where to look; empty: the usual ones
};

class FontSet {
 public:
  // kNotFound if there is no font at all, or not the one that was named; kCorrupt if that one is
  // not an outline font.
  static Result<FontSet> open(const FontSpec& spec);
  FontSet(FontSet&&) noexcept;
  FontSet& operator=(FontSet&&) noexcept;
  ~FontSet();

  // `pixels` is the height of the letters' body, 4 … 2000.
  TextLine line(std::string_view text, int pixels);
  // The text, or its beginning and "…", so that it is at most `width` wide; without glyphs if not
  // even that.
  TextLine shortened(std::string_view text, int pixels, int width);
  // One that it has made itself.
  void draw(Canvas& canvas, const TextLine& line, int x, int baseline, Colour ink);

 private:
  explicit FontSet(std::unique_ptr<FontFaces> faces);
  std::unique_ptr<FontFaces> faces_;
};

}  // namespace weir

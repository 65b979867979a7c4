#include "weir/ops/draw/font_set.h"

#include <algorithm>
#include <utility>

#include "weir/ops/draw/font_faces.h"
#include "weir/ops/draw/text_characters.h"

namespace weir {
namespace {

constexpr char32_t kEllipsis = 0x2026;

int clamped(int pixels) {
  return std::clamp(pixels, 4, 2000);
}

}  // namespace

FontSet::FontSet(std::unique_ptr<FontFaces> faces) : faces_(std::move(faces)) {}
FontSet::FontSet(FontSet&&) noexcept = default;
FontSet& FontSet::operator=(FontSet&&) noexcept = default;
FontSet::~FontSet() = default;

Result<FontSet> FontSet::open(const FontSpec& spec) {
  WEIR_ASSIGN(std::unique_ptr<FontFaces> faces, FontFaces::open(spec));
  return FontSet(std::move(faces));
}

TextLine FontSet::line(std::string_view text, int pixels) {
  return lay_out(*faces_, characters_of(text), clamped(pixels));
}

TextLine FontSet::shortened(std::string_view text, int pixels, int width) {
  const std::vector<char32_t> characters = characters_of(text);
  TextLine fitting = lay_out(*faces_, characters, clamped(pixels));
  if (fitting.width <= width) return fitting;
  fitting = {};
  const auto fits = [&](std::size_t count) {
    std::vector<char32_t> cut(characters.begin(),
                              characters.begin() + static_cast<std::ptrdiff_t>(count));
    while (!cut.empty() && cut.back() == U' ') cut.pop_back();
    cut.push_back(kEllipsis);
    TextLine line = lay_out(*faces_, cut, clamped(pixels));
    if (line.width > width) return false;
    fitting = std::move(line);
    return true;
  };
  // Nearly the longest that fits: a letter may be narrower at an end than before another.
  std::size_t kept = 0;
  for (std::size_t too_many = characters.size(); too_many - kept > 1;) {
    const std::size_t middle = kept + (too_many - kept) / 2;
    (fits(middle) ? kept : too_many) = middle;
  }
  return fitting;
}

void FontSet::draw(Canvas& canvas, const TextLine& line, int x, int baseline, Colour ink) {
  for (const TextLine::Place& place : line.glyphs) {
    if (x + place.x > canvas.width()) continue;
    const Glyph& glyph = faces_->glyph(place.glyph, line.pixels);
    canvas.stamp({glyph.pixels.data(), glyph.width, glyph.width, glyph.height},
                 x + place.x + glyph.left, baseline - place.y - glyph.top, ink);
  }
}

}  // namespace weir

#include "weir/ops/draw/font_set.h"

#include <algorithm>
#include <utility>

#include "weir/ops/draw/font_faces.h"
#include "weir/ops/draw/text_characters.h"
#include "weir/ops/draw/text_line.h"

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

TextSize FontSet::measure(std::string_view text, int pixels) {
  pixels = clamped(pixels);
  // Of the body, not of these letters, so that labels of one size are plates of one height.
  return {lay_out(*faces_, characters_of(text), pixels).width, (pixels * 19 + 10) / 20,
          (pixels * 5 + 10) / 20};
}

std::string FontSet::shortened(std::string_view text, int pixels, int width) {
  pixels = clamped(pixels);
  const std::vector<char32_t> characters = characters_of(text);
  const auto beginning = [&](std::size_t count) {
    std::vector<char32_t> cut(characters.begin(),
                              characters.begin() + static_cast<std::ptrdiff_t>(count));
    if (count == characters.size()) return cut;
    while (!cut.empty() && cut.back() == U' ') cut.pop_back();
    cut.push_back(kEllipsis);
    return cut;
  };
  const auto fits = [&](std::size_t count) {
    return lay_out(*faces_, beginning(count), pixels).width <= width;
  };
  std::size_t kept = characters.size();
  if (!fits(kept)) {
    // Nearly the longest that fits: a letter may be narrower at an end than before another.
    std::size_t too_many = kept;
    for (kept = 0; too_many - kept > 1;) {
      const std::size_t middle = kept + (too_many - kept) / 2;
      (fits(middle) ? kept : too_many) = middle;
    }
    if (kept == 0) return {};
  }
  std::string out;
  for (const char32_t c : beginning(kept)) append_utf8(out, c);
  return out;
}

void FontSet::draw(Canvas& canvas, std::string_view text, int pixels, int x, int baseline,
                   Colour ink) {
  pixels = clamped(pixels);
  const TextLine line = lay_out(*faces_, characters_of(text), pixels);
  for (const TextLine::Place& place : line.glyphs) {
    if (x + place.x > canvas.width()) continue;
    const Glyph& glyph = faces_->glyph(place.glyph, pixels);
    canvas.stamp({glyph.pixels.data(), glyph.width, glyph.width, glyph.height},
                 x + place.x + glyph.left, baseline - place.y - glyph.top, ink);
  }
}

}  // namespace weir

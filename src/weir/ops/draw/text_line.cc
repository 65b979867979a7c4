#include "weir/ops/draw/text_line.h"

#include <hb.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "weir/ops/draw/font_faces.h"
#include "weir/ops/draw/text_characters.h"
#include "weir/ops/draw/text_runs.h"

namespace weir {
namespace {

struct BufferDone {
  void operator()(hb_buffer_t* buffer) const { hb_buffer_destroy(buffer); }
};
using Buffer = std::unique_ptr<hb_buffer_t, BufferDone>;

constexpr int kNoFont = FontFaces::kNoFont;

bool is_mark(char32_t c) {
  const hb_unicode_general_category_t category =
      hb_unicode_general_category(hb_unicode_funcs_get_default(), c);
  return category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
         category == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK ||
         category == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK;
}

// One line that is being laid out, from left to right.
struct Layout {
  FontFaces& faces;
  const std::vector<char32_t>& characters;
  TextLine line;

  void put_plain(const GlyphName& name) {
    line.glyphs.push_back({name, line.width, 0});
    line.width += faces.glyph(name, line.pixels).advance;
  }

  // Marks, joiners and spaces stay with the font of what they follow, if it has them.
  int face_within(char32_t c, int before) {
    if (is_invisible(c)) return before == kNoFont ? 0 : before;
    const bool follows = c == U' ' || is_mark(c);
    return before != kNoFont && follows && faces.has(before, c) ? before : faces.find(c);
  }

  // In parts of one font each.
  void put_run(const TextRun& run) {
    std::vector<std::pair<TextRun, int>> parts;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const int face = face_within(characters[i], parts.empty() ? kNoFont : parts.back().second);
      if (parts.empty() || parts.back().second != face) {
        parts.push_back({{i, i, run.right_to_left, run.script}, face});
      }
      parts.back().first.end = i + 1;
    }
    if (run.right_to_left) std::reverse(parts.begin(), parts.end());
    for (const auto& part : parts) {
      if (part.second == kNoFont) {
        for (std::size_t i = part.first.begin; i < part.first.end; ++i) put_plain({kNoFont, 0});
      } else {
        put_shaped(part.first, part.second);
      }
    }
  }

  void put_shaped(const TextRun& part, int face) {
    hb_font_t* const font = faces.shapes(face, line.pixels);
    if (font == nullptr) return;
    const Buffer buffer(hb_buffer_create());
    const std::vector<uint32_t> text(characters.begin(), characters.end());
    // With what stands around it, so that letters join across parts.
    hb_buffer_add_utf32(buffer.get(), text.data(), static_cast<int>(text.size()),
                        static_cast<unsigned>(part.begin), static_cast<int>(part.end - part.begin));
    hb_buffer_set_direction(buffer.get(), part.right_to_left ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer.get(), static_cast<hb_script_t>(part.script));
    hb_shape(font, buffer.get(), nullptr, 0);
    unsigned count = 0;
    const hb_glyph_info_t* const glyphs = hb_buffer_get_glyph_infos(buffer.get(), &count);
    const hb_glyph_position_t* const places = hb_buffer_get_glyph_positions(buffer.get(), &count);
    int64_t pen = 0;
    for (unsigned i = 0; i < count; ++i) {
      line.glyphs.push_back({{face, glyphs[i].codepoint},
                             line.width + whole_pixels(pen + places[i].x_offset),
                             whole_pixels(places[i].y_offset)});
      pen += places[i].x_advance;
    }
    line.width += whole_pixels(pen);
  }
};

}  // namespace

TextLine lay_out(FontFaces& faces, const std::vector<char32_t>& characters, int pixels) {
  Layout layout{faces, characters, {.pixels = pixels}};
  if (needs_shaping(characters)) {
    for (const TextRun& run : visual_runs(characters)) layout.put_run(run);
  } else {
    for (const char32_t c : characters) {
      if (!is_invisible(c)) layout.put_plain(faces.glyph_of(c));
    }
  }
  return std::move(layout.line);
}

}  // namespace weir

#include "weir/ops/draw/font_set.h"

#include <ft2build.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>
#include <utility>

#include FT_FREETYPE_H

#include "weir/base/json_text.h"
#include "weir/ops/draw/font_files.h"

namespace weir {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kEllipsis = 0x2026;
// More than this many characters is no label; the rest is not looked at.
constexpr std::size_t kMaxCharacters = 4096;
constexpr std::size_t kMaxGlyphs = 8192;
constexpr std::size_t kMaxFonts = 256;

struct LibraryDone {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};
struct FaceDone {
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};
using Library = std::unique_ptr<FT_LibraryRec_, LibraryDone>;
using Face = std::unique_ptr<FT_FaceRec_, FaceDone>;

struct Glyph {
  std::vector<uint8_t> pixels;
  int width = 0;
  int height = 0;
  int left = 0;     // from the pen to the leftmost pixel
  int top = 0;      // from the baseline up to the topmost pixel
  int advance = 0;  // to the next pen position
};

Face open_face(FT_Library library, const std::string& file) {
  FT_Face face = nullptr;
  if (FT_New_Face(library, file.c_str(), 0, &face) != 0) return nullptr;
  Face owned(face);
  return FT_IS_SCALABLE(face) ? std::move(owned) : nullptr;
}

char32_t decode(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() == 1) return at(0);
  char32_t value = at(0) & (0xFFU >> (bytes.size() + 1));
  for (std::size_t i = 1; i < bytes.size(); ++i) value = value << 6U | (at(i) & 0x3FU);
  return value;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

// Joiners, marks of direction, variation selectors: they have no picture of their own.
bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || c == 0xAD;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  constexpr unsigned kLead[] = {0, 0xC0, 0xE0, 0xF0};
  unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  out += static_cast<char>(kLead[more] | c >> (6 * more));
  while (more-- > 0) out += static_cast<char>(0x80U | (c >> (6 * more) & 0x3FU));
}

// What is drawn for a character that no font has.
Glyph empty_box(int pixels) {
  Glyph glyph;
  glyph.width = std::max(3, pixels / 2);
  glyph.height = std::max(4, pixels * 7 / 10);
  glyph.left = std::max(1, pixels / 12);
  glyph.top = glyph.height;
  glyph.advance = glyph.width + 2 * glyph.left;
  glyph.pixels.assign(static_cast<std::size_t>(glyph.width * glyph.height), 0);
  const int edge = std::max(1, pixels / 14);
  for (int y = 0; y < glyph.height; ++y) {
    for (int x = 0; x < glyph.width; ++x) {
      const bool inside =
          x >= edge && y >= edge && x < glyph.width - edge && y < glyph.height - edge;
      if (!inside) glyph.pixels[static_cast<std::size_t>(y * glyph.width + x)] = 255;
    }
  }
  return glyph;
}

Result<std::vector<std::string>> files_of(const FontSpec& spec) {
  std::error_code code;
  if (!spec.file.empty() && !std::filesystem::is_regular_file(spec.file, code)) {
    return Error(ErrorCode::kNotFound, "there is no such font", spec.file,
                 "name a .ttf, .otf or .ttc file");
  }
  std::vector<std::string> files = find_fonts(spec.folders.empty() ? font_folders() : spec.folders);
  // Each that is tried for a character stays open.
  if (files.size() > kMaxFonts) files.resize(kMaxFonts);
  if (!spec.file.empty()) files.insert(files.begin(), spec.file);
  if (!files.empty()) return files;
  return Error(ErrorCode::kNotFound, "there is no font to write labels with", "",
               "install one, such as the package fonts-dejavu-core, or name a file");
}

}  // namespace

std::vector<char32_t> characters_of(std::string_view text) {
  std::vector<char32_t> characters;
  while (!text.empty() && characters.size() < kMaxCharacters) {
    const std::size_t length = utf8_length(text);
    const char32_t c = length == 0 ? kReplacement : decode(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
    if (is_control(c)) {
      characters.push_back(U' ');
    } else if (!is_invisible(c)) {
      characters.push_back(c);
    }
  }
  return characters;
}

struct FontSet::State {
  // Characters come in blocks that a font has or has not; none is looked for twice.
  static constexpr int kNoFont = -1;
  static constexpr unsigned kBlockBits = 7;

  Library library;
  std::vector<std::string> files;
  std::vector<Face> faces;  // those that were opened and are used; the first is the usual one
  std::size_t next_file = 0;
  std::map<char32_t, int> face_of_block;
  std::unordered_map<uint64_t, Glyph> glyphs;

  bool open_next() {
    while (next_file < files.size()) {
      Face face = open_face(library.get(), files[next_file++]);
      if (face == nullptr) continue;
      faces.push_back(std::move(face));
      return true;
    }
    return false;
  }

  bool has(int face, char32_t c) {
    return FT_Get_Char_Index(faces[static_cast<std::size_t>(face)].get(), c) != 0;
  }

  int find_face(char32_t c) {
    if (has(0, c)) return 0;
    const auto known = face_of_block.find(c >> kBlockBits);
    if (known != face_of_block.end() && (known->second == kNoFont || has(known->second, c))) {
      return known->second;
    }
    int found = kNoFont;
    for (int i = 1; found == kNoFont; ++i) {
      if (i == static_cast<int>(faces.size()) && !open_next()) break;
      if (has(i, c)) found = i;
    }
    if (known == face_of_block.end() || found != kNoFont) face_of_block[c >> kBlockBits] = found;
    return found;
  }

  Glyph render(char32_t c, int pixels) {
    const int which = find_face(c);
    if (which == kNoFont) return empty_box(pixels);
    FT_Face face = faces[static_cast<std::size_t>(which)].get();
    if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(pixels)) != 0 ||
        FT_Load_Char(face, c, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT) != 0 ||
        face->glyph->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY) {
      return empty_box(pixels);
    }
    const FT_Bitmap& bitmap = face->glyph->bitmap;
    Glyph glyph{{},
                static_cast<int>(bitmap.width),
                static_cast<int>(bitmap.rows),
                face->glyph->bitmap_left,
                face->glyph->bitmap_top,
                static_cast<int>((face->glyph->advance.x + 32) / 64)};
    glyph.pixels.resize(static_cast<std::size_t>(glyph.width) *
                        static_cast<std::size_t>(glyph.height));
    for (int y = 0; y < glyph.height; ++y) {
      std::copy_n(bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch, glyph.width,
                  glyph.pixels.begin() + static_cast<std::ptrdiff_t>(y) * glyph.width);
    }
    return glyph;
  }

  const Glyph& glyph(char32_t c, int pixels) {
    const uint64_t key = static_cast<uint64_t>(pixels) << 32U | c;
    const auto known = glyphs.find(key);
    if (known != glyphs.end()) return known->second;
    if (glyphs.size() >= kMaxGlyphs) glyphs.clear();
    return glyphs.emplace(key, render(c, pixels)).first->second;
  }

  int width_of(const std::vector<char32_t>& characters, int pixels) {
    int width = 0;
    for (const char32_t c : characters) width += glyph(c, pixels).advance;
    return width;
  }
};

FontSet::FontSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
FontSet::FontSet(FontSet&&) noexcept = default;
FontSet& FontSet::operator=(FontSet&&) noexcept = default;
FontSet::~FontSet() = default;

Result<FontSet> FontSet::open(const FontSpec& spec) {
  auto state = std::make_unique<State>();
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) {
    return Error(ErrorCode::kInternal, "FreeType cannot be started");
  }
  state->library.reset(library);
  WEIR_ASSIGN(state->files, files_of(spec));
  if (!state->open_next() || (!spec.file.empty() && state->next_file != 1)) {
    return Error(ErrorCode::kCorrupt, "not an outline font that FreeType reads",
                 state->files.front(), "name a .ttf, .otf or .ttc file");
  }
  return FontSet(std::move(state));
}

TextSize FontSet::measure(std::string_view text, int pixels) {
  pixels = std::clamp(pixels, 4, 2000);
  // Of the body, not of these letters, so that labels of one size are plates of one height.
  return {state_->width_of(characters_of(text), pixels), (pixels * 19 + 10) / 20,
          (pixels * 5 + 10) / 20};
}

std::string FontSet::shortened(std::string_view text, int pixels, int width) {
  pixels = std::clamp(pixels, 4, 2000);
  std::vector<char32_t> characters = characters_of(text);
  int left = width - state_->width_of(characters, pixels);
  if (left < 0) {
    left -= state_->glyph(kEllipsis, pixels).advance;
    while (left < 0 && !characters.empty()) {
      left += state_->glyph(characters.back(), pixels).advance;
      characters.pop_back();
    }
    if (left < 0 || characters.empty()) return {};
    while (!characters.empty() && characters.back() == U' ') characters.pop_back();
    characters.push_back(kEllipsis);
  }
  std::string out;
  for (const char32_t c : characters) append_utf8(out, c);
  return out;
}

void FontSet::draw(Canvas& canvas, std::string_view text, int pixels, int x, int baseline,
                   Colour ink) {
  pixels = std::clamp(pixels, 4, 2000);
  for (const char32_t c : characters_of(text)) {
    const Glyph& glyph = state_->glyph(c, pixels);
    canvas.stamp({glyph.pixels.data(), glyph.width, glyph.width, glyph.height}, x + glyph.left,
                 baseline - glyph.top, ink);
    x += glyph.advance;
    if (x > canvas.width()) return;
  }
}

}  // namespace weir

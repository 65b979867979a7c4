#include "weir/ops/draw/font_faces.h"

#include <ft2build.h>
#include <hb-ft.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include FT_FREETYPE_H

#include "weir/ops/draw/font_files.h"

namespace weir {
namespace {

constexpr std::size_t kMaxGlyphs = 8192;
constexpr std::size_t kMaxFonts = 256;

struct LibraryDone {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};
struct FaceDone {
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};
struct FontDone {
  void operator()(hb_font_t* font) const { hb_font_destroy(font); }
};
using Library = std::unique_ptr<FT_LibraryRec_, LibraryDone>;

// Both libraries have to place letters alike.
constexpr FT_Int32 kHinting = FT_LOAD_TARGET_LIGHT;

// One font for FreeType, which draws its letters, and for HarfBuzz, which chooses and places them.
struct OpenFace {
  std::unique_ptr<FT_FaceRec_, FaceDone> outlines;
  std::unique_ptr<hb_font_t, FontDone> shapes;
  int pixels = 0;

  bool set_size(int wanted) {
    if (pixels == wanted) return true;
    if (FT_Set_Pixel_Sizes(outlines.get(), 0, static_cast<FT_UInt>(wanted)) != 0) return false;
    hb_ft_font_changed(shapes.get());
    pixels = wanted;
    return true;
  }
};

OpenFace open_face(FT_Library library, const std::string& file) {
  FT_Face face = nullptr;
  if (FT_New_Face(library, file.c_str(), 0, &face) != 0) return {};
  OpenFace open{.outlines = {face, {}}, .shapes = nullptr};
  if (!FT_IS_SCALABLE(face)) return {};
  open.shapes.reset(hb_ft_font_create_referenced(face));
  hb_ft_font_set_load_flags(open.shapes.get(), kHinting);
  return open;
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

struct FontFaces::State {
  // Characters come in blocks that a font has or has not; none is looked for twice.
  static constexpr unsigned kBlockBits = 7;

  Library library;
  std::vector<std::string> files;
  std::vector<OpenFace> faces;  // those that were opened and are used; the first is the usual one
  std::size_t next_file = 0;
  std::map<char32_t, int> face_of_block;
  std::unordered_map<char32_t, GlyphName> plain;  // what a character is that stands by itself
  std::unordered_map<uint64_t, Glyph> glyphs;

  bool open_next() {
    while (next_file < files.size()) {
      OpenFace face = open_face(library.get(), files[next_file++]);
      if (face.outlines == nullptr) continue;
      faces.push_back(std::move(face));
      return true;
    }
    return false;
  }

  OpenFace& face(int which) { return faces[static_cast<std::size_t>(which)]; }

  uint32_t index_of(int which, char32_t c) {
    return FT_Get_Char_Index(face(which).outlines.get(), c);
  }

  bool has(int which, char32_t c) { return index_of(which, c) != 0; }

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

  GlyphName plain_glyph(char32_t c) {
    const auto known = plain.find(c);
    if (known != plain.end()) return known->second;
    if (plain.size() >= kMaxGlyphs) plain.clear();
    const int which = find_face(c);
    return plain[c] = {which, which == kNoFont ? 0 : index_of(which, c)};
  }

  Glyph render(const GlyphName& name, int pixels) {
    if (name.face == kNoFont) return empty_box(pixels);
    FT_Face outlines = face(name.face).outlines.get();
    if (!face(name.face).set_size(pixels) ||
        FT_Load_Glyph(outlines, name.index, FT_LOAD_RENDER | kHinting) != 0 ||
        outlines->glyph->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY) {
      return empty_box(pixels);
    }
    const FT_Bitmap& bitmap = outlines->glyph->bitmap;
    Glyph glyph{{},
                static_cast<int>(bitmap.width),
                static_cast<int>(bitmap.rows),
                outlines->glyph->bitmap_left,
                outlines->glyph->bitmap_top,
                whole_pixels(outlines->glyph->advance.x)};
    glyph.pixels.resize(static_cast<std::size_t>(glyph.width) *
                        static_cast<std::size_t>(glyph.height));
    for (int y = 0; y < glyph.height; ++y) {
      std::copy_n(bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch, glyph.width,
                  glyph.pixels.begin() + static_cast<std::ptrdiff_t>(y) * glyph.width);
    }
    return glyph;
  }

  const Glyph& glyph(const GlyphName& name, int pixels) {
    const auto face = static_cast<uint64_t>(name.face + 1);
    const uint64_t key = face << 48U | static_cast<uint64_t>(pixels) << 32U | name.index;
    const auto known = glyphs.find(key);
    if (known != glyphs.end()) return known->second;
    if (glyphs.size() >= kMaxGlyphs) glyphs.clear();
    return glyphs.emplace(key, render(name, pixels)).first->second;
  }
};

FontFaces::FontFaces(std::unique_ptr<State> state) : state_(std::move(state)) {}
FontFaces::~FontFaces() = default;

Result<std::unique_ptr<FontFaces>> FontFaces::open(const FontSpec& spec) {
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
  return std::unique_ptr<FontFaces>(new FontFaces(std::move(state)));
}

int FontFaces::find(char32_t c) {
  return state_->find_face(c);
}

bool FontFaces::has(int face, char32_t c) const {
  return state_->has(face, c);
}

GlyphName FontFaces::glyph_of(char32_t c) {
  return state_->plain_glyph(c);
}

const Glyph& FontFaces::glyph(const GlyphName& name, int pixels) {
  return state_->glyph(name, pixels);
}

hb_font_t* FontFaces::shapes(int face, int pixels) {
  return state_->face(face).set_size(pixels) ? state_->face(face).shapes.get() : nullptr;
}

}  // namespace weir

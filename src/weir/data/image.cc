#include "weir/data/image.h"

#include <string>

#include "weir/data/host_memory.h"

namespace weir {
namespace {

// How a plane relates to the picture: its width and height are divided by `shrink`, rounded up, and
// each of its samples has `channels` bytes.
struct PlaneLayout {
  int shrink;
  int channels;
};

struct FormatRow {
  std::string_view name;
  int planes;
  PlaneLayout layout[ImageView::kMaxPlanes];
};

// In the order of PixelFormat.
constexpr FormatRow kFormats[kPixelFormatCount] = {
    {"bgr", 1, {{1, 3}, {}, {}}},          {"rgb", 1, {{1, 3}, {}, {}}},
    {"grey", 1, {{1, 1}, {}, {}}},         {"nv12", 2, {{1, 1}, {2, 2}, {}}},
    {"i420", 3, {{1, 1}, {2, 1}, {2, 1}}},
};

const FormatRow& row_of(PixelFormat format) {
  return kFormats[static_cast<int>(format)];
}

Error bad(const ImageView& view, const std::string& what, std::string hint = {}) {
  return Error(ErrorCode::kInvalidArgument,
               "a " + std::string(name(view.format)) + " picture of " + std::to_string(view.width) +
                   "x" + std::to_string(view.height) + " " + what,
               "", std::move(hint));
}

Status check_size(const ImageView& view) {
  if (view.width >= 1 && view.height >= 1 && view.width <= Image::kMaxSide &&
      view.height <= Image::kMaxSide) {
    return {};
  }
  return bad(view, "cannot be", "sides are 1 to " + std::to_string(Image::kMaxSide) + " pixels");
}

}  // namespace

std::string_view name(PixelFormat format) {
  return row_of(format).name;
}

Result<PixelFormat> parse_pixel_format(std::string_view text) {
  for (int i = 0; i < kPixelFormatCount; ++i) {
    if (kFormats[i].name == text) return static_cast<PixelFormat>(i);
  }
  return Error(ErrorCode::kInvalidArgument, "unknown pixel format '" + std::string(text) + "'", "",
               "write bgr, rgb, grey, nv12 or i420");
}

int plane_count(PixelFormat format) {
  return row_of(format).planes;
}

int ImageView::plane_rows(int plane) const {
  const int shrink = row_of(format).layout[plane].shrink;
  return (height + shrink - 1) / shrink;
}

std::size_t ImageView::row_bytes(int plane) const {
  const PlaneLayout& layout = row_of(format).layout[plane];
  return static_cast<std::size_t>((width + layout.shrink - 1) / layout.shrink) *
         static_cast<std::size_t>(layout.channels);
}

Status check(const ImageView& view) {
  WEIR_TRY(check_size(view));
  for (int i = 0; i < plane_count(view.format); ++i) {
    const ImageView::Plane& plane = view.planes[i];
    if (plane.data == nullptr) return bad(view, "has no plane " + std::to_string(i));
    if (plane.stride < static_cast<std::ptrdiff_t>(view.row_bytes(i))) {
      return bad(
          view,
          "has a stride of " + std::to_string(plane.stride) + " in plane " + std::to_string(i),
          "a row has " + std::to_string(view.row_bytes(i)) + " bytes");
    }
  }
  return {};
}

Result<Image> Image::allocate(PixelFormat format, int width, int height) {
  ImageView view;
  view.format = format;
  view.width = width;
  view.height = height;
  WEIR_TRY(check_size(view));
  std::size_t bytes = 0;
  for (int i = 0; i < plane_count(format); ++i) {
    const std::size_t stride = (view.row_bytes(i) + kAlignment - 1) / kAlignment * kAlignment;
    view.planes[i].stride = static_cast<std::ptrdiff_t>(stride);
    bytes += stride * static_cast<std::size_t>(view.plane_rows(i));
  }
  static_assert(kAlignment == kHostAlignment);
  WEIR_ASSIGN(std::shared_ptr<void> memory, allocate_host(bytes));
  auto* next = static_cast<uint8_t*>(memory.get());
  for (int i = 0; i < plane_count(format); ++i) {
    view.planes[i].data = next;
    next += view.planes[i].stride * view.plane_rows(i);
  }
  return shared(view, memory);
}

Result<Image> Image::shared(const ImageView& view, std::shared_ptr<const void> owner) {
  WEIR_TRY(check(view));
  Image image;
  image.view_ = view;
  image.owner_ = std::move(owner);
  return image;
}

Result<Image> Image::borrowed(const ImageView& view) {
  return shared(view, nullptr);
}

Image Image::rotated(Rotation rotation) const {
  Image image = *this;
  image.view_.rotation = rotation;
  return image;
}

}  // namespace weir

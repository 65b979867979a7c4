// A picture as it lies in memory: pixel format, size, up to three planes with strides, and which
// way up it is.
//
// ImageView borrows: whoever made it says how long the memory lives. Image shares: copies of it
// look at the same pixels, which live as long as the last of them, and whose release is the owner's
// business (an allocation, a pool's block, a decoder's frame). Neither synchronises: concurrent
// readers are fine, a writer is alone. The input of a task is read-only.
//
//   WEIR_ASSIGN(Image picture, Image::allocate(PixelFormat::kBgr, 1280, 720));
//   uint8_t* row = picture.view().row(0, 100);
//
//   // A decoder's frame: the last copy of the Image gives it back.
//   std::shared_ptr<const void> owner(frame, [](const void* f) { give_back(f); });
//   WEIR_ASSIGN(Image frame_image, Image::shared(view, std::move(owner)));
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "weir/base/result.h"

namespace weir {

enum class PixelFormat : uint8_t {
  kBgr,   // 8 bits a channel, interleaved
  kRgb,   // the same in the other order
  kGrey,  // one plane of 8 bits
  kNv12,  // a plane of Y; a plane of U, V pairs at half the size
  kI420,  // a plane of Y; one of U and one of V at half the size
};
inline constexpr int kPixelFormatCount = 5;

// "bgr", "rgb", "grey", "nv12", "i420".
std::string_view name(PixelFormat format);
Result<PixelFormat> parse_pixel_format(std::string_view text);
int plane_count(PixelFormat format);
constexpr bool is_yuv(PixelFormat format) {
  return format == PixelFormat::kNv12 || format == PixelFormat::kI420;
}

// The clockwise turn that makes the stored picture upright.
enum class Rotation : uint8_t { k0, k90, k180, k270 };

// What Y, U and V mean. Video is mostly limited range; BT.601 up to 576 lines, BT.709 above.
enum class YuvMatrix : uint8_t { kBt601, kBt709 };

struct ImageView {
  static constexpr int kMaxPlanes = 3;
  struct Plane {
    uint8_t* data = nullptr;
    std::ptrdiff_t stride = 0;  // bytes from one row to the next, at least those of a row
  };

  PixelFormat format = PixelFormat::kBgr;
  int width = 0;  // of the stored picture, before it is turned
  int height = 0;
  Rotation rotation = Rotation::k0;
  YuvMatrix matrix = YuvMatrix::kBt601;
  bool full_range = false;  // Y from 0 to 255 instead of 16 to 235; YUV formats only
  std::array<Plane, kMaxPlanes> planes{};

  int upright_width() const { return is_sideways() ? height : width; }
  int upright_height() const { return is_sideways() ? width : height; }
  bool is_sideways() const { return rotation == Rotation::k90 || rotation == Rotation::k270; }
  // Sizes of a plane. The chroma planes of an odd picture are rounded up: 5x3 has 3x2.
  int plane_rows(int plane) const;
  std::size_t row_bytes(int plane) const;
  uint8_t* row(int plane, int y) const { return planes[plane].data + y * planes[plane].stride; }
};

// An Error if the size is absurd, a plane is missing, or a stride is shorter than a row.
Status check(const ImageView& view);

class Image {
 public:
  // The limit of one side: a size read from a damaged file must not take the machine down.
  static constexpr int kMaxSide = 1 << 15;
  static constexpr std::size_t kAlignment = 64;

  Image() = default;
  // Memory of our own, not cleared. Rows start at multiples of kAlignment: mind the stride.
  static Result<Image> allocate(PixelFormat format, int width, int height);
  // Memory of somebody else, kept alive by `owner`.
  static Result<Image> shared(const ImageView& view, std::shared_ptr<const void> owner);
  // Memory of somebody else, who promises that it outlives every copy of this Image.
  static Result<Image> borrowed(const ImageView& view);

  const ImageView& view() const { return view_; }
  PixelFormat format() const { return view_.format; }
  // Of the upright picture, in whose pixels all findings are.
  int width() const { return view_.upright_width(); }
  int height() const { return view_.upright_height(); }
  bool empty() const { return view_.planes[0].data == nullptr; }
  // The same pixels, to be seen the other way up.
  Image rotated(Rotation rotation) const;

 private:
  ImageView view_;
  std::shared_ptr<const void> owner_;
};

}  // namespace weir

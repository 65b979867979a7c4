// Any picture, plan, warp and spec: memory is as large as the view says and no larger, so that the
// sanitizer sees every byte that is read or written beyond. What is accepted must be written whole.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_rule.h"
#include "weir/ops/warp_image.h"

namespace {

using namespace weir;

class Bytes {
 public:
  Bytes(const uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  int below(int n) { return static_cast<int>(next<uint16_t>() % static_cast<unsigned>(n)); }
  // Any float there is, or mostly one of a sensible size.
  float number(float scale) {
    if (below(16) == 0) return next<float>();
    return (static_cast<float>(next<int16_t>()) / 32768) * scale;
  }

 private:
  template <class T>
  T next() {
    T value{};
    const auto left = static_cast<std::size_t>(end_ - at_);
    const std::size_t size = left < sizeof(T) ? left : sizeof(T);
    std::memcpy(&value, at_, size);
    at_ += size;
    return value;
  }
  const uint8_t* at_;
  const uint8_t* end_;
};

struct Picture {
  ImageView view;
  std::vector<std::vector<uint8_t>> memory;
};

Picture picture_of(Bytes& bytes) {
  Picture made;
  ImageView& view = made.view;
  view.format = static_cast<PixelFormat>(bytes.below(kPixelFormatCount));
  view.width = 1 + bytes.below(bytes.below(4) == 0 ? 700 : 60);
  view.height = 1 + bytes.below(60);
  view.rotation = static_cast<Rotation>(bytes.below(4));
  view.full_range = bytes.below(2) == 0;
  for (int i = 0; i < plane_count(view.format); ++i) {
    const std::size_t row = view.row_bytes(i);
    const std::size_t stride = row + static_cast<std::size_t>(bytes.below(3) * 7);
    // The last row ends where it ends.
    made.memory.emplace_back(stride * static_cast<std::size_t>(view.plane_rows(i) - 1) + row,
                             uint8_t{77});
    view.planes[i] = {made.memory.back().data(), static_cast<std::ptrdiff_t>(stride)};
  }
  return made;
}

PrepareSpec spec_of(Bytes& bytes) {
  PrepareSpec spec;
  spec.resize = static_cast<ResizePolicy>(bytes.below(7));
  spec.layout = static_cast<TensorLayout>(bytes.below(2));
  spec.channels = static_cast<ChannelOrder>(bytes.below(3));
  if (bytes.below(2) == 0) spec.scale = bytes.number(2);
  if (bytes.below(2) == 0) spec.mean = {bytes.number(300), bytes.number(300), bytes.number(300)};
  if (bytes.below(2) == 0) spec.std = {bytes.number(300), bytes.number(300), bytes.number(300)};
  if (bytes.below(2) == 0) spec.pad = {bytes.number(300), bytes.number(300), bytes.number(300)};
  if (bytes.below(2) == 0) spec.step = bytes.number(2);
  return spec;
}

void prepare(Bytes& bytes, const Picture& picture, const PrepareSpec& spec, const TensorView& out,
             OpenSize size) {
  const ImageView& view = picture.view;
  ResizeRule rule{.policy = spec.resize,
                  .short_side = bytes.below(100),
                  .min_side = bytes.below(100),
                  .max_side = bytes.below(200)};
  rule.crop = {bytes.below(9), bytes.below(9), bytes.below(9), bytes.below(9)};
  const Box region{bytes.number(80), bytes.number(80), bytes.number(800), bytes.number(80)};
  const auto plan = plan_resize(rule, view.upright_width(), view.upright_height(), region, size);
  if (plan) (void)prepare_image(view, *plan, spec, out);
  (void)prepare_image(view, spec, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const Picture picture = picture_of(bytes);
  const PrepareSpec spec = spec_of(bytes);
  const int width = 1 + bytes.below(80);
  const int height = 1 + bytes.below(20);
  const int channels = channel_count(spec.channels);
  const DType dtype = bytes.below(2) == 0 ? DType::kFloat32 : DType::kUInt8;
  const auto count = static_cast<std::size_t>(width * height * channels);
  std::vector<uint8_t> memory(count * size_of(dtype));
  TensorView out{.data = memory.data(), .dtype = dtype};
  out.shape = spec.layout == TensorLayout::kNchw ? Shape{1, channels, height, width}
                                                 : Shape{1, height, width, channels};
  prepare(bytes, picture, spec, out, {width, height});
  const Affine map{bytes.number(3), bytes.number(3), bytes.number(300),
                   bytes.number(3), bytes.number(3), bytes.number(300)};
  (void)warp_image(picture.view, map, spec, out);
  return 0;
}

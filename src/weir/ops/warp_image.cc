#include "weir/ops/warp_image.h"

#include <algorithm>

#include "weir/ops/fused_warp.h"
#include "weir/ops/pad_writer.h"
#include "weir/ops/picture_levels.h"
#include "weir/ops/tensor_target.h"
#include "weir/ops/warp_span.h"

namespace weir {
namespace {

// The share of a pixel's width around `position` that lies inside of 0 … length.
double inside(double position, int length) {
  return std::clamp(std::min(position + 0.5, length + 0.5 - position), 0.0, 1.0);
}

template <class Writer>
class Warp {
 public:
  Warp(const ImageView& image, const Affine& map, const PrepareSpec& spec,
       const ops::TensorTarget& target, WarpBorder border, Writer writer)
      : image_(image),
        map_(map),
        seen_(map, target.width, target.height, {-0.5, -0.5},
              {image.width + 0.5, image.height + 0.5}),
        width_(target.width),
        repeats_(border == WarpBorder::kRepeat),
        grey_(spec.channels == ChannelOrder::kGrey),
        picture_(image),
        padding_(target, spec),
        fused_(image, map, spec, target),
        writer_(writer) {}

  void row(int y) {
    const ops::Shown seen = repeats_ ? ops::Shown{0, width_} : seen_.of_row(y);
    padding_.pad(0, seen.from, y);
    const ops::Shown inside = fused_.row(y, seen);
    for (int x = seen.from; x < inside.from; ++x) pixel(x, y);
    for (int x = inside.to; x < seen.to; ++x) pixel(x, y);
    padding_.pad(seen.to, width_, y);
  }

 private:
  void pixel(int x, int y) {
    const Point at = map_.apply(Point{x + 0.5, y + 0.5});
    const double part = inside(at.x, image_.width) * inside(at.y, image_.height);
    const auto share = repeats_ ? 1.0F : static_cast<float>(part);
    if (!(share > 0)) return padding_.pad(x, x + 1, y);
    const ops::Taps luma = picture_.luma_taps(at.x, at.y);
    if (grey_) return writer_.grey(x, y, picture_.grey(luma), share);
    writer_.rgb(x, y, picture_.rgb(luma, picture_.chroma_taps(at.x, at.y)), share);
  }

  const ImageView& image_;
  const Affine map_;
  const ops::WarpSpans seen_;
  const int width_;
  const bool repeats_;
  const bool grey_;
  const ops::PictureLevels picture_;
  const ops::PadWriter padding_;
  ops::FusedWarp fused_;
  Writer writer_;
};

}  // namespace

Status warp_image(const ImageView& image, const Affine& to_source, const PrepareSpec& spec,
                  const TensorView& out, WarpBorder border) {
  WEIR_TRY(check(image));
  WEIR_ASSIGN(const ops::TensorTarget target, ops::target_of(out, spec));
  if (!to_source.is_finite()) {
    return Error(ErrorCode::kInvalidArgument, "this warp has numbers that are none");
  }
  const Affine map = compose(ops::to_stored(image), to_source);
  ops::with_writer(target, spec, [&](auto writer) {
    Warp warp(image, map, spec, target, border, writer);
    for (int y = 0; y < target.height; ++y) warp.row(y);
  });
  return {};
}

}  // namespace weir

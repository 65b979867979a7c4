#include "weir/ops/prepare_image.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "weir/ops/box.h"
#include "weir/ops/filter_prepare.h"
#include "weir/ops/fused_prepare.h"
#include "weir/ops/fused_warp.h"
#include "weir/ops/half_size.h"
#include "weir/ops/pad_writer.h"
#include "weir/ops/picture_levels.h"
#include "weir/ops/tensor_target.h"
#include "weir/ops/warp_span.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 3> kOrderNames = {"rgb", "bgr", "grey"};
constexpr std::array<std::string_view, 2> kLayoutNames = {"nchw", "nhwc"};

template <class Enum, std::size_t count>
Result<Enum> parse(std::string_view text, const std::array<std::string_view, count>& names,
                   std::string_view what) {
  std::string choices;
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
    choices += (i == 0 ? "write " : i + 1 == count ? " or " : ", ") + std::string(names[i]);
  }
  return Error(ErrorCode::kInvalidArgument,
               "unknown " + std::string(what) + " '" + std::string(text) + "'", "", choices);
}

// Every pixel from where the plan says, for what the fused pass over rows leaves: pictures that lie
// on their side, and those that are made very much smaller.
template <class Writer>
void write_all(const ImageView& image, const PrepareSpec& spec, const ResizePlan& plan,
               const ops::TensorTarget& target, Writer writer) {
  const Affine map = compose(ops::to_stored(image), plan.to_source());
  const ops::PictureLevels picture(image);
  const ops::PadWriter padding(target, spec);
  ops::FusedWarp fused(image, map, spec, target);
  const bool grey = spec.channels == ChannelOrder::kGrey;
  const auto pixels = [&](int from, int to, int y) {
    for (int x = from; x < to; ++x) {
      const Point at = map.apply(Point{x + 0.5, y + 0.5});
      const ops::Taps luma = picture.luma_taps(at.x, at.y);
      if (grey) {
        writer.grey(x, y, picture.grey(luma));
      } else {
        writer.rgb(x, y, picture.rgb(luma, picture.chroma_taps(at.x, at.y)));
      }
    }
  };
  const ops::Shown columns = ops::columns_shown(plan);
  const ops::Shown rows = ops::rows_shown(plan);
  for (int y = 0; y < plan.height; ++y) {
    if (y < rows.from || y >= rows.to) {
      padding.pad(0, plan.width, y);
      continue;
    }
    padding.pad(0, columns.from, y);
    const ops::Shown inside = fused.row(y, columns);
    pixels(columns.from, inside.from, y);
    pixels(inside.to, columns.to, y);
    padding.pad(columns.to, plan.width, y);
  }
}

Status check_plan(const ResizePlan& plan, const ImageView& image, const ops::TensorTarget& target) {
  const bool of_picture =
      plan.source_width == image.upright_width() && plan.source_height == image.upright_height();
  const bool of_output = plan.width == target.width && plan.height == target.height;
  constexpr int kFar = 1 << 28;
  const bool sound = plan.inner_width >= 1 && plan.inner_height >= 1 && plan.inner_width <= kFar &&
                     plan.inner_height <= kFar && std::abs(plan.left) <= kFar &&
                     std::abs(plan.top) <= kFar && is_proper(plan.region);
  if (of_picture && of_output && sound) return {};
  return Error(ErrorCode::kInvalidArgument,
               "this plan was made for other sizes than a picture of " +
                   std::to_string(image.upright_width()) + "x" +
                   std::to_string(image.upright_height()) + " and an input of " +
                   std::to_string(target.width) + "x" + std::to_string(target.height),
               "", "make it with plan_resize from both");
}

}  // namespace

std::string_view name(ChannelOrder order) {
  return kOrderNames[static_cast<std::size_t>(order)];
}
std::string_view name(TensorLayout layout) {
  return kLayoutNames[static_cast<std::size_t>(layout)];
}
Result<ChannelOrder> parse_channel_order(std::string_view text) {
  return parse<ChannelOrder>(text, kOrderNames, "channel order");
}
Result<TensorLayout> parse_tensor_layout(std::string_view text) {
  return parse<TensorLayout>(text, kLayoutNames, "layout");
}

Result<ResizePlan> prepare_image(const ImageView& image, const PrepareSpec& spec,
                                 const TensorView& out) {
  WEIR_TRY(check(image));
  WEIR_ASSIGN(const ops::TensorTarget target, ops::target_of(out, spec));
  WEIR_ASSIGN(const ResizePlan plan,
              plan_resize(spec.resize, image.upright_width(), image.upright_height(), target.width,
                          target.height));
  WEIR_TRY(prepare_image(image, plan, spec, out));
  return plan;
}

Status prepare_image(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
                     const TensorView& out) {
  WEIR_TRY(check(image));
  WEIR_ASSIGN(const ops::TensorTarget target, ops::target_of(out, spec));
  WEIR_TRY(check_plan(plan, image, target));
  if (!ops::is_bilinear(spec.filter, image, plan)) {
    ops::filter_prepare(image, plan, spec, target);
    return {};
  }
  if (ops::half_size(image, plan, spec, target)) return {};
  if (ops::fused_prepare(image, plan, spec, target)) return {};
  ops::with_writer(target, spec,
                   [&](auto writer) { write_all(image, spec, plan, target, writer); });
  return {};
}

}  // namespace weir

#include "weir/model/picture_input.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "weir/model/resize_rule_of.h"

namespace weir {
namespace {

// Where the sizes of a picture stand in the shape of a tensor.
struct Axes {
  std::size_t channels = 0;
  std::size_t height = 0;
  std::size_t width = 0;
};

Axes axes_of(TensorLayout layout, std::size_t rank) {
  const std::size_t first = rank - 3;
  return layout == TensorLayout::kNchw ? Axes{first, first + 1, first + 2}
                                       : Axes{first + 2, first, first + 1};
}

bool may_be_channels(int64_t size) {
  return size == 1 || size == 3;
}

Result<TensorLayout> layout_of(const FamilyContext& context, const TensorInfo& input) {
  const Shape& shape = input.shape;
  if (shape.rank() < 3 || shape.rank() > 4) {
    return context.mismatch("its input '" + input.name + "' is " + to_string(shape),
                            "an input for pictures: 1x3xHxW or 1xHxWx3");
  }
  switch (context.spec.input.layout) {
    case InputSpec::Layout::kNchw:
      return TensorLayout::kNchw;
    case InputSpec::Layout::kNhwc:
      return TensorLayout::kNhwc;
    case InputSpec::Layout::kAuto:
      break;
  }
  const bool planar = may_be_channels(shape[shape.rank() - 3]);
  const bool interleaved = may_be_channels(shape[shape.rank() - 1]);
  if (interleaved && !planar) return TensorLayout::kNhwc;
  if (planar) return TensorLayout::kNchw;
  return context.mismatch("its input '" + input.name + "' is " + to_string(shape),
                          "an input for pictures with 1 or 3 channels; write input: {layout: …} "
                          "where the file does not say");
}

ChannelOrder order_of(const InputSpec& spec, int64_t channels) {
  if (channels == 1) return ChannelOrder::kGrey;
  switch (spec.colour) {
    case InputSpec::Colour::kBgr:
      return ChannelOrder::kBgr;
    case InputSpec::Colour::kGrey:
      return ChannelOrder::kGrey;
    case InputSpec::Colour::kRgb:
    case InputSpec::Colour::kAuto:
      break;
  }
  return ChannelOrder::kRgb;
}

// One value for all channels, or one each; none leaves what is there.
void spread(const std::vector<double>& values, std::array<float, 3>& to) {
  for (std::size_t c = 0; c < to.size() && !values.empty(); ++c) {
    to[c] = static_cast<float>(values[std::min(c, values.size() - 1)]);
  }
}

// Lists of more numbers are for tensors of more channels.
Status check_count(const std::vector<double>& values, const char* key, int channels,
                   const std::string& name) {
  if (values.size() <= 1 || static_cast<int>(values.size()) == channels) return {};
  return Error(ErrorCode::kInvalidArgument,
               std::to_string(values.size()) + " values for a picture of " +
                   std::to_string(channels) + (channels == 1 ? " channel" : " channels"),
               name + ".input." + key, "write one value, or one for each channel");
}

Status set_numbers(const InputSpec& spec, const std::string& name, PrepareSpec& prepare) {
  const int channels = channel_count(prepare.channels);
  WEIR_TRY(check_count(spec.mean, "mean", channels, name));
  WEIR_TRY(check_count(spec.std, "std", channels, name));
  if (spec.scale) prepare.scale = static_cast<float>(spec.scale->value);
  spread(spec.mean, prepare.mean);
  spread(spec.std, prepare.std);
  return {};
}

Result<PrepareSpec> prepare_spec(const FamilyContext& context, const TensorInfo& input) {
  PrepareSpec prepare;
  const InputSpec& spec = context.spec.input;
  WEIR_ASSIGN(prepare.layout, layout_of(context, input));
  const int64_t channels = input.shape[axes_of(prepare.layout, input.shape.rank()).channels];
  prepare.channels = order_of(spec, channels);
  if (channels != Shape::kDynamic && channels != channel_count(prepare.channels)) {
    return context.mismatch("its input '" + input.name + "' has " + std::to_string(channels) +
                                " channels: " + to_string(input.shape),
                            "pictures of " + std::to_string(channel_count(prepare.channels)));
  }
  if (input.dtype != DType::kFloat32 && input.dtype != DType::kUInt8) {
    return context.mismatch("its input '" + input.name + "' is " + std::string(name(input.dtype)),
                            "pictures as float32 or uint8");
  }
  WEIR_TRY(set_numbers(spec, context.name, prepare));
  spread(spec.resize.pad.level, prepare.pad);
  prepare.filter = resize_filter_of(spec.resize);
  return prepare;
}

}  // namespace

Status PictureInput::set_size(const ModelSpec& spec, const TensorInfo& input) {
  const Axes axes = axes_of(spec_.layout, input.shape.rank());
  const int64_t height = input.shape[axes.height];
  const int64_t width = input.shape[axes.width];
  const InputSize& wanted = spec.input.size;
  if (wanted.is_auto()) {
    width_ = static_cast<int>(std::max<int64_t>(width, 0));
    height_ = static_cast<int>(std::max<int64_t>(height, 0));
    return {};
  }
  if ((width > 0 && width != wanted.width) || (height > 0 && height != wanted.height)) {
    return Error(ErrorCode::kInvalidArgument,
                 "the model refuses a picture of " + std::to_string(wanted.width) + "x" +
                     std::to_string(wanted.height) + ": its input '" + input.name + "' is " +
                     to_string(input.shape),
                 name_, "leave input.size out");
  }
  width_ = wanted.width;
  height_ = wanted.height;
  return {};
}

Result<PictureInput> PictureInput::make(const FamilyContext& context, const TensorInfo& input,
                                        const PictureInputRules& rules) {
  PictureInput made;
  made.name_ = context.name;
  made.resize_ = resize_rule_of(context.spec.input.resize);
  if (made.resize_.multiple == 0) made.resize_.multiple = rules.multiple;
  if (made.resize_.max_side == 0) made.resize_.max_side = rules.max_side;
  WEIR_ASSIGN(made.spec_, prepare_spec(context, input));
  made.has_batch_ = input.shape.rank() == 4;
  WEIR_TRY(made.set_size(context.spec, input));
  return made;
}

Shape PictureInput::shape(int width, int height) const {
  Shape shape = has_batch_ ? Shape{1, 0, 0, 0} : Shape{0, 0, 0};
  const Axes axes = axes_of(spec_.layout, shape.rank());
  shape[axes.channels] = channel_count(spec_.channels);
  shape[axes.height] = height;
  shape[axes.width] = width;
  return shape;
}

Status PictureInput::shape_for(const ItemSource& item, Shape& shape) const {
  if (width_ > 0 && height_ > 0) {
    shape = this->shape(width_, height_);
    return {};
  }
  WEIR_ASSIGN(const Box region, region_of(item));
  WEIR_ASSIGN(const ResizePlan plan,
              plan_resize(resize_, item.picture->upright_width(), item.picture->upright_height(),
                          region, {width_, height_}));
  shape = this->shape(plan.width, plan.height);
  return {};
}

Status PictureInput::prepare(const ItemSource& item, const TensorView& input,
                             ItemPlan& plan) const {
  WEIR_ASSIGN(const Box region, region_of(item));
  const Axes axes = axes_of(spec_.layout, input.shape.rank());
  WEIR_ASSIGN(plan.resize, plan_resize(resize_, item.picture->upright_width(),
                                       item.picture->upright_height(), region,
                                       {static_cast<int>(input.shape[axes.width]),
                                        static_cast<int>(input.shape[axes.height])}));
  plan.to_source = plan.resize.to_source();
  return prepare_image(*item.picture, plan.resize, spec_, input);
}

Status PictureInput::expect_bilinear() const {
  if (spec_.filter == ResizeFilter::kBilinear) return {};
  return Error(ErrorCode::kUnsupported,
               "the filter '" + std::string(weir::name(spec_.filter)) +
                   "' is for pictures and upright boxes, not for what is cut out turned",
               name_ + ".input.resize.filter", "write bilinear, or leave it out");
}

Result<Box> region_of(const ItemSource& item) {
  if (item.picture == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the model looks at pictures, and this is none");
  }
  const Box whole{0, 0, static_cast<float>(item.picture->upright_width()),
                  static_cast<float>(item.picture->upright_height())};
  if (item.on == nullptr || !item.on->box) return whole;
  const Box& box = *item.on->box;
  const Box inside{std::max(box.x1, whole.x1), std::max(box.y1, whole.y1),
                   std::min(box.x2, whole.x2), std::min(box.y2, whole.y2)};
  if (!(inside.x2 > inside.x1) || !(inside.y2 > inside.y1)) {
    return Error(ErrorCode::kInvalidArgument, "nothing of the finding's box is in the picture");
  }
  return inside;
}

}  // namespace weir

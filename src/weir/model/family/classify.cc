#include "weir/model/family/classify.h"

#include <optional>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/classify_decode.h"
#include "weir/ops/prepare_tensor.h"

namespace weir {
namespace {

// How tensors become the input: channels as many as the model has.
struct TensorInput {
  PrepareTensorSpec spec;
  Shape shape;  // of the input; -1 where it is open

  Status shape_for(const TensorView& tensor, Shape& input) const {
    WEIR_ASSIGN(const PlaneShape planes, plane_shape(tensor.shape, spec.from));
    const bool planar = spec.to == TensorLayout::kNchw;
    const Shape own = planar ? Shape{1, planes.channels, planes.height, planes.width}
                             : Shape{1, planes.height, planes.width, planes.channels};
    input = {1};
    for (std::size_t i = 1; i < 4; ++i) input.push_back(shape[i] > 0 ? shape[i] : own[i]);
    return {};
  }
};

class Classifier final : public Family {
 public:
  Classifier(std::optional<PictureInput> picture, TensorInput tensor, const ClassifySpec& spec)
      : picture_(std::move(picture)), tensor_(std::move(tensor)), spec_(spec) {}

  Status shape_for(const ItemSource& item, std::span<Shape> inputs) const override {
    WEIR_TRY(check(item));
    if (item.tensor != nullptr) return tensor_.shape_for(*item.tensor, inputs[0]);
    return picture_->shape_for(item, inputs[0]);
  }
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    WEIR_TRY(check(item));
    if (item.tensor == nullptr) return picture_->prepare(item, inputs[0], plan);
    WEIR_ASSIGN(plan.resize, prepare_tensor(*item.tensor, tensor_.spec, inputs[0]));
    plan.to_source = plan.resize.to_source();
    return {};
  }
  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    return classify_decode(outputs[0], spec_, found);
  }

 private:
  Status check(const ItemSource& item) const {
    if (item.tensor != nullptr || picture_) return {};
    return Error(
        ErrorCode::kInvalidArgument,
        "the model takes tensors of " + to_string(tensor_.shape) + ", and this is a picture", "",
        "give a .npy file, or pictures stacked into a tensor");
  }

  std::optional<PictureInput> picture_;
  TensorInput tensor_;
  ClassifySpec spec_;
};

std::vector<float> floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

TensorInput tensor_input(const InputSpec& spec, const TensorInfo& input) {
  TensorInput made;
  const bool interleaved = spec.layout == InputSpec::Layout::kNhwc;
  made.spec.from = made.spec.to = interleaved ? TensorLayout::kNhwc : TensorLayout::kNchw;
  if (spec.scale) made.spec.scale = static_cast<float>(spec.scale->value);
  made.spec.mean = floats(spec.mean);
  made.spec.std = floats(spec.std);
  made.shape = input.shape;
  return made;
}

// A picture has one or three channels; whatever else comes is a tensor. Where neither the spec nor
// the file says which size is the channels', one that fits is.
bool takes_pictures(const TensorInfo& input, const InputSpec& spec) {
  const auto is_picture = [&](std::size_t axis) {
    return input.shape[axis] == 1 || input.shape[axis] == 3;
  };
  const auto may_be = [&](std::size_t axis) {
    return is_picture(axis) || input.shape[axis] == Shape::kDynamic;
  };
  if (spec.layout == InputSpec::Layout::kNchw) return may_be(1);
  if (spec.layout == InputSpec::Layout::kNhwc) return may_be(3);
  return is_picture(1) || is_picture(3);
}

// The number of classes, if the file says it: all sizes but the batch's and one are 1.
Result<int64_t> classes_of(const FamilyContext& context) {
  const std::string expects = "one float32 output with one number a class: 1xclasses";
  WEIR_TRY(family::expect_tensors(context, 1, expects));
  const TensorInfo& output = context.model().outputs()[0];
  if (output.any_rank) return Shape::kDynamic;
  int64_t classes = 1;
  bool is_open = false;
  for (std::size_t i = output.shape.rank() > 1 ? 1 : 0; i < output.shape.rank(); ++i) {
    const int64_t size = output.shape[i];
    is_open |= size == Shape::kDynamic;
    if (size == 1 || size == Shape::kDynamic) continue;
    if (classes != 1) return context.mismatch(family::outputs_are(context.model()), expects);
    classes = size;
  }
  return is_open ? Shape::kDynamic : classes;
}

// One label less than there are outputs: the first of them is the background.
Result<int32_t> skipped(const FamilyContext& context, const OptionReader& options,
                        int64_t classes) {
  const bool one_less =
      context.labels != nullptr && static_cast<int64_t>(context.labels->size()) + 1 == classes;
  WEIR_ASSIGN(const bool background, options.flag("background", one_less));
  WEIR_TRY(family::check_labels(context, background ? classes - 1 : classes));
  return background ? 1 : 0;
}

Result<ClassifySpec> read_spec(const FamilyContext& context) {
  const OptionReader options = context.options();
  ClassifySpec spec;
  spec.score = static_cast<float>(context.spec.thresholds.score.value_or(0));
  WEIR_ASSIGN(const int64_t top,
              options.integer("top", context.spec.thresholds.max_findings.value_or(5), 1, 100000));
  spec.top = static_cast<std::size_t>(top);
  auto kind = parse_score_kind(options.text("scores", "auto"));
  if (!kind) return std::move(kind).error().at(context.name + ".family_options.scores");
  spec.kind = *kind;
  WEIR_ASSIGN(const int64_t classes, classes_of(context));
  WEIR_ASSIGN(spec.skipped, skipped(context, options, classes));
  return spec;
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  WEIR_ASSIGN(const ClassifySpec spec, read_spec(context));
  const TensorInfo& input = context.model().inputs()[0];
  const InputSpec& how = context.spec.input;
  if (input.shape.rank() != 4) {
    return context.mismatch("its input '" + input.name + "' is " + to_string(input.shape),
                            "an input of four sizes: 1xCxHxW or 1xHxWxC");
  }
  TensorInput tensor = tensor_input(how, input);
  if (!takes_pictures(input, how)) {
    if (input.dtype != DType::kFloat32) {
      return context.mismatch("its input '" + input.name + "' is " + std::string(name(input.dtype)),
                              "tensors as float32");
    }
    return std::make_unique<const Classifier>(std::nullopt, std::move(tensor), spec);
  }
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, input, {.multiple = 32}));
  tensor.spec.to = tensor.spec.from = picture.spec().layout;
  return std::make_unique<const Classifier>(std::move(picture), std::move(tensor), spec);
}

}  // namespace

FamilyInfo classify_family() {
  FamilyInfo info;
  info.name = "classify";
  info.aliases = {"classification"};
  info.task = "classification";
  info.about = "One class of many, or several: pictures, and tensors with any number of channels";
  info.inputs =
      "a picture as the spec says (RGB, stretched; scale, mean and std are those of the "
      "training), or a tensor CxHxW with as many channels as the model";
  info.outputs = "one number a class: probabilities, or logits, which then go through a softmax";
  info.tested =
      "mobilenet_v2 224 and mobilenet_v1 128 (float and 8 bit), the angle of PP-OCR lines";
  info.gives = Gives{.score = true, .classes = true};
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.options = {
      {"top", "how many classes a finding names (max_findings of the thresholds, else 5)"},
      {"scores",
       "what the outputs are: probabilities, logits, sigmoid (classes that may be there "
       "together), or auto, which looks at them (auto)"},
      {"background", "whether the first output is no class (if there is one label less)"}};
  info.make = make;
  return info;
}

}  // namespace weir

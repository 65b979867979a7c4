#include "weir/model/family/detr.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/detr_decode.h"

namespace weir {
namespace {

constexpr const char* kExpectedInputs =
    "two inputs: pictures 1x3xHxW, and their sizes 1x2 as int64 (width, height)";
constexpr const char* kExpectedOutputs =
    "three outputs: labels [1x]N (int64, int32 or float32), boxes [1x]Nx4 and scores [1x]N "
    "(float32)";

// Which input or output is what, by its place.
struct Places {
  std::size_t images = 0;
  std::size_t sizes = 1;
  std::size_t labels = 0;
  std::size_t boxes = 1;
  std::size_t scores = 2;
};

class Detr final : public Family {
 public:
  Detr(PictureInput picture, const Places& places, const DetrDecodeSpec& spec)
      : picture_(std::move(picture)), places_(places), spec_(spec) {}

  Status shape_for(const ItemSource& item, std::span<Shape> inputs) const override {
    inputs[places_.sizes] = {1, 2};
    return picture_.shape_for(item, inputs[places_.images]);
  }

  // The boxes come out in the size that the model is told: that of its own input, from which the
  // plan then leads to the source as it does for every other family.
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    WEIR_TRY(picture_.prepare(item, inputs[places_.images], plan));
    auto* size = inputs[places_.sizes].as<int64_t>();
    size[0] = plan.resize.width;
    size[1] = plan.resize.height;
    return {};
  }

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan& plan,
                   std::vector<Finding>& found) const override {
    const DetrOutputs read{outputs[places_.labels], outputs[places_.boxes],
                           outputs[places_.scores]};
    return detr_decode(read, spec_, plan.resize, found);
  }

 private:
  PictureInput picture_;
  Places places_;
  DetrDecodeSpec spec_;
};

std::string inputs_are(const LoadedModel& model) {
  std::string text = "its inputs are";
  for (std::size_t i = 0; i < model.inputs().size(); ++i) {
    const TensorInfo& input = model.inputs()[i];
    text += (i == 0 ? " " : ", ") + input.name + " " + std::string(name(input.dtype)) + " " +
            to_string(input.shape);
  }
  return text;
}

Result<Places> find_inputs(const FamilyContext& context, Places places) {
  const std::vector<TensorInfo>& inputs = context.model().inputs();
  if (inputs.size() == 2) {
    places.images = inputs[0].shape.rank() == 4 ? 0 : 1;
    places.sizes = 1 - places.images;
    const TensorInfo& sizes = inputs[places.sizes];
    if (inputs[places.images].shape.rank() == 4 && sizes.dtype == DType::kInt64 &&
        sizes.accepts({1, 2})) {
      return places;
    }
  }
  return context.mismatch(inputs_are(context.model()), kExpectedInputs);
}

// By name where the names say it, since a file need not say the shapes.
Result<Places> find_outputs(const FamilyContext& context, Places places) {
  const std::vector<TensorInfo>& outputs = context.model().outputs();
  const auto named = [&](std::string_view part) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i].name.find(part) != std::string::npos) return i;
    }
    return std::nullopt;
  };
  const auto labels = named("label"), boxes = named("box"), scores = named("score");
  if (labels && boxes && scores) {
    places.labels = *labels;
    places.boxes = *boxes;
    places.scores = *scores;
  }
  const bool fits = outputs.size() == 3 && outputs[places.boxes].dtype == DType::kFloat32 &&
                    outputs[places.scores].dtype == DType::kFloat32 &&
                    places.labels != places.boxes && places.boxes != places.scores;
  const Shape& shape = fits ? outputs[places.boxes].shape : Shape();
  const bool has_sides = shape.rank() == 0 || shape[shape.rank() - 1] == 4 ||
                         shape[shape.rank() - 1] == Shape::kDynamic;
  if (!fits || !has_sides) {
    return context.mismatch(family::outputs_are(context.model()), kExpectedOutputs);
  }
  return places;
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  WEIR_ASSIGN(Places places, find_inputs(context, {}));
  WEIR_ASSIGN(places, find_outputs(context, places));
  DetrDecodeSpec spec;
  spec.detect = family::detection_spec(context.spec, spec.detect);
  if (context.labels != nullptr) spec.classes = static_cast<int32_t>(context.labels->size());
  WEIR_ASSIGN(
      PictureInput picture,
      PictureInput::make(context, context.model().inputs()[places.images], {.multiple = 32}));
  return std::make_unique<const Detr>(std::move(picture), places, spec);
}

}  // namespace

FamilyInfo detr_family() {
  FamilyInfo info;
  info.name = "detr";
  info.aliases = {"rt-detr", "rtdetr", "d-fine", "dfine", "deim", "deimv2"};
  info.task = "object detection";
  info.about = "RT-DETR, D-FINE, DEIM: a row a query, and no suppression";
  info.inputs =
      "a picture: RGB by 255, stretched; and the size in which boxes come out, as int64 "
      "(width, height)";
  info.outputs = "labels N, boxes Nx4 (x1, y1, x2, y2) and scores N, with or without a leading 1";
  info.tested = "DEIMv2-Atto 320, 8 bit";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{1.0 / 255};
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.thresholds = {.score = 0.4, .nms = 1.0, .candidates = {}, .max_findings = 300};
  info.make = make;
  return info;
}

}  // namespace weir

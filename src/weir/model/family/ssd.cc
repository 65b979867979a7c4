#include "weir/model/family/ssd.h"

#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/ssd_decode.h"

namespace weir {
namespace {

// Which output is what, by its place.
struct Places {
  std::size_t boxes = 0;
  std::size_t scores = 1;
  int64_t classes = 0;  // with the background
};

Result<SsdAnchorSpec> anchor_spec(const FamilyContext& context, const OptionReader& options,
                                  const PictureInput& picture) {
  SsdAnchorSpec spec;
  spec.input_width = picture.width();
  spec.input_height = picture.height();
  if (spec.input_width == 0 || spec.input_height == 0) {
    return Error(ErrorCode::kInvalidArgument, "the anchors of an SSD belong to one size of input",
                 context.name, "write input: {size: …}");
  }
  WEIR_ASSIGN(const double smallest, options.number("min_scale", spec.min_scale, 0.001, 10));
  WEIR_ASSIGN(const double largest, options.number("max_scale", spec.max_scale, 0.001, 10));
  spec.min_scale = static_cast<float>(smallest);
  spec.max_scale = static_cast<float>(largest);
  const std::string strides = options.text("strides");
  if (!strides.empty()) {
    WEIR_ASSIGN(spec.strides, family::read_strides(context, strides));
  }
  WEIR_ASSIGN(spec.interpolated, options.flag("interpolated", spec.interpolated));
  WEIR_ASSIGN(spec.reduced_first_layer,
              options.flag("reduced_first_layer", spec.reduced_first_layer));
  return spec;
}

// Boxes are the output with four numbers a row; where both have four, the first.
Result<Places> find_outputs(const FamilyContext& context, int64_t anchors) {
  const std::string count = std::to_string(anchors);
  const std::string expects = "two float32 outputs, 1x" + count + "x4 and 1x" + count +
                              "x(1+classes), for the anchors of its options";
  WEIR_TRY(family::expect_tensors(context, 2, expects));
  const std::vector<TensorInfo>& outputs = context.model().outputs();
  const auto fits = [&](std::size_t i, int64_t columns) {
    const Shape wanted =
        outputs[i].shape.rank() == 2 ? Shape{anchors, columns} : Shape{1, anchors, columns};
    return wanted.accepts(outputs[i].shape);
  };
  for (const std::size_t boxes : {0U, 1U}) {
    const std::size_t scores = 1 - boxes;
    if (!fits(boxes, 4) || !fits(scores, Shape::kDynamic)) continue;
    const Shape& shape = outputs[scores].shape;
    return Places{boxes, scores, shape[shape.rank() - 1]};
  }
  return context.mismatch(family::outputs_are(context.model()), expects);
}

// Labels may name the background or leave it out.
Result<int> label_shift(const FamilyContext& context, const Places& places, int background) {
  const bool without = context.labels != nullptr && background == 0 &&
                       static_cast<int64_t>(context.labels->size()) + 1 == places.classes;
  if (without) return 1;
  WEIR_TRY(family::check_labels(context, places.classes));
  return 0;
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const OptionReader options = context.options();
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0], {}));
  WEIR_ASSIGN(const SsdAnchorSpec shape, anchor_spec(context, options, picture));
  WEIR_ASSIGN(std::vector<SsdAnchor> anchors, ssd_anchors(shape));
  WEIR_ASSIGN(const Places places, find_outputs(context, static_cast<int64_t>(anchors.size())));
  SsdDecodeSpec spec;
  spec.detect = family::detection_spec(context.spec, spec.detect);
  WEIR_ASSIGN(spec.logits, options.flag("logits", true));
  WEIR_ASSIGN(const int64_t background, options.integer("background", 0, -1, 100000));
  spec.background = static_cast<int>(background);
  WEIR_ASSIGN(const int shift, label_shift(context, places, spec.background));
  return family::detector(
      std::move(picture),
      [spec, places, shift, anchors = std::move(anchors)](
          family::Outputs outputs, const ItemPlan& plan, std::vector<Finding>& found) -> Status {
        const std::size_t before = found.size();
        WEIR_TRY(ssd_decode(outputs[places.boxes], outputs[places.scores], anchors, spec,
                            plan.resize, found));
        for (std::size_t i = before; i < found.size(); ++i) found[i].best->label_id -= shift;
        return {};
      });
}

}  // namespace

FamilyInfo ssd_family() {
  FamilyInfo info;
  info.name = "ssd";
  info.task = "object detection";
  info.about = "SSD with anchors as MediaPipe and TensorFlow make them";
  info.inputs = "one picture: RGB from -1 to 1, stretched; of one size";
  info.outputs = "boxes 1xNx4 (y, x, h, w from the anchors) and scores 1xNx(1+classes)";
  info.tested = "ssd-mobilenet-v2-oid of the catalogue (TFLite)";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{2.0 / 255};
  info.input.mean = {1};
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.thresholds = {.score = 0.4, .nms = 0.6, .candidates = {}, .max_findings = 100};
  info.options = {
      {"strides", "of the layers of anchors (16, 32, 64, 128, 256, 512)"},
      {"min_scale", "of the first layer's anchors, as a share of the input (0.2)"},
      {"max_scale", "of the last layer's (0.95)"},
      {"interpolated", "whether each layer has a square of a size between two layers (yes)"},
      {"reduced_first_layer", "whether the first layer has only three anchors a place (yes)"},
      {"background", "the class that is nothing; -1 if there is none (0)"},
      {"logits", "whether scores still have to go through a sigmoid (yes)"}};
  info.make = make;
  return info;
}

}  // namespace weir

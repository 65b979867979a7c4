#include "weir/model/family/yolov8.h"

#include <optional>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/yolo_decode.h"

namespace weir {
namespace {

const char* const kExpects =
    "one float32 output 1x(4+classes)xN or 1xNx(4+classes), or end to end 1xNx6";

// As far as the file says it; nothing where even the rank is open.
Result<std::optional<YoloShape>> shape_of_output(const FamilyContext& context) {
  WEIR_TRY(family::expect_tensors(context, 1, kExpects));
  const TensorInfo& output = context.model().outputs()[0];
  if (output.any_rank) return std::optional<YoloShape>();
  const auto labels = context.labels == nullptr ? 0 : static_cast<int64_t>(context.labels->size());
  // The labels tell apart what could be two; where they fit neither, it is they that are wrong.
  Result<YoloShape> shape = yolo_shape(output.shape, labels);
  if (!shape) shape = yolo_shape(output.shape);
  if (!shape) return context.mismatch(family::outputs_are(context.model()), kExpects);
  WEIR_TRY(family::check_labels(context, shape->classes));
  return std::optional(*shape);
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  WEIR_ASSIGN(const std::optional<YoloShape> shape, shape_of_output(context));
  YoloDecodeSpec spec;
  spec.detect = family::detection_spec(context.spec);
  WEIR_ASSIGN(spec.detect.per_class, context.options().flag("per_class", true));
  if (context.labels != nullptr) spec.classes = static_cast<int64_t>(context.labels->size());
  if (shape) spec.layout = shape->layout;
  WEIR_ASSIGN(PictureInput picture,
              PictureInput::make(context, context.model().inputs()[0], {.multiple = 32}));
  const bool is_known = shape.has_value();
  return family::detector(std::move(picture),
                          [spec, is_known](family::Outputs outputs, const ItemPlan& plan,
                                           std::vector<Finding>& found) -> Status {
                            YoloDecodeSpec here = spec;
                            if (!is_known) {
                              WEIR_ASSIGN(const YoloShape seen,
                                          yolo_shape(outputs[0].shape, spec.classes));
                              here.layout = seen.layout;
                            }
                            return yolo_decode(outputs[0], here, plan.resize,
                                               DetectionWorkspace::of_this_thread(), found);
                          });
}

}  // namespace

FamilyInfo yolov8_family() {
  FamilyInfo info;
  info.name = "yolov8";
  info.aliases = {"yolo8", "yolo11", "yolov11"};
  info.task = "object detection";
  info.about = "YOLOv8, YOLO11 and detectors exported like them, of any number of classes";
  info.inputs =
      "one picture: RGB by 255, letterboxed to the centre with 114; where its size is open, sides "
      "that are multiples of 32";
  info.outputs =
      "one tensor 1x(4+classes)xN, or the same turned over, with boxes in pixels and classes after "
      "the sigmoid; or 1xNx6, already suppressed";
  info.tested = "generated files of all three layouts";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{1.0 / 255};
  info.input.resize.policy = ResizeSpec::Policy::kLetterbox;
  info.input.resize.anchor = ResizeSpec::Anchor::kCentre;
  info.input.resize.pad = {114};
  info.thresholds = {.score = 0.25, .nms = 0.45, .candidates = 30000, .max_findings = 300};
  info.options = {{"per_class", "whether boxes of different classes leave each other alone (yes)"}};
  info.make = make;
  return info;
}

}  // namespace weir

#include "weir/model/family/yolox.h"

#include <algorithm>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/grid.h"
#include "weir/ops/yolox_decode.h"

namespace weir {
namespace {

// As far as the file says it: the right number of rows, and of numbers in each.
Status check_output(const FamilyContext& context, const PictureInput& picture,
                    const YoloxDecodeSpec& spec) {
  std::string expects = "one float32 output 1xNx(5+classes)";
  int64_t cells = Shape::kDynamic;
  if (picture.width() > 0 && picture.height() > 0) {
    cells = cell_count(grids(picture.width(), picture.height(), spec.strides));
    expects += ", with N = " + std::to_string(cells) + " for an input of " +
               std::to_string(picture.width()) + "x" + std::to_string(picture.height());
  }
  WEIR_TRY(family::expect_tensors(context, 1, expects));
  const TensorInfo& output = context.model().outputs()[0];
  if (output.any_rank) return {};
  const Shape& shape = output.shape;
  const std::size_t rank = shape.rank();
  const auto is_or_open = [](int64_t size, int64_t wanted) {
    return size == Shape::kDynamic || wanted == Shape::kDynamic || size == wanted;
  };
  if (rank < 2 || rank > 3 || !is_or_open(shape[rank - 2], cells) ||
      (shape[rank - 1] < 6 && shape[rank - 1] != Shape::kDynamic)) {
    return context.mismatch(family::outputs_are(context.model()), expects);
  }
  return family::check_labels(context, shape[rank - 1] - 5);
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const OptionReader options = context.options();
  YoloxDecodeSpec spec;
  spec.detect = family::detection_spec(context.spec);
  WEIR_ASSIGN(spec.decoded, options.flag("decoded", false));
  WEIR_ASSIGN(spec.detect.per_class, options.flag("per_class", true));
  WEIR_ASSIGN(spec.strides, family::read_strides(context, options.text("strides", "8, 16, 32")));
  const auto coarsest = std::max_element(spec.strides.begin(), spec.strides.end());
  const int multiple = coarsest == spec.strides.end() ? 1 : *coarsest;
  WEIR_ASSIGN(PictureInput picture,
              PictureInput::make(context, context.model().inputs()[0], {.multiple = multiple}));
  WEIR_TRY(check_output(context, picture, spec));
  return family::detector(std::move(picture), [spec](family::Outputs outputs, const ItemPlan& plan,
                                                     std::vector<Finding>& found) {
    return yolox_decode(outputs[0], spec, plan.resize, found);
  });
}

}  // namespace

FamilyInfo yolox_family() {
  FamilyInfo info;
  info.name = "yolox";
  info.task = "object detection";
  info.about = "YOLOX and detectors exported like one, of any number of classes";
  info.inputs =
      "one picture: BGR from 0 to 255, letterboxed to the top left with 114; where its "
      "size is open, sides that are multiples of the largest stride";
  info.outputs =
      "one tensor 1xNx(5+classes): a row for each cell, with box, objectness and classes";
  info.tested = "yolox_nano 416 (ONNX; dynamic batch; 8 bit TFLite), light_person 192";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kBgr;
  info.input.resize.policy = ResizeSpec::Policy::kLetterbox;
  info.input.resize.anchor = ResizeSpec::Anchor::kTopLeft;
  info.input.resize.pad = {114};
  info.thresholds = {.score = 0.3, .nms = 0.45, .candidates = 1000, .max_findings = 300};
  info.options = {
      {"decoded",
       "whether boxes come out in pixels, as of an export with decode_in_inference (no)"},
      {"per_class", "whether boxes of different classes leave each other alone (yes)"},
      {"strides", "of the grids, in the order of the rows (8, 16, 32)"}};
  info.make = make;
  return info;
}

}  // namespace weir

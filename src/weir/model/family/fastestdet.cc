#include "weir/model/family/fastestdet.h"

#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/fastestdet_decode.h"

namespace weir {
namespace {

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const std::string expects = "one float32 output 1x(5+classes)xHxW";
  WEIR_TRY(family::expect_tensors(context, 1, expects));
  const TensorInfo& output = context.model().outputs()[0];
  const Shape& shape = output.shape;
  if (!output.any_rank && (shape.rank() != 4 || (shape[1] < 6 && shape[1] > 0))) {
    return context.mismatch(family::outputs_are(context.model()), expects);
  }
  if (!output.any_rank) WEIR_TRY(family::check_labels(context, shape[1] - 5));
  DetectionSpec spec = family::detection_spec(context.spec);
  WEIR_ASSIGN(spec.per_class, context.options().flag("per_class", true));
  WEIR_ASSIGN(PictureInput picture,
              PictureInput::make(context, context.model().inputs()[0], {.multiple = 32}));
  return family::detector(std::move(picture), [spec](family::Outputs outputs, const ItemPlan& plan,
                                                     std::vector<Finding>& found) {
    return fastestdet_decode(outputs[0], spec, plan.resize, found);
  });
}

}  // namespace

FamilyInfo fastestdet_family() {
  FamilyInfo info;
  info.name = "fastestdet";
  info.task = "object detection";
  info.about = "FastestDet: one grid, small and quick, with some false findings";
  info.inputs = "one picture: BGR by 255, stretched";
  info.outputs = "one tensor 1x(5+classes)xHxW: objectness, box and classes, channel by channel";
  info.tested = "FastestDet 352";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kBgr;
  info.input.scale = Scale{1.0 / 255};
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.thresholds = {.score = 0.65, .nms = 0.45, .candidates = 1000, .max_findings = 100};
  info.options = {{"per_class", "whether boxes of different classes leave each other alone (yes)"}};
  info.make = make;
  return info;
}

}  // namespace weir

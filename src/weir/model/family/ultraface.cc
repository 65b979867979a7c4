#include "weir/model/family/ultraface.h"

#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/ultraface_decode.h"

namespace weir {
namespace {

constexpr const char* kExpects =
    "two float32 outputs: scores 1xNx(1+classes) and boxes 1xNx4, with N = 4420 for an input of "
    "320x240 and 17640 for one of 640x480";

struct Places {
  std::size_t scores = 0;
  std::size_t boxes = 1;
  int64_t classes = 0;  // with the background
};

int64_t columns(const TensorInfo& output) {
  const std::size_t rank = output.shape.rank();
  return rank < 2 ? 0 : output.shape[rank - 1];
}

// Boxes have four columns; where scores have as many, the names say which is which.
Result<Places> find_outputs(const FamilyContext& context, int64_t anchors) {
  WEIR_TRY(family::expect_tensors(context, 2, kExpects));
  const std::vector<TensorInfo>& outputs = context.model().outputs();
  const bool second =
      columns(outputs[1]) == 4 && (columns(outputs[0]) != 4 || outputs[0].name.find("score") == 0);
  const Places places{second ? 0U : 1U, second ? 1U : 0U, columns(outputs[second ? 0 : 1])};
  const auto fits = [&](const TensorInfo& output) {
    return output.accepts({1, anchors, columns(output)});
  };
  const bool right = columns(outputs[places.boxes]) == 4 && places.classes >= 2 &&
                     fits(outputs[0]) && fits(outputs[1]);
  if (!right) return context.mismatch(family::outputs_are(context.model()), kExpects);
  return places;
}

Status check_labels(const FamilyContext& context, int64_t classes) {
  if (context.labels == nullptr || static_cast<int64_t>(context.labels->size()) == classes) {
    return {};
  }
  return Error(ErrorCode::kInvalidArgument,
               std::to_string(context.labels->size()) + " labels do not match the " +
                   std::to_string(classes) + " classes of the model, beside its background",
               context.name + ".labels",
               classes == 2 ? "write labels: [Face, Masked face]" : "write one a class");
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const OptionReader options = context.options();
  UltrafaceDecodeSpec spec;
  spec.detect = family::detection_spec(context.spec, spec.detect);
  WEIR_ASSIGN(spec.decoded, options.flag("decoded", true));
  WEIR_ASSIGN(spec.detect.per_class, options.flag("per_class", false));
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0]));
  if (picture.width() == 0 || picture.height() == 0) {
    return Error(ErrorCode::kInvalidArgument, "the rows of an UltraFace belong to one input size",
                 context.name, "write input: {size: [320, 240]}");
  }
  std::vector<SsdAnchor> anchors = ultraface_anchors(picture.width(), picture.height());
  WEIR_ASSIGN(const Places places, find_outputs(context, static_cast<int64_t>(anchors.size())));
  WEIR_TRY(check_labels(context, places.classes - 1));
  if (spec.decoded) anchors.clear();
  return family::detector(std::move(picture), [spec, places, anchors = std::move(anchors)](
                                                  family::Outputs outputs, const ItemPlan& plan,
                                                  std::vector<Finding>& found) {
    return ultraface_decode(outputs[places.scores], outputs[places.boxes], anchors, spec,
                            plan.resize, found);
  });
}

}  // namespace

FamilyInfo ultraface_family() {
  FamilyInfo info;
  info.name = "ultraface";
  info.task = "face detection";
  info.about = "UltraFace: fast face boxes without points; with a third class, masked faces";
  info.inputs = "one picture: RGB, (x - 127) / 128, stretched; of one size";
  info.outputs = "scores 1xNx(1+classes), the background first, and boxes 1xNx4 from 0 to 1";
  info.tested = "version-RFB-320, version-RFB-640, RFB-640-masked_face";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{1.0 / 128};
  info.input.mean = {127.0 / 128};
  // What lies between sampled pixels is lost to small faces: of 29 it then finds 15, not 19.
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.input.resize.filter = ResizeSpec::Filter::kArea;
  info.thresholds = {.score = 0.7, .nms = 0.3, .candidates = 1000, .max_findings = 200};
  info.labels.names = {"Face"};
  info.options = {
      {"decoded",
       "whether boxes are corners; no for '_simplified' exports, which leave offsets there (yes)"},
      {"per_class", "whether faces and masked faces leave each other alone (no)"}};
  info.make = make;
  return info;
}

}  // namespace weir

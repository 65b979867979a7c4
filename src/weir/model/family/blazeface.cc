#include "weir/model/family/blazeface.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "weir/model/family/detector.h"
#include "weir/ops/blazeface_decode.h"

namespace weir {
namespace {

constexpr const char* kExpects =
    "float32 outputs in pairs: scores 1xNx1 and rows 1xNx(4+2 a point), at one size of input";

// Where the two tensors of one part of the anchors are.
struct Pair {
  std::size_t scores = 0;
  std::size_t rows = 0;
  int64_t count = 0;
};

struct Size {
  int64_t rows = 0;
  int64_t columns = 0;
};
Size size_of(const TensorInfo& output) {
  const std::size_t rank = output.shape.rank();
  return rank < 2 ? Size{} : Size{output.shape[rank - 2], output.shape[rank - 1]};
}

// Scores and rows of as many anchors belong together; the parts come in the order of their scores.
Result<std::vector<Pair>> find_outputs(const FamilyContext& context) {
  const std::vector<TensorInfo>& outputs = context.model().outputs();
  std::vector<Pair> pairs;
  std::vector<bool> used(outputs.size());
  for (std::size_t s = 0; s < outputs.size(); ++s) {
    const Size scores = size_of(outputs[s]);
    if (scores.columns != 1 || scores.rows < 1) continue;
    for (std::size_t r = 0; r < outputs.size(); ++r) {
      const Size rows = size_of(outputs[r]);
      if (used[r] || rows.rows != scores.rows || rows.columns < 4 || rows.columns % 2 != 0)
        continue;
      used[r] = used[s] = true;
      pairs.push_back({s, r, scores.rows});
      break;
    }
  }
  const bool all = !pairs.empty() && std::find(used.begin(), used.end(), false) == used.end();
  WEIR_TRY(family::expect_tensors(context, all ? outputs.size() : 2, kExpects));
  if (!all) return context.mismatch(family::outputs_are(context.model()), kExpects);
  return pairs;
}

Result<std::vector<SsdAnchor>> find_anchors(const FamilyContext& context,
                                            const OptionReader& options,
                                            const PictureInput& picture, int64_t count) {
  const std::string strides = options.text("strides");
  if (strides.empty()) return blazeface_anchors(picture.width(), picture.height(), count);
  WEIR_ASSIGN(const std::vector<int> list, family::read_strides(context, strides));
  WEIR_ASSIGN(auto anchors, blazeface_anchors(picture.width(), picture.height(), list));
  if (static_cast<int64_t>(anchors.size()) == count) return anchors;
  return context.mismatch("its outputs have " + std::to_string(count) + " rows",
                          std::to_string(anchors.size()) + " for these strides and an input of " +
                              std::to_string(picture.width()) + "x" +
                              std::to_string(picture.height()));
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const OptionReader options = context.options();
  BlazefaceDecodeSpec spec;
  spec.detect = family::detection_spec(context.spec, spec.detect);
  WEIR_ASSIGN(spec.blend, options.flag("blend", true));
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0]));
  if (picture.width() == 0 || picture.height() == 0) {
    return Error(ErrorCode::kInvalidArgument, "the anchors of a BlazeFace belong to one input size",
                 context.name, "write input: {size: 128}");
  }
  WEIR_ASSIGN(std::vector<Pair> pairs, find_outputs(context));
  int64_t count = 0;
  for (const Pair& pair : pairs) count += pair.count;
  WEIR_ASSIGN(std::vector<SsdAnchor> anchors, find_anchors(context, options, picture, count));
  WEIR_TRY(family::check_labels(context, 1));
  return family::detector(
      std::move(picture),
      [spec, pairs = std::move(pairs), anchors = std::move(anchors)](
          family::Outputs outputs, const ItemPlan& plan, std::vector<Finding>& found) {
        thread_local std::vector<BlazefacePart> parts;
        parts.clear();
        for (const Pair& pair : pairs) parts.push_back({outputs[pair.scores], outputs[pair.rows]});
        return blazeface_decode(parts, anchors, spec, plan.resize, found);
      });
}

}  // namespace

FamilyInfo blazeface_family() {
  FamilyInfo info;
  info.name = "blazeface";
  info.task = "face detection";
  info.about = "BlazeFace, and MediaPipe's palm and pose detectors, which are made like it";
  info.inputs = "one picture: RGB from -1 to 1 (palms: 0 to 1), letterboxed in the centre with 0";
  info.outputs =
      "scores 1xNx1 (logits) and rows 1xNx(4+2 a point), in one part or in several; faces have six "
      "points, palms seven, bodies four";
  info.tested =
      "face-short, face-full, palm, palm-lite, pose-detect of the catalogue; "
      "blazeface_front_128 and blazeface_back_256 (ONNX)";
  info.gives = labelled_boxes({6, 7, 4});  // faces, palms, bodies
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{2.0 / 255};
  info.input.mean = {1};
  info.input.resize.policy = ResizeSpec::Policy::kLetterbox;
  info.input.resize.anchor = ResizeSpec::Anchor::kCentre;
  info.input.resize.pad = {0};
  info.thresholds = {.score = 0.5, .nms = 0.3, .candidates = {}, .max_findings = 100};
  info.labels.names = {"Face"};
  info.options = {
      {"blend",
       "whether findings that overlap become their weighted mean, as the models were made "
       "for; else the best stays (yes)"},
      {"strides",
       "of the layers of anchors, where the outputs are of no known size: 8, 16, 16, 16"}};
  info.make = make;
  return info;
}

}  // namespace weir

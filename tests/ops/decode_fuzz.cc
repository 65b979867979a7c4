// Every decode, given arbitrary tensors, ends with findings that are finite, and the same again, or
// with an Error. The first byte picks the decode.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "tests/ops/arbitrary_input.h"
#include "weir/ops/blazeface_decode.h"
#include "weir/ops/box.h"
#include "weir/ops/classify_decode.h"
#include "weir/ops/ctc_decode.h"
#include "weir/ops/dbnet_decode.h"
#include "weir/ops/detr_decode.h"
#include "weir/ops/fastestdet_decode.h"
#include "weir/ops/gfl_decode.h"
#include "weir/ops/landmarks_decode.h"
#include "weir/ops/movenet_decode.h"
#include "weir/ops/project_mask.h"
#include "weir/ops/segment_decode.h"
#include "weir/ops/ssd_decode.h"
#include "weir/ops/ultraface_decode.h"
#include "weir/ops/yolo_decode.h"
#include "weir/ops/yolox_decode.h"
#include "weir/ops/yunet_decode.h"

namespace weir {
namespace {

using test::ArbitraryInput;
using Found = Result<std::vector<Finding>>;

constexpr int kSide = 32;
const std::vector<int> kStrides = {8, 16, 32};

int64_t cells(int stride) {
  return int64_t{kSide / stride} * (kSide / stride);
}

Found ssd(ArbitraryInput& input) {
  std::vector<SsdAnchor> anchors;
  for (int i = input.below(24); i > 0; --i)
    anchors.push_back({input.number(), input.number(), input.number(), input.number()});
  const auto count = static_cast<int64_t>(anchors.size());
  const TensorView boxes = input.tensor({1, count, 4});
  const TensorView scores = input.tensor({1, count, 1 + input.below(4)});
  SsdDecodeSpec spec;
  spec.detect = input.detection_spec();
  spec.background = input.below(3) - 1;
  spec.logits = input.flag();
  return ssd_decode(boxes, scores, anchors, spec, input.plan(kSide, kSide));
}

Found yolo(ArbitraryInput& input) {
  YoloDecodeSpec spec;
  spec.layout = static_cast<YoloLayout>(input.below(3));
  spec.detect = input.detection_spec();
  spec.classes = input.below(4);
  const int64_t count = input.below(100);
  const int64_t columns = spec.layout == YoloLayout::kEndToEnd ? 6 : 5 + input.below(20);
  const bool class_major = spec.layout == YoloLayout::kClassMajor;
  const TensorView output =
      input.tensor(class_major ? Shape{1, columns, count} : Shape{1, count, columns});
  (void)yolo_shape(output.shape, spec.classes);
  return yolo_decode(output, spec, input.plan(kSide, kSide));
}

Found yolox(ArbitraryInput& input) {
  YoloxDecodeSpec spec;
  spec.detect = input.detection_spec();
  spec.decoded = input.flag();
  const TensorView output = input.tensor({1, 21, 6 + input.below(3)});
  return yolox_decode(output, spec, input.plan(kSide, kSide));
}

Found gfl(ArbitraryInput& input) {
  GflDecodeSpec spec;
  spec.detect = input.detection_spec();
  spec.centre = input.flag() ? 0.5F : 0;
  std::vector<GflLevel> levels;
  const int64_t classes = 1 + input.below(3);
  const int64_t bins = 1 + input.below(8);
  for (const int stride : kStrides) {
    GflLevel level;
    level.stride = stride;
    level.scores = input.tensor({1, cells(stride), classes});
    level.sides = input.tensor({1, cells(stride), 4 * bins});
    levels.push_back(level);
  }
  return gfl_decode(levels, spec, input.plan(kSide, kSide));
}

Found fastestdet(ArbitraryInput& input) {
  const DetectionSpec spec = input.detection_spec();
  const TensorView output =
      input.tensor({1, 6 + input.below(3), 1 + input.below(5), 1 + input.below(5)});
  return fastestdet_decode(output, spec, input.plan(kSide, kSide));
}

Found detr(ArbitraryInput& input) {
  DetrDecodeSpec spec;
  spec.detect = input.detection_spec();
  spec.classes = input.below(4);
  const int64_t queries = input.below(12);
  DetrOutputs outputs;
  outputs.labels = input.filled({1, queries}, input.flag() ? DType::kInt64 : DType::kFloat32);
  outputs.boxes = input.tensor({1, queries, 4});
  outputs.scores = input.tensor({1, queries});
  return detr_decode(outputs, spec, input.plan(kSide, kSide));
}

Found yunet(ArbitraryInput& input) {
  YunetDecodeSpec spec;
  spec.detect = input.detection_spec();
  std::vector<YunetLevel> levels;
  for (const int stride : kYunetStrides) {
    YunetLevel level;
    level.stride = stride;
    level.classes = input.tensor({1, cells(stride), 1});
    level.objects = input.tensor({1, cells(stride), 1});
    level.boxes = input.tensor({1, cells(stride), 4});
    level.points = input.tensor({1, cells(stride), 10});
    levels.push_back(level);
  }
  return yunet_decode(levels, spec, input.plan(kSide, kSide));
}

Found ultraface(ArbitraryInput& input) {
  UltrafaceDecodeSpec spec;
  spec.detect = input.detection_spec();
  spec.decoded = input.flag();
  const std::vector<SsdAnchor> anchors = ultraface_anchors(kSide, kSide);
  const auto count = static_cast<int64_t>(anchors.size());
  const TensorView scores = input.tensor({1, count, 2 + input.below(2)});
  const TensorView boxes = input.tensor({1, count, 4});
  return ultraface_decode(scores, boxes, anchors, spec, input.plan(kSide, kSide));
}

Found blazeface(ArbitraryInput& input) {
  BlazefaceDecodeSpec spec;
  spec.detect = input.detection_spec();
  spec.blend = input.flag();
  WEIR_ASSIGN(const std::vector<SsdAnchor> anchors, blazeface_anchors(kSide, kSide, {8, 16}));
  const auto count = static_cast<int64_t>(anchors.size());
  const int64_t first = input.flag() ? count : input.below(static_cast<int>(count) + 1);
  const int64_t columns = 4 + 2 * input.below(7);
  std::vector<BlazefacePart> parts;
  for (const int64_t rows : {first, count - first}) {
    const TensorView scores = input.tensor({1, rows, 1});
    parts.push_back({scores, input.tensor({1, rows, columns})});
    if (first == count) break;
  }
  return blazeface_decode(parts, anchors, spec, input.plan(kSide, kSide));
}

Found dbnet(ArbitraryInput& input) {
  DbnetDecodeSpec spec;
  spec.score = static_cast<float>(input.below(8)) / 8;
  spec.unclip = input.number();
  spec.min_side = static_cast<float>(input.below(4));
  spec.max_count = static_cast<std::size_t>(input.below(8));
  const TensorView map = input.tensor({1, 1, 1 + input.below(20), 1 + input.below(20)});
  return dbnet_decode(map, spec, input.plan(kSide, kSide).to_source(), 1 + input.byte(),
                      1 + input.byte());
}

Found ctc(ArbitraryInput& input) {
  const CtcDecodeSpec spec{.logits = input.flag(), .trim = input.flag()};
  CtcAlphabet alphabet = CtcAlphabet::from_lines("a\n \nc\n");
  (void)alphabet.fit(2 + input.below(6));
  const TensorView scores =
      input.tensor({1, input.below(24), static_cast<int64_t>(alphabet.classes())});
  WEIR_ASSIGN(const CtcText line, ctc_decode(scores, alphabet, spec));
  std::vector<Finding> found(1);
  found[0].text = line.text;
  found[0].best = ClassScore{0, line.score};
  return found;
}

Found segment(ArbitraryInput& input) {
  SegmentDecodeSpec spec;
  spec.layout = static_cast<SegmentLayout>(input.below(3));
  spec.upscale = static_cast<Upscale>(input.below(3));
  spec.align_corners = input.flag();
  spec.scores = static_cast<ScoreKind>(input.below(4));
  spec.background = input.below(4) - 1;
  spec.first_label = input.below(3);
  const int64_t height = 1 + input.below(8);
  const int64_t width = 1 + input.below(8);
  const int64_t classes = 1 + input.below(4);
  Shape shape{1, classes, height, width};
  if (spec.layout == SegmentLayout::kNhwc) shape = {1, height, width, classes};
  if (spec.layout == SegmentLayout::kLabels) shape = {1, height, width};
  (void)segment_shape(shape, spec.layout);
  const TensorView output = input.tensor(shape);
  const int source_width = 1 + input.below(64);
  const auto plan = plan_resize(static_cast<ResizePolicy>(input.below(3)), source_width,
                                1 + input.below(64), kSide, kSide);
  return segment_decode(output, spec, plan.value());
}

Found classify(ArbitraryInput& input) {
  ClassifySpec spec;
  spec.kind = static_cast<ScoreKind>(input.below(4));
  spec.top = static_cast<std::size_t>(input.below(6));
  spec.score = static_cast<float>(input.below(8)) / 8;
  spec.skipped = input.below(3);
  return classify_decode(input.tensor({1, input.below(30)}), spec);
}

Found points_of(std::vector<Keypoint> points) {
  std::vector<Finding> found(1);
  found[0].keypoints = std::move(points);
  return found;
}

Found movenet(ArbitraryInput& input) {
  const int64_t points = 1 + input.below(4);
  const int64_t side = 1 + input.below(6);
  MovenetHeads heads;
  heads.heatmaps = input.tensor({1, points, side, side});
  heads.regression = input.tensor({1, 2 * points, side, side});
  heads.offsets = input.tensor({1, 2 * points, side, side});
  if (input.flag()) heads.centre = input.tensor({1, 1, side, side});
  WEIR_ASSIGN(std::vector<Keypoint> found, movenet_decode(heads, kSide, kSide));
  return points_of(std::move(found));
}

Found landmarks(ArbitraryInput& input) {
  LandmarksDecodeSpec spec;
  spec.points = 1 + input.below(6);
  spec.numbers = 2 + input.below(4);
  spec.keep = input.below(8);
  const TensorView output = input.tensor({1, spec.points * spec.numbers});
  std::vector<Finding> found(1);
  WEIR_TRY(landmarks_decode(output, spec, found[0]));
  HeatmapSpec heat;
  heat.kernel = input.below(9);
  const int64_t maps = static_cast<int64_t>(found[0].keypoints.size()) + input.below(2);
  const TensorView heatmaps = input.tensor({1, 1 + input.below(5), 1 + input.below(5), maps});
  WEIR_TRY(refine_by_heatmap(heatmaps, kSide, kSide, heat, found[0].keypoints));
  return found;
}

Found project(ArbitraryInput& input) {
  const int64_t height = 1 + input.below(12);
  const int64_t width = 1 + input.below(12);
  const Shape shapes[] = {{height, width}, {1, height, width, 1}, {1, 1, height, width}};
  const TensorView logits = input.tensor(shapes[input.below(3)]);
  const Affine to_source = input.flag() ? input.affine() : input.plan(kSide, kSide).to_source();
  std::vector<Finding> found(1);
  WEIR_ASSIGN(found[0].mask, project_mask(logits, to_source, input.below(80), input.below(80)));
  return found;
}

struct Decode {
  const char* name;
  Found (*run)(ArbitraryInput&);
  bool always_finite = true;  // points of a model that are not finite are its family's business
};

constexpr Decode kDecodes[] = {{"ssd", ssd},
                               {"yolo", yolo},
                               {"yolox", yolox},
                               {"gfl", gfl},
                               {"fastestdet", fastestdet},
                               {"detr", detr},
                               {"yunet", yunet},
                               {"ultraface", ultraface},
                               {"blazeface", blazeface},
                               {"dbnet", dbnet},
                               {"ctc", ctc},
                               {"segment", segment},
                               {"classify", classify},
                               {"movenet", movenet, false},
                               {"landmarks", landmarks, false},
                               {"project_mask", project}};

bool is_sound(const Finding& finding) {
  if (finding.box && !is_finite(*finding.box)) return false;
  if (finding.mask && !finding.mask->check()) return false;
  if (finding.best && !std::isfinite(finding.best->score)) return false;
  for (const ClassScore& other : finding.others) {
    if (!std::isfinite(other.score)) return false;
  }
  for (const Keypoint& point : finding.keypoints) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y) || !std::isfinite(point.score))
      return false;
  }
  return true;
}

void require(bool good, const char* decode, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s: %s\n", decode, what);
  std::abort();
}

}  // namespace
}  // namespace weir

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace weir;
  if (size == 0) return 0;
  const Decode& decode = kDecodes[data[0] % std::size(kDecodes)];
  const std::span<const uint8_t> bytes(data + 1, size - 1);
  ArbitraryInput input(bytes);
  const Found found = decode.run(input);
  if (!found || !decode.always_finite) return 0;
  for (const Finding& finding : *found)
    require(is_sound(finding), decode.name, "a finding is not finite");
  ArbitraryInput again(bytes);
  require(*decode.run(again) == *found, decode.name, "not the same twice");
  return 0;
}

#include "weir/model/family/movenet.h"

#include <optional>
#include <string>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/model/family/one_input.h"
#include "weir/model/family/seen_through.h"
#include "weir/ops/box.h"
#include "weir/ops/movenet_decode.h"
#include "weir/ops/points.h"
#include "weir/ops/region.h"

namespace weir {
namespace {

constexpr const char* kExpects =
    "float32 outputs 1xKxHxW, twice 1x2KxHxW, and perhaps 1x1xHxW: kpt_heatmap, kpt_regress, "
    "kpt_offset and the centre";
// Of a person's box, how much more the input shows.
constexpr double kBoxScale = 1.25;

struct Places {
  std::size_t heatmaps = 0;
  std::size_t regression = 0;
  std::size_t offsets = 0;
  std::optional<std::size_t> centre;
};

// By their names as far as shapes leave it open: regression and offsets look the same.
std::optional<std::size_t> find_output(const LoadedModel& model, const std::string& part) {
  for (std::size_t i = 0; i < model.outputs().size(); ++i) {
    if (model.outputs()[i].name.find(part) != std::string::npos) return i;
  }
  return std::nullopt;
}

Result<Places> find_outputs(const FamilyContext& context) {
  const LoadedModel& model = context.model();
  const std::size_t count = model.outputs().size();
  WEIR_TRY(family::expect_tensors(context, count == 4 ? 4 : 3, kExpects));
  const auto heatmaps = find_output(model, "heatmap");
  const auto regression = find_output(model, "regress");
  const auto offsets = find_output(model, "offset");
  const auto centre = find_output(model, "center");
  const Error other = context.mismatch(family::outputs_are(model), kExpects);
  if (!heatmaps || !regression || !offsets || (count == 4 && !centre)) return other;
  const Shape& shape = model.outputs()[*heatmaps].shape;
  if (shape.rank() != 4 || shape[1] < 1) return other;
  for (const std::size_t i : {*regression, *offsets}) {
    const Shape& pairs = model.outputs()[i].shape;
    if (pairs.rank() != 4 || pairs[1] != 2 * shape[1] || pairs[2] != shape[2] ||
        pairs[3] != shape[3]) {
      return other;
    }
  }
  return Places{*heatmaps, *regression, *offsets, centre};
}

class Movenet final : public family::OneInput<PictureInput> {
 public:
  Movenet(PictureInput picture, const Places& places, float least)
      : OneInput(std::move(picture)), places_(places), least_(least) {}

  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    if (item.on == nullptr || !item.on->box) return input().prepare(item, inputs[0], plan);
    WEIR_ASSIGN(const Affine to_source,
                region_around(*item.on, {.scale = kBoxScale}, input().width(), input().height()));
    return family::see_through(to_source, input(), item, inputs[0], plan);
  }
  Status interpret(std::span<const TensorView> outputs, const ItemSource& item,
                   const ItemPlan& plan, std::vector<Finding>& found) const override;

 private:
  Places places_;
  float least_;
};

Status Movenet::interpret(std::span<const TensorView> outputs, const ItemSource&,
                          const ItemPlan& plan, std::vector<Finding>& found) const {
  MovenetHeads heads{
      outputs[places_.heatmaps], outputs[places_.regression], outputs[places_.offsets], {}};
  if (places_.centre) heads.centre = outputs[*places_.centre];
  WEIR_ASSIGN(std::vector<Keypoint> points,
              movenet_decode(heads, input().width(), input().height()));
  float sum = 0;
  for (const Keypoint& point : points) sum += point.score;
  const float score = points.empty() ? 0 : sum / static_cast<float>(points.size());
  if (!(score >= least_) || !all_finite(points)) return {};
  for (Keypoint& point : points) point = plan.to_source.apply(point);
  Finding person{.best = ClassScore{0, score}, .keypoints = std::move(points)};
  const Box box =
      clipped(box_around(person.keypoints), plan.resize.source_width, plan.resize.source_height);
  if (is_proper(box)) person.box = box;
  found.push_back(std::move(person));
  return {};
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  WEIR_ASSIGN(const Places places, find_outputs(context));
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0]));
  WEIR_TRY(family::expect_one_size(context, picture));
  WEIR_TRY(family::check_labels(context, 1));
  const auto least = static_cast<float>(context.spec.thresholds.score.value_or(0));
  return std::make_unique<const Movenet>(std::move(picture), places, least);
}

}  // namespace

FamilyInfo movenet_family() {
  FamilyInfo info;
  info.name = "movenet";
  info.task = "body landmarks";
  info.about = "MoveNet's heads: the 17 points of COCO of one person";
  info.inputs =
      "one person: the square around the finding's box and a quarter more, or the whole picture, "
      "letterboxed in the centre with 0; RGB from -1 to 1";
  info.outputs =
      "kpt_heatmap 1x17xHxW (0 to 1), kpt_regress and kpt_offset 1x34xHxW (y, x), and "
      "center_heatmap 1x1xHxW, if the file has it";
  info.tested = "movenet_lightning_192_heads, float32 and int8";
  info.gives = labelled_boxes({17});
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{2.0 / 255};
  info.input.mean = {1};
  info.input.resize.policy = ResizeSpec::Policy::kLetterbox;
  info.input.resize.anchor = ResizeSpec::Anchor::kCentre;
  info.input.resize.pad = {0};
  info.thresholds.score = 0.2;  // of the mean of the points
  info.labels.names = {"Person"};
  info.make = make;
  return info;
}

}  // namespace weir

#include "weir/model/family/landmarks.h"

#include <string>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/model/family/landmark_kinds.h"
#include "weir/model/family/one_input.h"
#include "weir/model/family/seen_through.h"
#include "weir/ops/box.h"
#include "weir/ops/landmarks_decode.h"
#include "weir/ops/points.h"
#include "weir/ops/project_mask.h"
#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

using family::LandmarkKind;
using family::LandmarkOutputs;

constexpr int64_t kIrisPoints = 5;

struct Settings {
  LandmarkOutputs outputs;
  float least = 0.5F;     // presence
  bool logits = false;    // of presence
  bool mask = true;       // is wanted
  bool left_eye = false;  // of a face
  bool mirrored = false;  // the pictures are
  std::optional<double> scale;
  std::optional<double> shift_y;
};

class Landmarks final : public family::OneInput<PictureInput> {
 public:
  Landmarks(PictureInput picture, const Settings& settings)
      : OneInput(std::move(picture)), settings_(settings) {}

  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    WEIR_ASSIGN(const Affine to_source, place(item));
    return family::see_through(to_source, input(), item, inputs[0], plan);
  }
  Status interpret(std::span<const TensorView> outputs, const ItemSource& item,
                   const ItemPlan& plan, std::vector<Finding>& found) const override;

 private:
  Result<Affine> place(const ItemSource& item) const;
  Result<Affine> place_of_eye(const ItemSource& item) const;
  Status read_points(std::span<const TensorView> outputs, Finding& finding) const;
  // The class and how sure the model is that there is anything; nothing if it is not.
  Result<std::optional<ClassScore>> presence(std::span<const TensorView> outputs) const;
  RegionSpec adjusted(RegionSpec region) const;

  Settings settings_;
};

RegionSpec Landmarks::adjusted(RegionSpec region) const {
  if (settings_.scale) region.scale = *settings_.scale;
  if (settings_.shift_y) region.shift_y = *settings_.shift_y;
  return region;
}

// All of a picture without a finding, as it is; otherwise what the kind says.
Result<Affine> Landmarks::place(const ItemSource& item) const {
  if (settings_.outputs.kind->subject == LandmarkKind::Subject::kEye) return place_of_eye(item);
  WEIR_ASSIGN(const Finding on, family::subject(item));
  const bool all = !family::has_place(item);
  const RegionSpec region =
      all ? RegionSpec{} : adjusted(family::region_for(*settings_.outputs.kind, on));
  return region_around(on, region, input().width(), input().height());
}

Result<Affine> Landmarks::place_of_eye(const ItemSource& item) const {
  WEIR_ASSIGN(const Finding on, family::subject(item));
  const auto eye = family::eye_of(on, settings_.left_eye);
  if (eye) {
    return region_between(eye->first, eye->second, adjusted(family::eye_region(settings_.left_eye)),
                          input().width(), input().height());
  }
  return region_around(on, {.mirror = settings_.left_eye}, input().width(), input().height());
}

Result<float> single(const TensorView& output) {
  WEIR_ASSIGN(const TensorView number,
              ops::expect_floats("the presence and side of landmarks", output, {1}));
  return number.as<float>()[0];
}

Result<std::optional<ClassScore>> Landmarks::presence(std::span<const TensorView> outputs) const {
  const LandmarkOutputs& at = settings_.outputs;
  WEIR_ASSIGN(float score, single(outputs[*at.presence]));
  if (settings_.logits) score = sigmoid(score);
  if (!(score >= settings_.least)) return std::optional<ClassScore>();
  if (!at.side) return std::optional(ClassScore{0, score});
  // The number says how sure it is a left hand, if the picture were mirrored.
  WEIR_ASSIGN(const float side, single(outputs[*at.side]));
  const bool left = (side > 0.5F) == settings_.mirrored;
  return std::optional(ClassScore{left ? 0 : 1, score});
}

// In pixels of the input.
Status Landmarks::read_points(std::span<const TensorView> outputs, Finding& finding) const {
  const LandmarkOutputs& at = settings_.outputs;
  const LandmarkKind& kind = *at.kind;
  const LandmarksDecodeSpec spec{kind.points, kind.numbers, kind.keep, kind.depth_unit};
  const auto all = static_cast<std::size_t>((at.iris ? kIrisPoints : 0) + kind.points);
  finding.keypoints.reserve(all);
  finding.depths.reserve(all);
  if (at.iris) {
    WEIR_TRY(landmarks_decode(outputs[*at.iris], {.points = kIrisPoints}, finding));
  }
  const std::size_t first = finding.keypoints.size();
  WEIR_TRY(landmarks_decode(outputs[at.points], spec, finding));
  if (!at.heatmaps) return {};
  return refine_by_heatmap(outputs[*at.heatmaps], input().width(), input().height(), {},
                           std::span(finding.keypoints).subspan(first));
}

Status Landmarks::interpret(std::span<const TensorView> outputs, const ItemSource&,
                            const ItemPlan& plan, std::vector<Finding>& found) const {
  const LandmarkOutputs& at = settings_.outputs;
  Finding finding;
  if (at.presence) {
    WEIR_ASSIGN(finding.best, presence(outputs));
    if (!finding.best) return {};
  }
  WEIR_TRY(read_points(outputs, finding));
  if (!all_finite(finding.keypoints) || !all_finite(finding.depths)) return {};
  to_source(plan.to_source, finding);
  const int width = plan.resize.source_width;
  const int height = plan.resize.source_height;
  const Box box = clipped(box_around(finding.keypoints), width, height);
  if (is_proper(box)) finding.box = box;
  if (at.mask && settings_.mask) {
    WEIR_ASSIGN(finding.mask, project_mask(outputs[*at.mask], plan.to_source, width, height));
  }
  found.push_back(std::move(finding));
  return {};
}

Result<std::optional<double>> number(const OptionReader& options, const char* name, double least,
                                     double most) {
  if (options.text(name).empty()) return std::optional<double>();
  WEIR_ASSIGN(const double value, options.number(name, 0, least, most));
  return std::optional<double>(value);
}

Result<Settings> read_settings(const FamilyContext& context, const OptionReader& options) {
  WEIR_TRY(
      family::expect_tensors(context, context.model().outputs().size(), family::known_landmarks()));
  const auto outputs = family::find_landmarks(context.model());
  if (!outputs) {
    return context.mismatch(family::outputs_are(context.model()), family::known_landmarks());
  }
  Settings settings;
  settings.outputs = *outputs;
  settings.least = static_cast<float>(context.spec.thresholds.score.value_or(0.5));
  WEIR_ASSIGN(settings.logits, options.flag("logits", outputs->kind->logits));
  WEIR_ASSIGN(settings.mask, options.flag("mask", true));
  WEIR_ASSIGN(settings.mirrored, options.flag("mirrored", false));
  WEIR_ASSIGN(settings.scale, number(options, "scale", 0.1, 20));
  WEIR_ASSIGN(settings.shift_y, number(options, "shift_y", -5, 5));
  const std::string eye = options.text("eye", "right");
  if (eye != "left" && eye != "right") {
    return Error(ErrorCode::kInvalidArgument, "no eye is called '" + eye + "'",
                 context.name + ".family_options.eye", "write left or right: the person's own");
  }
  settings.left_eye = eye == "left";
  return settings;
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  WEIR_ASSIGN(const Settings settings, read_settings(context, context.options()));
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0]));
  WEIR_TRY(family::expect_one_size(context, picture));
  WEIR_TRY(picture.expect_bilinear());
  WEIR_TRY(family::check_labels(context, settings.outputs.kind->classes));
  return std::make_unique<const Landmarks>(std::move(picture), settings);
}

}  // namespace

FamilyInfo landmarks_family() {
  FamilyInfo info;
  info.name = "landmarks";
  info.task = "landmarks";
  info.about =
      "The points of one face (468), eye (5 of the iris, 71 around it), hand (21) or body (33, and "
      "its mask), as MediaPipe's models give them";
  info.inputs =
      "one picture: RGB from 0 to 1; the finding's surroundings, turned upright by its keypoints, "
      "or all of it, padded with 0";
  info.outputs =
      "1404 numbers and a score (face), 213 and 15 (eye), 63, presence and side (hand), "
      "195, presence, mask and heat maps (body). Points have depths, from the wrist of a hand and "
      "the middle of a body's hips on";
  info.tested = "face-mesh, face-mesh-score, iris, hand, hand-lite, pose-full of the catalogue";
  info.gives = Gives{.box = true,
                     .score = true,
                     .classes = true,
                     .mask = true,
                     .points = {468, 76, 21, 33}};  // faces, eyes, hands, bodies
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{1.0 / 255};
  info.input.resize.pad = {0};
  info.thresholds.score = 0.5;  // of presence
  info.options = {
      {"eye", "of a face, which one is looked at, left or right: the person's own (right)"},
      {"logits", "whether presence still has to go through a sigmoid (only of faces)"},
      {"mask", "whether a body's mask is wanted (yes)"},
      {"mirrored",
       "whether the pictures are mirrored, as of a camera that one sees oneself in: it "
       "decides which hand is which (no)"},
      {"scale", "how much larger than the finding the part is that is looked at (by kind)"},
      {"shift_y", "by how much of its height that part is moved down (by kind)"}};
  info.make = make;
  return info;
}

}  // namespace weir

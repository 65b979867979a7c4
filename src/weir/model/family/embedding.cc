#include "weir/model/family/embedding.h"

#include <utility>

#include "weir/model/family/one_input.h"
#include "weir/model/family/seen_through.h"
#include "weir/model/family/vector_output.h"
#include "weir/ops/face_alignment.h"
#include "weir/ops/region.h"

namespace weir {
namespace {

// Of the longer side of a face's box, as much as an aligned crop shows of a face that looks at us.
constexpr double kBoxScale = 1.1;

class Embedding final : public family::OneInput<PictureInput> {
 public:
  Embedding(PictureInput picture, bool aligned) : OneInput(std::move(picture)), aligned_(aligned) {}

  // By the points of a face, by its box, or all of a picture that is an aligned face already.
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    if (!family::has_place(item)) return input().prepare(item, inputs[0], plan);
    const bool by_points = aligned_ && !face_points(*item.on).face.empty();
    auto to_source = by_points ? align_face(*item.on, input().width(), input().height())
                               : region_around(*item.on, {.scale = kBoxScale}, input().width(),
                                               input().height());
    if (!to_source) return std::move(to_source).error();
    return family::see_through(*to_source, input(), item, inputs[0], plan);
  }

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    return family::read_vector(outputs[0], found);
  }

 private:
  bool aligned_;
};

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const OptionReader options = context.options();
  WEIR_ASSIGN(const bool aligned, options.flag("align", true));
  WEIR_TRY(family::expect_vector(context));
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0]));
  WEIR_TRY(family::expect_one_size(context, picture));
  return std::make_unique<const Embedding>(std::move(picture), aligned);
}

}  // namespace

FamilyInfo embedding_family() {
  FamilyInfo info;
  info.name = "embedding";
  info.task = "face embedding";
  info.about =
      "Numbers of a face that are alike for the same person: ArcFace, SFace, MobileFaceNet";
  info.inputs =
      "one face: RGB from -1 to 1 unless the spec says otherwise, turned and scaled by its five "
      "points; by its box where it has none; without a finding the picture is a face already";
  info.outputs = "one vector 1xN; what comes out is L2-normalised, to be compared by cosine";
  info.tested = "sface of the catalogue, mobilefacenet_112";
  info.gives = Gives{.embedding = true};
  info.needs.points = {5, 6, 468};  // as align_face() takes them
  info.needs.points_option = "align";
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{2.0 / 255};
  info.input.mean = {1};
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.input.resize.pad = {0};
  info.options = {{"align", "whether faces are turned and scaled by their points (yes)"}};
  info.make = make;
  return info;
}

}  // namespace weir

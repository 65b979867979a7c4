#include "weir/model/family/dbnet.h"

#include <utility>

#include "weir/model/family/detector.h"
#include "weir/model/family/one_input.h"
#include "weir/model/picture_input.h"
#include "weir/ops/dbnet_decode.h"

namespace weir {
namespace {

class Dbnet final : public family::OneInput<PictureInput> {
 public:
  Dbnet(PictureInput picture, const DbnetDecodeSpec& spec, std::size_t most)
      : OneInput(std::move(picture)), spec_(spec), most_(most) {}

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan& plan,
                   std::vector<Finding>& found) const override {
    const TensorView& map = outputs[0];
    const std::size_t rank = map.shape.rank();
    if (rank < 2) return dbnet_decode(map, spec_, {}, 1, 1).error();
    // The map may be smaller than the input by a whole factor.
    const Affine to_input{
        static_cast<double>(plan.resize.width) / double(map.shape[rank - 1]),  0, 0, 0,
        static_cast<double>(plan.resize.height) / double(map.shape[rank - 2]), 0};
    const std::size_t before = found.size();
    WEIR_TRY(dbnet_decode(map, spec_, compose(plan.to_source, to_input), plan.resize.source_width,
                          plan.resize.source_height, found));
    if (found.size() - before > most_) found.resize(before + most_);  // the best are first
    return {};
  }

 private:
  DbnetDecodeSpec spec_;
  std::size_t most_;  // findings of a picture
};

// The boxes of PP-OCRv4, and of those before, end where the letters do at the usual 1.5, and then
// their recognisers overlook spaces. Paddle 2 exported them, with this name of an output.
double usual_unclip(const LoadedModel& model) {
  return model.outputs()[0].name == "sigmoid_0.tmp_0" ? 2.2 : 1.5;
}

Status expect_map(const FamilyContext& context) {
  const LoadedModel& model = context.model();
  if (model.inputs().size() != 1 || model.outputs().size() != 1) {
    return context.mismatch("it has " + std::to_string(model.inputs().size()) + " inputs and " +
                                std::to_string(model.outputs().size()) + " outputs",
                            "one picture and " + context.info.outputs);
  }
  const Shape& map = model.outputs()[0].shape;
  const bool fits = model.outputs()[0].any_rank ||
                    ((map.rank() == 4 || map.rank() == 3) && (map.rank() == 3 || map[1] <= 1));
  if (!fits || model.outputs()[0].dtype != DType::kFloat32) {
    return context.mismatch(
        "its output is " + std::string(name(model.outputs()[0].dtype)) + " " + to_string(map),
        context.info.outputs);
  }
  return {};
}

// Without an axis for its channel a map looks like the scores of a recogniser, 1xTxC: but its sides
// are open where those of the input are, and whole parts of them where they are not.
Status expect_sides_of_input(const FamilyContext& context, const PictureInput& picture) {
  const TensorInfo& output = context.model().outputs()[0];
  if (output.any_rank || output.shape.rank() != 3) return {};
  const auto fits = [](int64_t side, int of_input) {
    return side == Shape::kDynamic || (side > 0 && of_input > 0 && of_input % side == 0);
  };
  if (fits(output.shape[1], picture.height()) && fits(output.shape[2], picture.width())) return {};
  return context.mismatch(family::outputs_are(context.model()), context.info.outputs);
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  WEIR_TRY(expect_map(context));
  const OptionReader options = context.options();
  const LoadedModel& model = context.model();
  DbnetDecodeSpec spec;
  WEIR_ASSIGN(const double bin, options.number("bin", 0.3, 0, 1));
  WEIR_ASSIGN(const double unclip, options.number("unclip", usual_unclip(model), 0, 10));
  WEIR_ASSIGN(const double min_side, options.number("min_side", 3, 0, 1000));
  WEIR_ASSIGN(const int64_t max_side, options.integer("max_side", 960, 32, Image::kMaxSide));
  spec.bin = static_cast<float>(bin);
  spec.unclip = static_cast<float>(unclip);
  spec.min_side = static_cast<float>(min_side);
  spec.score = static_cast<float>(*context.spec.thresholds.score);
  spec.max_count = static_cast<std::size_t>(*context.spec.thresholds.candidates);
  WEIR_ASSIGN(PictureInput picture,
              PictureInput::make(context, model.inputs()[0],
                                 {.multiple = 32, .max_side = static_cast<int>(max_side)}));
  WEIR_TRY(expect_sides_of_input(context, picture));
  const auto most = static_cast<std::size_t>(
      context.spec.thresholds.max_findings.value_or(*context.spec.thresholds.candidates));
  return std::make_unique<const Dbnet>(std::move(picture), spec, most);
}

}  // namespace

FamilyInfo dbnet_family() {
  FamilyInfo info;
  info.name = "dbnet";
  info.task = "text detection";
  info.about = "Lines of text, level or turned, from a map of where text is";
  info.inputs =
      "pictures, BGR x/255 with ImageNet's mean and std (in that order of channels, as PaddleOCR "
      "trains), stretched to multiples of 32; the longer side is at most 960 where it is open";
  info.outputs = "one map of probabilities, 1x1xHxW";
  info.tested = "PP-OCRv4 det, PP-OCRv6 det small";
  info.gives = labelled_boxes({4});
  info.input.colour = InputSpec::Colour::kBgr;
  info.input.scale = Scale{1.0 / 255};
  info.input.mean = {0.485, 0.456, 0.406};
  info.input.std = {0.229, 0.224, 0.225};
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.input.resize.multiple = 32;
  info.thresholds.score = 0.6;
  info.thresholds.candidates = 1000;
  info.labels.names = {"text"};
  info.options = {
      {"bin", "from here on a pixel of the map is text (0.3)"},
      {"unclip",
       "how far boxes are enlarged: by unclip x area / outline on each side (1.5; 2.2 for "
       "PP-OCRv4 and before)"},
      {"min_side", "of a box in the map, before it is enlarged (3)"},
      {"max_side", "of the input, where the model leaves it open (960)"}};
  info.make = make;
  return info;
}

}  // namespace weir

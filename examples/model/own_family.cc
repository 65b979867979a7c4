// A family of your own, as a plug-in: is it day or night in a picture?
//
//   WEIR_PLUGINS=build/release/lib/libexample_own_family.so
//       weir infer -m examples/model/daylight.yaml yard.jpg
//
// A family is three functions around the model's run. This one lets PictureInput do the first, has
// nothing to add to the second, and reads the outputs in the third. docs/add-a-model.md goes
// through it.
#include <cmath>
#include <memory>
#include <utility>

#include "weir/assemble/plugin.h"
#include "weir/model/family_registry.h"
#include "weir/model/picture_input.h"

namespace {

class Daylight final : public weir::Family {
 public:
  Daylight(weir::PictureInput picture, double threshold)
      : picture_(std::move(picture)), threshold_(threshold) {}

  weir::Status shape_for(const weir::ItemSource& item,
                         std::span<weir::Shape> inputs) const override {
    return picture_.shape_for(item, inputs[0]);
  }

  weir::Status prepare(const weir::ItemSource& item, std::span<const weir::TensorView> inputs,
                       weir::ItemPlan& plan) const override {
    return picture_.prepare(item, inputs[0], plan);
  }

  // The model gives back the picture's brightness, pixel by pixel.
  weir::Status interpret(std::span<const weir::TensorView> outputs, const weir::ItemSource&,
                         const weir::ItemPlan&, std::vector<weir::Finding>& found) const override {
    const weir::TensorView& levels = outputs[0];
    const std::size_t count = levels.bytes() / sizeof(float);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += levels.as<float>()[i];
    const double mean = sum / static_cast<double>(count);
    if (!std::isfinite(mean)) return {};  // nothing to be said of such a picture
    const bool day = mean >= threshold_;
    found.push_back({.best = weir::ClassScore{day ? 1 : 0, static_cast<float>(mean)}});
    return {};
  }

 private:
  weir::PictureInput picture_;
  double threshold_;
};

weir::Result<std::unique_ptr<const weir::Family>> make_daylight(const weir::FamilyContext& context);

weir::FamilyInfo daylight_family() {
  weir::FamilyInfo info;
  info.name = "daylight";
  info.task = "classification";
  info.about = "Day or night, by the mean brightness.";
  info.inputs = "a grey picture, 0 to 1";
  info.outputs = "one tensor like the input";
  info.tested = "daylight.fake";
  info.gives = weir::Gives{.score = true, .classes = true};  // for `weir check`
  info.input.colour = weir::InputSpec::Colour::kGrey;
  info.input.scale = weir::Scale{1.0 / 255};
  info.labels.names = {"night", "day"};
  info.options = {{"threshold", "from which mean on it is day (0.3)"}};
  info.make = make_daylight;
  return info;
}

weir::Result<std::unique_ptr<const weir::Family>> make_daylight(
    const weir::FamilyContext& context) {
  const weir::LoadedModel& model = context.model();
  if (model.inputs().size() != 1 || model.outputs().size() != 1) {
    return context.mismatch("it has " + std::to_string(model.inputs().size()) + " inputs and " +
                                std::to_string(model.outputs().size()) + " outputs",
                            "one of each");
  }
  const weir::OptionReader options = context.options();
  WEIR_ASSIGN(const double threshold, options.number("threshold", 0.3, 0, 1));
  WEIR_ASSIGN(weir::PictureInput picture, weir::PictureInput::make(context, model.inputs()[0]));
  return std::make_unique<const Daylight>(std::move(picture), threshold);
}

}  // namespace

WEIR_PLUGIN(plugin) {
  return plugin.families.add(daylight_family());
}

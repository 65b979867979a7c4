#include "weir/model/family/text_direction.h"

#include <utility>

#include "weir/model/family/detector.h"
#include "weir/model/family/one_input.h"
#include "weir/model/text_input.h"
#include "weir/ops/classify_decode.h"

namespace weir {
namespace {

constexpr int32_t kUpsideDown = 1;

class TextDirection final : public family::OneInput<TextInput> {
 public:
  TextDirection(TextInput text, float score) : OneInput(std::move(text)), score_(score) {}

  Status interpret(std::span<const TensorView> outputs, const ItemSource& item, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    WEIR_ASSIGN(TextQuad line, line_of(item));
    const std::size_t place = found.size();
    WEIR_TRY(classify_decode(outputs[0], {}, found));
    if (found.size() == place) found.emplace_back();
    Finding& finding = found[place];
    const auto& best = finding.best;
    if (best && best->label_id == kUpsideDown && best->score >= score_) line = line.turned(2);
    set_quad(finding, line, item.picture->upright_width(), item.picture->upright_height());
    return {};
  }

 private:
  float score_;
};

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const LoadedModel& model = context.model();
  const bool fits = model.inputs().size() == 1 && model.outputs().size() == 1 &&
                    model.outputs()[0].dtype == DType::kFloat32 &&
                    (model.outputs()[0].any_rank || model.outputs()[0].accepts({1, 2}));
  if (!fits) {
    return context.mismatch("it has " + std::to_string(model.inputs().size()) + " inputs, and " +
                                family::outputs_are(model),
                            context.info.outputs);
  }
  if (context.labels != nullptr && context.labels->size() != 2) {
    return context.mismatch(
        "it has 2 classes, and " + std::to_string(context.labels->size()) + " labels",
        "two of them: 0 and 180");
  }
  WEIR_ASSIGN(TextInput text,
              TextInput::make(context, model.inputs()[0], {.height = 48, .width = 192}));
  return std::make_unique<const TextDirection>(std::move(text),
                                               static_cast<float>(*context.spec.thresholds.score));
}

}  // namespace

FamilyInfo text_direction_family() {
  FamilyInfo info;
  info.name = "text-direction";
  info.task = "text direction";
  info.about =
      "Whether a line of text is upside down; gives the line again, with its corners from the "
      "text's own top left, for a recogniser to be used on";
  info.inputs =
      "a line of text laid flat, 192x48 where the model leaves it open, padded at the right; BGR "
      "x/127.5-1";
  info.outputs = "one tensor 1x2: scores of 0 and of 180 degrees";
  info.tested = "ch_ppocr_mobile_v2.0_cls";
  info.gives = labelled_boxes({4});
  info.needs.box = true;
  info.input = text_line_input();
  info.thresholds.score = 0.9;
  info.labels.names = {"0", "180"};
  info.make = make;
  return info;
}

}  // namespace weir

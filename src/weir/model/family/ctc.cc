#include "weir/model/family/ctc.h"

#include <array>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/model/family/one_input.h"
#include "weir/model/file_metadata.h"
#include "weir/model/text_input.h"
#include "weir/ops/classify_decode.h"
#include "weir/ops/ctc_decode.h"

namespace weir {
namespace {

// What PaddleOCR's exporters call the dictionary in the metadata of a file.
constexpr const char* kDictionaryKey = "character";

class Ctc final : public family::OneInput<TextInput> {
 public:
  Ctc(TextInput text, std::array<CtcAlphabet, 2> alphabets, const CtcDecodeSpec& spec, float score)
      : OneInput(std::move(text)), alphabets_(std::move(alphabets)), spec_(spec), score_(score) {}

  Status interpret(std::span<const TensorView> outputs, const ItemSource& item, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    thread_local CtcText line;  // so that its memory is used again
    WEIR_TRY(ctc_decode(outputs[0], alphabet_for(outputs[0].shape), spec_, line));
    if (line.text.empty() || line.score < score_) return {};
    WEIR_ASSIGN(const TextQuad quad, line_of(item));
    Finding finding;
    set_quad(finding, quad, item.picture->upright_width(), item.picture->upright_height());
    finding.best = ClassScore{-1, line.score};
    finding.text = line.text;
    found.push_back(std::move(finding));
    return {};
  }

 private:
  // With a space at the end or without, as the classes say; back ends may not know them before.
  const CtcAlphabet& alphabet_for(const Shape& scores) const {
    const auto classes =
        scores.rank() > 0 ? static_cast<std::size_t>(scores[scores.rank() - 1]) : 0;
    return alphabets_[classes == alphabets_[1].classes() ? 1 : 0];
  }

  std::array<CtcAlphabet, 2> alphabets_;
  CtcDecodeSpec spec_;
  float score_;
};

// The labels of the spec, one character each; else what the file has with it.
Result<CtcAlphabet> dictionary_of(const FamilyContext& context) {
  if (context.labels != nullptr) {
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < context.labels->size(); ++i) {
      characters.emplace_back(context.labels->name(static_cast<int32_t>(i)));
    }
    return CtcAlphabet(std::move(characters));
  }
  if (const auto lines = file_metadata(context.model(), context.spec.file.path, kDictionaryKey)) {
    return CtcAlphabet::from_lines(*lines);
  }
  return Error(ErrorCode::kInvalidArgument,
               "there is no dictionary: neither labels in the spec, nor 'character' in the "
               "metadata of the file",
               context.name, "write labels: and the file with one character a line");
}

Result<CtcDecodeSpec> decode_spec(const OptionReader& options) {
  CtcDecodeSpec spec;
  WEIR_ASSIGN(const ScoreKind kind, parse_score_kind(options.text("scores", "probabilities")));
  spec.logits = kind == ScoreKind::kLogits;
  WEIR_ASSIGN(spec.trim, options.flag("trim", true));
  return spec;
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  const OptionReader options = context.options();
  const LoadedModel& model = context.model();
  if (model.inputs().size() != 1 || model.outputs().size() != 1 ||
      model.outputs()[0].dtype != DType::kFloat32 ||
      (!model.outputs()[0].any_rank && model.outputs()[0].shape.rank() != 3)) {
    return context.mismatch("it has " + std::to_string(model.inputs().size()) + " inputs, and " +
                                family::outputs_are(model),
                            context.info.outputs);
  }
  WEIR_ASSIGN(const CtcAlphabet plain, dictionary_of(context));
  CtcAlphabet spaced = plain;
  WEIR_TRY(spaced.fit(static_cast<int64_t>(plain.classes()) + 1));
  const int64_t classes = model.outputs()[0].any_rank ? -1 : model.outputs()[0].shape[2];
  if (classes != Shape::kDynamic) {
    CtcAlphabet fitted = plain;
    if (Status fits = fitted.fit(classes); !fits) return std::move(fits).error().at(context.name);
  }
  TextInputRules rules;
  WEIR_ASSIGN(const int64_t min_width, options.integer("min_width", 320, 1, Image::kMaxSide));
  WEIR_ASSIGN(const int64_t max_width, options.integer("max_width", 3200, 1, Image::kMaxSide));
  rules.min_width = static_cast<int>(min_width);
  rules.max_width = static_cast<int>(max_width);
  WEIR_ASSIGN(TextInput text, TextInput::make(context, model.inputs()[0], rules));
  WEIR_ASSIGN(const CtcDecodeSpec spec, decode_spec(options));
  return std::make_unique<const Ctc>(std::move(text), std::array{plain, std::move(spaced)}, spec,
                                     static_cast<float>(*context.spec.thresholds.score));
}

}  // namespace

FamilyInfo ctc_family() {
  FamilyInfo info;
  info.name = "ctc";
  info.task = "text recognition";
  info.about = "Reads a line of text: the whole picture, or the text box that it is used on";
  info.inputs =
      "a line of text laid flat, 48 high (or as the model says), as wide as it is: 320 to 3200 in "
      "steps of 32, padded at the right; BGR x/127.5-1. A line at least 1.5 times as tall as wide "
      "is read downwards";
  info.outputs =
      "one tensor 1xTxC: a score for each step and class. Class 0 is the blank, then come the "
      "characters of the dictionary, then perhaps a space";
  info.tested = "PP-OCRv4 rec, PP-OCRv6 rec small";
  info.gives = Gives{.box = true, .score = true, .text = true, .points = {4}};
  info.needs.box = true;
  info.input = text_line_input();
  info.thresholds.score = 0.5;
  info.options = {{"min_width", "of the input, where the model leaves it open (320)"},
                  {"max_width", "longer lines are squeezed to it (3200)"},
                  {"scores", "probabilities, or logits (probabilities)"},
                  {"trim", "whether spaces at the ends are left out (true)"}};
  info.make = make;
  return info;
}

}  // namespace weir

#include "weir/model/family/detector.h"
#include "weir/model/family/one_input.h"

#include <charconv>
#include <iterator>
#include <utility>

namespace weir::family {
namespace {

class Detector final : public OneInput<PictureInput> {
 public:
  Detector(PictureInput picture, DecodeInto decode)
      : OneInput(std::move(picture)), decode_(std::move(decode)) {}

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan& plan,
                   std::vector<Finding>& found) const override {
    return decode_(outputs, plan, found);
  }

 private:
  DecodeInto decode_;
};

}  // namespace

std::unique_ptr<const Family> detector(PictureInput picture, Decode decode) {
  return detector(std::move(picture),
                  [decode = std::move(decode)](Outputs outputs, const ItemPlan& plan,
                                               std::vector<Finding>& found) -> Status {
                    WEIR_ASSIGN(std::vector<Finding> decoded, decode(outputs, plan));
                    found.insert(found.end(), std::move_iterator(decoded.begin()),
                                 std::move_iterator(decoded.end()));
                    return {};
                  });
}

std::unique_ptr<const Family> detector(PictureInput picture, DecodeInto decode) {
  return std::make_unique<const Detector>(std::move(picture), std::move(decode));
}

DetectionSpec detection_spec(const ModelSpec& spec, DetectionSpec defaults) {
  const ThresholdSpec& given = spec.thresholds;
  if (given.score) defaults.score = static_cast<float>(*given.score);
  if (given.nms) defaults.iou = static_cast<float>(*given.nms);
  if (given.candidates) defaults.candidates = static_cast<std::size_t>(*given.candidates);
  if (given.max_findings) defaults.max_count = static_cast<std::size_t>(*given.max_findings);
  return defaults;
}

std::string outputs_are(const LoadedModel& model) {
  const std::vector<TensorInfo>& outputs = model.outputs();
  std::string text = outputs.size() == 1 ? "its output is " : "its outputs are ";
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (i > 0) text += i + 1 < outputs.size() ? ", " : " and ";
    text += outputs[i].name + " " + std::string(name(outputs[i].dtype)) + " " +
            (outputs[i].any_rank ? "of any shape" : to_string(outputs[i].shape));
  }
  return text;
}

Status expect_tensors(const FamilyContext& context, std::size_t outputs,
                      const std::string& expects) {
  const LoadedModel& model = context.model();
  if (model.inputs().size() != 1) {
    return context.mismatch("it has " + std::to_string(model.inputs().size()) + " inputs",
                            "one, for pictures");
  }
  bool fits = model.outputs().size() == outputs;
  for (const TensorInfo& output : model.outputs()) fits &= output.dtype == DType::kFloat32;
  if (!fits) return context.mismatch(outputs_are(model), expects);
  return {};
}

Status check_labels(const FamilyContext& context, int64_t classes) {
  if (context.labels == nullptr || classes < 1) return {};
  const auto given = static_cast<int64_t>(context.labels->size());
  if (given == classes) return {};
  return Error(ErrorCode::kInvalidArgument,
               std::to_string(given) + " labels do not match the " + std::to_string(classes) +
                   (classes == 1 ? " class" : " classes") + " of the model",
               context.name + ".labels", "write as many labels as classes, or none");
}

Result<std::vector<int>> read_strides(const FamilyContext& context, const std::string& text) {
  std::vector<int> strides;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at == ' ' || *at == ',' || *at == '[' || *at == ']') {
      ++at;
      continue;
    }
    int stride = 0;
    const auto [after, error] = std::from_chars(at, end, stride);
    if (error != std::errc() || stride < 1 || stride > 1024) {
      return Error(ErrorCode::kInvalidArgument, "no list of strides: '" + text + "'",
                   context.name + ".family_options.strides", "write them as \"8, 16, 32\"");
    }
    strides.push_back(stride);
    at = after;
  }
  return strides;
}

}  // namespace weir::family

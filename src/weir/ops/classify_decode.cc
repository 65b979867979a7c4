#include "weir/ops/classify_decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "weir/base/nearest_name.h"
#include "weir/ops/detection_workspace.h"
#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 4> kKindNames = {"auto", "probabilities", "logits",
                                                        "sigmoid"};

// All but one of the sizes are 1.
bool is_one_list(const Shape& shape) {
  return shape.rank() > 0 &&
         std::count_if(shape.begin(), shape.end(), [](int64_t size) { return size != 1; }) <= 1;
}

// Quantised networks round each probability, so the sum may be off by a few hundredths.
bool look_like_probabilities(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) {
    if (!(value >= 0) || value > 1.001F) return false;
    sum += value;
  }
  return std::abs(sum - 1) < 0.1;
}

void soften(std::span<float> values) {
  float highest = -std::numeric_limits<float>::infinity();
  for (const float value : values) {
    if (std::isfinite(value)) highest = std::max(highest, value);
  }
  double sum = 0;
  for (float& value : values) {
    if (!std::isfinite(value)) continue;
    value = std::exp(value - highest);
    sum += value;
  }
  for (float& value : values) value = static_cast<float>(value / sum);
}

void to_scores(std::span<float> values, ScoreKind kind) {
  if (kind == ScoreKind::kAuto) {
    kind = look_like_probabilities(values) ? ScoreKind::kProbabilities : ScoreKind::kLogits;
  }
  if (kind == ScoreKind::kLogits) soften(values);
  if (kind == ScoreKind::kSigmoid) {
    for (float& value : values) {
      if (std::isfinite(value)) value = 1 / (1 + std::exp(-value));
    }
  }
}

}  // namespace

std::string_view name(ScoreKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

Result<ScoreKind> parse_score_kind(std::string_view text) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == text) return static_cast<ScoreKind>(i);
  }
  return Error(ErrorCode::kInvalidArgument, "unknown kind of scores '" + std::string(text) + "'",
               "", hint_for_name(text, {kKindNames.begin(), kKindNames.end()}));
}

Status classify_decode(const TensorView& output, const ClassifySpec& spec,
                       std::vector<Finding>& found) {
  if (!is_one_list(output.shape) || !ops::is_readable(output)) {
    return ops::unexpected("the scores of a classifier", output,
                           "a dense float32 tensor of one number a class");
  }
  const auto count = static_cast<std::size_t>(output.shape.elements().value_or(0));
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  std::vector<float>& scores = workspace.start().scores;
  scores.assign(output.as<float>(), output.as<float>() + count);
  to_scores(scores, spec.kind);
  const auto skipped = static_cast<std::size_t>(spec.skipped);
  FallingOrder& order = workspace.memory().order;
  order.collect(scores, [&](std::size_t i) {
    return i >= skipped && std::isfinite(scores[i]) && scores[i] >= spec.score;
  });
  const std::span<const uint64_t> best = order.sort(spec.top);
  if (best.empty()) return {};
  const auto class_of = [&](uint64_t key) {
    const uint32_t i = FallingOrder::index_of(key);
    return ClassScore{static_cast<int32_t>(i) - spec.skipped, scores[i]};
  };
  Finding& finding = found.emplace_back();
  finding.best = class_of(best[0]);
  finding.others.reserve(best.size() - 1);
  for (const uint64_t key : best.subspan(1)) finding.others.push_back(class_of(key));
  return {};
}

Result<std::vector<Finding>> classify_decode(const TensorView& output, const ClassifySpec& spec) {
  std::vector<Finding> found;
  WEIR_TRY(classify_decode(output, spec, found));
  return found;
}

}  // namespace weir

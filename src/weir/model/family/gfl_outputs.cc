#include "weir/model/family/gfl_outputs.h"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/grid.h"

namespace weir::family {
namespace {

std::string expected(std::size_t levels) {
  return std::to_string(2 * levels) +
         " float32 outputs, for each stride 1xNxclasses and 1xNx4(R+1), the scores first";
}

struct Halves {
  std::vector<std::size_t> scores;
  std::vector<std::size_t> sides;
};

// By the length of their rows; where all are equally long (or open), the first half is the scores.
Halves halves_of(const std::vector<TensorInfo>& outputs) {
  const auto length = [&](std::size_t i) { return outputs[i].shape[outputs[i].shape.rank() - 1]; };
  Halves halves;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    (length(i) == length(0) ? halves.scores : halves.sides).push_back(i);
  }
  if (halves.sides.empty()) {
    const auto middle = halves.scores.begin() + static_cast<std::ptrdiff_t>(outputs.size() / 2);
    halves.sides.assign(middle, halves.scores.end());
    halves.scores.erase(middle, halves.scores.end());
  }
  return halves;
}

// Finest first, if the file says how many rows each has.
void sort_by_rows(const std::vector<TensorInfo>& outputs, std::vector<std::size_t>& places) {
  const auto rows = [&](std::size_t i) { return outputs[i].shape[outputs[i].shape.rank() - 2]; };
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return rows(a) > rows(b); });
}

Status check_rows(const FamilyContext& context, const PictureInput& picture,
                  const GflOutputs& outputs) {
  if (picture.width() == 0 || picture.height() == 0) return {};
  for (const GflOutputs::Level& level : outputs.levels) {
    const int64_t cells = grids(picture.width(), picture.height(), {&level.stride, 1})[0].cells();
    for (const std::size_t place : {level.scores, level.sides}) {
      const TensorInfo& output = context.model().outputs()[place];
      const int64_t rows = output.shape[output.shape.rank() - 2];
      if (rows == Shape::kDynamic || rows == cells) continue;
      return context.mismatch(
          "its output '" + output.name + "' has " + std::to_string(rows) + " rows",
          std::to_string(cells) + " for the stride " + std::to_string(level.stride));
    }
  }
  return {};
}

}  // namespace

Result<GflOutputs> find_gfl_outputs(const FamilyContext& context, const std::vector<int>& strides) {
  const std::string expects = expected(strides.size());
  WEIR_TRY(expect_tensors(context, 2 * strides.size(), expects));
  const std::vector<TensorInfo>& outputs = context.model().outputs();
  for (const TensorInfo& output : outputs) {
    if (output.shape.rank() == 2 || output.shape.rank() == 3) continue;
    return context.mismatch(outputs_are(context.model()), expects);
  }
  Halves halves = halves_of(outputs);
  const Shape& sides = outputs[halves.sides.empty() ? 0 : halves.sides[0]].shape;
  const int64_t numbers = sides[sides.rank() - 1];
  if (halves.scores.size() != halves.sides.size() ||
      (numbers != Shape::kDynamic && (numbers < 8 || numbers % 4 != 0))) {
    return context.mismatch(outputs_are(context.model()), expects);
  }
  sort_by_rows(outputs, halves.scores);
  sort_by_rows(outputs, halves.sides);
  GflOutputs found;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    found.levels.push_back({strides[i], halves.scores[i], halves.sides[i]});
  }
  const Shape& scores = outputs[halves.scores[0]].shape;
  WEIR_TRY(check_labels(context, scores[scores.rank() - 1]));
  return found;
}

Result<std::unique_ptr<const Family>> make_gfl(const FamilyContext& context, const char* strides) {
  const OptionReader options = context.options();
  WEIR_ASSIGN(std::vector<int> steps, read_strides(context, options.text("strides", strides)));
  std::sort(steps.begin(), steps.end());
  if (steps.empty()) steps.push_back(8);
  GflDecodeSpec spec;
  spec.detect = detection_spec(context.spec);
  WEIR_ASSIGN(spec.detect.per_class, options.flag("per_class", true));
  WEIR_ASSIGN(const GflOutputs found, find_gfl_outputs(context, steps));
  WEIR_ASSIGN(PictureInput picture,
              PictureInput::make(context, context.model().inputs()[0], {.multiple = steps.back()}));
  WEIR_TRY(check_rows(context, picture, found));
  return detector(std::move(picture),
                  [spec, places = found.levels](Outputs outputs, const ItemPlan& plan,
                                                std::vector<Finding>& found_here) {
                    thread_local std::vector<GflLevel> levels;
                    levels.clear();
                    for (const GflOutputs::Level& level : places) {
                      levels.push_back({level.stride, outputs[level.scores], outputs[level.sides]});
                    }
                    return gfl_decode(levels, spec, plan.resize, found_here);
                  });
}

}  // namespace weir::family

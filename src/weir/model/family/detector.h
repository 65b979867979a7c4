// What the families share that look at a picture through one input and read boxes, or classes, out
// of the outputs: such a family is its checks at `make` and one function.
//
//   return detector(std::move(picture), [spec](Outputs outputs, const ItemPlan& plan) {
//     return yolox_decode(outputs[0], spec, plan.resize);
//   });
//
// Used by `make` only, of which any thread may call several at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/model/family_registry.h"
#include "weir/model/picture_input.h"
#include "weir/ops/detections.h"

namespace weir::family {

using Outputs = std::span<const TensorView>;
// The outputs of one item as findings, best first. Re-entrant.
using Decode = std::function<Result<std::vector<Finding>>(Outputs, const ItemPlan&)>;

// The same, added to what was found: then nothing is allocated for them twice.
using DecodeInto = std::function<Status(Outputs, const ItemPlan&, std::vector<Finding>&)>;

std::unique_ptr<const Family> detector(PictureInput picture, Decode decode);
std::unique_ptr<const Family> detector(PictureInput picture, DecodeInto decode);

// The spec's thresholds; `per_class` and what is not set stay as they are in `defaults`.
DetectionSpec detection_spec(const ModelSpec& spec, DetectionSpec defaults = {});

// "its outputs are scores float32 1x4x2 and boxes float32 1x4x4", for FamilyContext::mismatch.
std::string outputs_are(const LoadedModel& model);

// An Error unless the model has one input for pictures and so many float32 outputs.
Status expect_tensors(const FamilyContext& context, std::size_t outputs,
                      const std::string& expects);

// An Error if there are labels, and not as many as the model has classes; `classes` below 1 is not
// known.
Status check_labels(const FamilyContext& context, int64_t classes);

// Strides as a user writes them: "8, 16, 32". An Error names the option.
Result<std::vector<int>> read_strides(const FamilyContext& context, const std::string& text);

}  // namespace weir::family

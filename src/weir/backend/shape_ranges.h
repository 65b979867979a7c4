// The ranges of a spec, matched with the inputs of a model and checked against what the file
// declares. Pure.
#pragma once

#include <optional>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/backend/spec.h"
#include "weir/base/result.h"

namespace weir {

// One entry per input. An Error names an input that is not there (and the nearest one that is), a
// range that is not min <= opt <= max, or one that the declared shape does not allow.
Result<std::vector<std::optional<ShapeRange>>> match_ranges(const BackendSpec& spec,
                                                            const std::vector<TensorInfo>& inputs);

// What is said of a tensor beyond BackendSpec::max_tensor_bytes.
Error tensor_too_large(const std::string& label, const Shape& shape, std::size_t max_bytes);

}  // namespace weir

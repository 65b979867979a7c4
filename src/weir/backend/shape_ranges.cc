#include "weir/backend/shape_ranges.h"

#include <algorithm>
#include <string>

#include "weir/base/nearest_name.h"

namespace weir {
namespace {

Status check_range(const std::string& where, const ShapeRange& range, const TensorInfo& input) {
  const auto bad = [&](const std::string& what, const std::string& hint) {
    return Error(ErrorCode::kInvalidArgument, "the range of input '" + input.name + "' " + what,
                 where, hint);
  };
  for (const Shape* shape : {&range.min, &range.opt, &range.max}) {
    if (shape->is_dynamic()) return bad("has open sizes: " + to_string(*shape), "write all sizes");
    WEIR_TRY(shape->elements());
    if (!input.accepts(*shape)) {
      return bad("has " + to_string(*shape) + ", and the file declares " + to_string(input.shape),
                 "only sizes that the file leaves open (?) can vary");
    }
  }
  if (!range.contains(range.opt) || !range.contains(range.min)) {
    return bad("is not in order: " + to_string(range.min) + ", " + to_string(range.opt) + ", " +
                   to_string(range.max),
               "write min <= opt <= max, size by size");
  }
  return {};
}

}  // namespace

Result<std::vector<std::optional<ShapeRange>>> match_ranges(const BackendSpec& spec,
                                                            const std::vector<TensorInfo>& inputs) {
  std::vector<std::optional<ShapeRange>> ranges(inputs.size());
  for (const auto& [name, range] : spec.shapes) {
    const std::string& wanted = name;
    const auto input = std::find_if(inputs.begin(), inputs.end(),
                                    [&](const TensorInfo& info) { return info.name == wanted; });
    if (input == inputs.end()) {
      std::vector<std::string> known;
      for (const TensorInfo& info : inputs) known.push_back(info.name);
      return Error(ErrorCode::kInvalidArgument, "the model has no input '" + name + "'",
                   spec.where(), hint_for_name(name, known));
    }
    WEIR_TRY(check_range(spec.where(), range, *input));
    ranges[static_cast<std::size_t>(input - inputs.begin())] = range;
  }
  return ranges;
}

Error tensor_too_large(const std::string& label, const Shape& shape, std::size_t max_bytes) {
  return Error(ErrorCode::kExhausted,
               label + " of " + to_string(shape) + " is larger than the limit of " +
                   std::to_string(max_bytes) + " bytes",
               "", "raise max_tensor_bytes if the shape is right");
}

}  // namespace weir

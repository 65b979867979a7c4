// Between OpenVINO's types, shapes and names and ours. Pure functions.
#pragma once

#include <optional>
#include <string>

#include <openvino/core/node_output.hpp>
#include <openvino/core/partial_shape.hpp>
#include <openvino/core/type/element_type.hpp>
#include <openvino/runtime/tensor.hpp>

#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"
#include "weir/data/tensor.h"

namespace weir {

std::optional<DType> dtype_of(const ov::element::Type& type);
ov::element::Type element_of(DType dtype);

Result<Shape> shape_of(const ov::Shape& shape);
ov::Shape openvino_shape(const Shape& shape);
// A Shape range as one shape with bounds.
ov::PartialShape openvino_range(const ShapeRange& range);

// An input or output of a model that has been read. An Error names one whose type we cannot carry.
Result<TensorInfo> info_of(const ov::Output<const ov::Node>& port, bool is_output);

// Dense memory of ours as OpenVINO's tensor; borrows the memory. `shape` is written over: an
// object that is kept has room for the next shape, where a new one would take it from the heap.
ov::Tensor openvino_tensor(const TensorView& view, ov::Shape& shape);

}  // namespace weir

// The types and shapes of ONNX Runtime, as ours.
#pragma once

#include <onnxruntime_c_api.h>

#include <cstddef>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"
#include "weir/data/tensor.h"

namespace weir {

Result<DType> dtype_of(ONNXTensorElementDataType type);
ONNXTensorElementDataType ort_type_of(DType dtype);

enum class OrtPort { kInput, kOutput };

// Names, types and shapes of all inputs or outputs. Refuses what is no tensor of numbers.
Result<std::vector<TensorInfo>> read_ports(const OrtSession& session, OrtPort port);

// Sees a value of the library; valid as long as the value.
Result<TensorView> view_of(OrtValue& value);

}  // namespace weir

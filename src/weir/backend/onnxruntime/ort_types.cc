#include "weir/backend/onnxruntime/ort_types.h"

#include <array>
#include <string>
#include <utility>

#include "weir/backend/onnxruntime/ort_handle.h"

namespace weir {
namespace {

constexpr std::array<std::pair<DType, ONNXTensorElementDataType>, kDTypeCount> kTypes = {
    {{DType::kFloat32, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT},
     {DType::kFloat16, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16},
     {DType::kBFloat16, ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16},
     {DType::kFloat64, ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE},
     {DType::kInt8, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8},
     {DType::kInt16, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16},
     {DType::kInt32, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32},
     {DType::kInt64, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64},
     {DType::kUInt8, ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8},
     {DType::kUInt16, ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16},
     {DType::kUInt32, ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32},
     {DType::kUInt64, ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64},
     {DType::kBool, ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL}}};

Result<Shape> read_shape(const OrtTensorTypeAndShapeInfo& info) {
  std::size_t rank = 0;
  WEIR_TRY(ort_status(ort().GetDimensionsCount(&info, &rank)));
  std::array<int64_t, Shape::kMaxRank> sizes{};
  if (rank <= sizes.size()) {
    WEIR_TRY(ort_status(ort().GetDimensions(&info, sizes.data(), rank)));
  }
  return Shape::from(sizes.data(), rank);
}

Status read_type(const OrtTypeInfo& type, TensorInfo& port) {
  ONNXType kind = ONNX_TYPE_UNKNOWN;
  WEIR_TRY(ort_status(ort().GetOnnxTypeFromTypeInfo(&type, &kind)));
  if (kind != ONNX_TYPE_TENSOR) {
    return Error(ErrorCode::kUnsupported,
                 "is a sequence, a map, optional or sparse, and only tensors can be exchanged");
  }
  const OrtTensorTypeAndShapeInfo* info = nullptr;
  WEIR_TRY(ort_status(ort().CastTypeInfoToTensorInfo(&type, &info)));
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  WEIR_TRY(ort_status(ort().GetTensorElementType(info, &element)));
  WEIR_ASSIGN(port.dtype, dtype_of(element));
  WEIR_ASSIGN(port.shape, read_shape(*info));
  // The interface tells a scalar and a shape that was never said alike.
  port.any_rank = port.shape.rank() == 0;
  return {};
}

Result<TensorInfo> read_port(const OrtSession& session, OrtPort port, std::size_t i) {
  const bool input = port == OrtPort::kInput;
  char* name = nullptr;
  OrtTypeInfo* type = nullptr;
  WEIR_TRY(ort_status((input ? ort().SessionGetInputName : ort().SessionGetOutputName)(
      &session, i, ort_default_allocator(), &name)));
  TensorInfo info;
  info.name = ort_take_string(name);
  WEIR_TRY(ort_status((input ? ort().SessionGetInputTypeInfo : ort().SessionGetOutputTypeInfo)(
      &session, i, &type)));
  const OrtTypeInfoPtr owner(type);
  if (Status status = read_type(*type, info); !status) {
    Error error = std::move(status).error();
    error.message = std::string(input ? "input '" : "output '") + info.name + "' " + error.message;
    return error;
  }
  return info;
}

}  // namespace

Result<DType> dtype_of(ONNXTensorElementDataType type) {
  for (const auto& [ours, theirs] : kTypes) {
    if (theirs == type) return ours;
  }
  if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING) {
    return Error(ErrorCode::kUnsupported, "holds strings, and only numbers can be exchanged");
  }
  return Error(ErrorCode::kUnsupported, "has elements of the ONNX type " + std::to_string(type) +
                                            ", which this build does not exchange");
}

ONNXTensorElementDataType ort_type_of(DType dtype) {
  for (const auto& [ours, theirs] : kTypes) {
    if (ours == dtype) return theirs;
  }
  return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
}

Result<std::vector<TensorInfo>> read_ports(const OrtSession& session, OrtPort port) {
  std::size_t count = 0;
  WEIR_TRY(ort_status((port == OrtPort::kInput ? ort().SessionGetInputCount
                                               : ort().SessionGetOutputCount)(&session, &count)));
  std::vector<TensorInfo> infos;
  for (std::size_t i = 0; i < count; ++i) {
    WEIR_ASSIGN(TensorInfo info, read_port(session, port, i));
    infos.push_back(std::move(info));
  }
  return infos;
}

Result<TensorView> view_of(OrtValue& value) {
  OrtTensorTypeAndShapeInfo* info = nullptr;
  WEIR_TRY(ort_status(ort().GetTensorTypeAndShape(&value, &info)));
  const OrtShapeInfoPtr owner(info);
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  WEIR_TRY(ort_status(ort().GetTensorElementType(info, &element)));
  TensorView view;
  WEIR_ASSIGN(view.dtype, dtype_of(element));
  WEIR_ASSIGN(view.shape, read_shape(*info));
  WEIR_TRY(ort_status(ort().GetTensorMutableData(&value, &view.data)));
  // An output without elements has no address of its own; null would mean "no output".
  static char nothing = 0;
  if (view.data == nullptr) view.data = &nothing;
  return view;
}

}  // namespace weir

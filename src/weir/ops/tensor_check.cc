#include "weir/ops/tensor_check.h"

namespace weir::ops {

TensorView squeezed(const TensorView& tensor, std::size_t rank) {
  std::size_t first = 0;
  while (tensor.shape.rank() - first > rank && tensor.shape[first] == 1) ++first;
  TensorView view = tensor;
  view.shape = {};
  for (std::size_t i = first; i < tensor.shape.rank(); ++i) view.shape.push_back(tensor.shape[i]);
  if (tensor.strides.rank() == 0) return view;
  view.strides = {};
  for (std::size_t i = first; i < tensor.strides.rank(); ++i) {
    view.strides.push_back(tensor.strides[i]);
  }
  return view;
}

bool is_readable(const TensorView& tensor, DType dtype) {
  if (tensor.dtype != dtype || !tensor.device.is_cpu() || !tensor.is_dense()) return false;
  const auto elements = tensor.shape.elements();
  return elements && (*elements == 0 || tensor.data != nullptr);
}

Error unexpected(std::string_view what, const TensorView& tensor, std::string_view expected) {
  return {
      ErrorCode::kInvalidArgument,
      std::string(what) + " are " + std::string(name(tensor.dtype)) + " " + to_string(tensor.shape),
      "", std::string(expected) + " is expected"};
}

Result<TensorView> expect_floats(std::string_view what, const TensorView& tensor,
                                 const Shape& expected) {
  const TensorView view = squeezed(tensor, expected.rank());
  if (is_readable(view) && expected.accepts(view.shape)) return view;
  return unexpected(what, tensor, "a dense float32 tensor of " + to_string(expected));
}

}  // namespace weir::ops

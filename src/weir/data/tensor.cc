#include "weir/data/tensor.h"

#include <string>
#include <utility>

#include "weir/data/host_memory.h"

namespace weir {

bool TensorView::is_dense() const {
  if (strides.rank() == 0) return true;
  int64_t expected = 1;
  for (std::size_t i = shape.rank(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

std::size_t TensorView::bytes() const {
  const Result<int64_t> count = shape.elements();
  return count ? static_cast<std::size_t>(*count) * size_of(dtype) : 0;
}

Result<Tensor> Tensor::allocate(DType dtype, const Shape& shape) {
  WEIR_ASSIGN(const int64_t count, shape.elements());
  if (static_cast<uint64_t>(count) > kMaxBytes / size_of(dtype)) {
    return Error(ErrorCode::kExhausted,
                 "a tensor of " + to_string(shape) + " " + std::string(name(dtype)) +
                     " is larger than the limit of " + std::to_string(kMaxBytes >> 30) + " GiB");
  }
  const std::size_t bytes = static_cast<std::size_t>(count) * size_of(dtype);
  static_assert(kAlignment == kHostAlignment);
  WEIR_ASSIGN(std::shared_ptr<void> memory, allocate_host(bytes));
  return shared({memory.get(), dtype, shape, {}, {}}, memory);
}

Tensor Tensor::shared(TensorView view, std::shared_ptr<const void> owner) {
  Tensor tensor;
  tensor.view_ = view;
  tensor.owner_ = std::move(owner);
  return tensor;
}

Tensor Tensor::borrowed(TensorView view) {
  return shared(view, nullptr);
}

Result<Tensor> Tensor::reshaped(const Shape& shape) const {
  WEIR_ASSIGN(const int64_t before, view_.shape.elements());
  WEIR_ASSIGN(const int64_t after, shape.elements());
  if (before != after || !view_.is_dense()) {
    return Error(ErrorCode::kInvalidArgument, "a tensor of " + to_string(view_.shape) +
                                                  " cannot be seen as " + to_string(shape));
  }
  Tensor result = *this;
  result.view_.shape = shape;
  result.view_.strides = {};
  return result;
}

}  // namespace weir

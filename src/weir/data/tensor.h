// A block of numbers with a type, a shape, strides and a device.
//
// TensorView borrows: whoever made it says how long the memory lives. Tensor shares: copies of it
// look at the same memory, which lives as long as the last of them, and whose release is the
// owner's business (an allocation, a pool's block, a decoder's frame). Neither synchronises:
// concurrent readers are fine, a writer is alone.
//
//   WEIR_ASSIGN(Tensor batch, Tensor::allocate(DType::kFloat32, {1, 3, 640, 640}));
//   float* pixels = batch.view().as<float>();
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "weir/base/result.h"
#include "weir/data/device.h"
#include "weir/data/dtype.h"
#include "weir/data/shape.h"

namespace weir {

struct TensorView {
  void* data = nullptr;
  DType dtype = DType::kFloat32;
  Shape shape;
  Shape strides;  // in elements; rank 0 means dense, row by row
  Device device;

  bool is_dense() const;
  // Bytes of the elements; 0 for a shape that is not known. Strides are not counted.
  std::size_t bytes() const;
  template <class T>
  T* as() const {
    assert(sizeof(T) == size_of(dtype));
    return static_cast<T*>(data);
  }
};

class Tensor {
 public:
  // The limit of one allocation: a shape read from a damaged file must not take the machine down.
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 36;
  static constexpr std::size_t kAlignment = 64;

  Tensor() = default;
  // Host memory, aligned to kAlignment, not cleared.
  static Result<Tensor> allocate(DType dtype, const Shape& shape);
  // Memory of somebody else, kept alive by `owner`.
  static Tensor shared(TensorView view, std::shared_ptr<const void> owner);
  // Memory of somebody else, who promises that it outlives every copy of this Tensor.
  static Tensor borrowed(TensorView view);

  const TensorView& view() const { return view_; }
  DType dtype() const { return view_.dtype; }
  const Shape& shape() const { return view_.shape; }
  bool empty() const { return view_.data == nullptr; }
  template <class T>
  T* as() const {
    return view_.as<T>();
  }
  // The same memory under another shape of as many elements; dense tensors only.
  Result<Tensor> reshaped(const Shape& shape) const;

 private:
  TensorView view_;
  std::shared_ptr<const void> owner_;
};

}  // namespace weir

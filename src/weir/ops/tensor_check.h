// What the decodes ask of the tensors that they read. Pure functions: any thread.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/data/tensor.h"

namespace weir::ops {

// The tensor without leading sizes of 1 until it has `rank` of them: 1x1x8x4 seen as 8x4.
TensorView squeezed(const TensorView& tensor, std::size_t rank);

// Whether it can be read as a dense block of `dtype` in host memory.
bool is_readable(const TensorView& tensor, DType dtype = DType::kFloat32);

// "the scores of a DETR are uint8 1x300" with the hint "a dense float32 tensor of 300 is expected".
Error unexpected(std::string_view what, const TensorView& tensor, std::string_view expected);

// `what` squeezed to the rank of `expected` (-1: any size), or the Error above.
Result<TensorView> expect_floats(std::string_view what, const TensorView& tensor,
                                 const Shape& expected);

}  // namespace weir::ops

// What the fake back end computes with: elements of any type, seen as double. Pure, dense tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/backend/fake/fake_graph.h"
#include "weir/base/result.h"
#include "weir/data/tensor.h"

namespace weir {

double load_element(DType dtype, const void* data, std::size_t index);
// Rounds to nearest, and to the nearest end of the range of an integer type.
void store_element(DType dtype, void* data, std::size_t index, double value);

// IEEE half and bfloat16, as bits.
float half_to_float(uint16_t bits);
uint16_t float_to_half(float value);
float bfloat16_to_float(uint16_t bits);
uint16_t float_to_bfloat16(float value);

// The shape of one output for these inputs; a -1 where it depends on the data.
Result<Shape> fake_output_shape(const FakeOutput& op, const std::vector<TensorView>& inputs);
// Writes one output, whose shape is known, into memory of that size.
void run_fake_output(const FakeOutput& op, const std::vector<TensorView>& inputs,
                     const TensorView& output);
// How many elements are not zero, and where they are: the pairs of `nonzero`.
int64_t count_nonzero(const TensorView& input);
void write_nonzero(const TensorView& input, int64_t* output);

}  // namespace weir

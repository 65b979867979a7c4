// Rows of floats into a tensor, with the vector instructions that this CPU has. Any thread.
#pragma once

#include <cstddef>

namespace weir::ops {

// The same value again and again: at -O2 a compiler writes it one by one.
void fill_row(float value, std::size_t count, float* out);

// Rows of elements into a tensor's own type, `count` of each: rounded to the nearest and limited.
// `channels` rows go one after the other, or (interleaved) element by element to one place.
enum class ElementType { kFloat32, kUInt8, kInt8 };
void store_row(const float* row, std::size_t count, ElementType type, void* out);
void store_interleaved(const float* const rows[3], std::size_t count, ElementType type, void* out);

}  // namespace weir::ops

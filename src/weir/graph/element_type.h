// The element types that an ONNX file can name: more than the back ends can exchange
// (data/dtype.h), because a file may hold strings, four-bit weights or complex numbers.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::graph {

// The numbers are those of TensorProto.DataType.
enum class ElementType : uint8_t {
  kUndefined = 0,
  kFloat32 = 1,
  kUInt8 = 2,
  kInt8 = 3,
  kUInt16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kFloat64 = 11,
  kUInt32 = 12,
  kUInt64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBFloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUInt4 = 21,
  kInt4 = 22,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUInt2 = 25,
  kInt2 = 26,
};
inline constexpr int kElementTypeCount = 27;

// kUndefined for a number that names no type.
ElementType element_type_of(int64_t number);
// "float32", "int4", "string", …; the same words as weir::name(DType) where a DType exists.
std::string_view name(ElementType type);
// Bits of one element; 0 where that has no meaning (string, undefined).
int bits_of(ElementType type);
bool is_floating(ElementType type);

}  // namespace weir::graph

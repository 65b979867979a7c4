// The element types of a tensor: what the back ends can exchange.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/result.h"

namespace weir {

enum class DType : uint8_t {
  kFloat32,
  kFloat16,
  kBFloat16,
  kFloat64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUInt8,
  kUInt16,
  kUInt32,
  kUInt64,
  kBool,
};
inline constexpr std::size_t kDTypeCount = 13;

// Bytes of one element.
std::size_t size_of(DType dtype);
// "float32", "int8", "bool", …: the names of the config and of every output.
std::string_view name(DType dtype);
Result<DType> parse_dtype(std::string_view text);

// The DType of a C++ type; float16 and bfloat16 have none and are handled as uint16_t bits.
template <class T>
inline constexpr DType kDTypeOf = DType::kFloat32;
template <>
inline constexpr DType kDTypeOf<double> = DType::kFloat64;
template <>
inline constexpr DType kDTypeOf<int8_t> = DType::kInt8;
template <>
inline constexpr DType kDTypeOf<int16_t> = DType::kInt16;
template <>
inline constexpr DType kDTypeOf<int32_t> = DType::kInt32;
template <>
inline constexpr DType kDTypeOf<int64_t> = DType::kInt64;
template <>
inline constexpr DType kDTypeOf<uint8_t> = DType::kUInt8;
template <>
inline constexpr DType kDTypeOf<uint16_t> = DType::kUInt16;
template <>
inline constexpr DType kDTypeOf<uint32_t> = DType::kUInt32;
template <>
inline constexpr DType kDTypeOf<uint64_t> = DType::kUInt64;
template <>
inline constexpr DType kDTypeOf<bool> = DType::kBool;

}  // namespace weir

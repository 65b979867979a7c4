#include "weir/graph/element_type.h"

#include <array>
#include <cstddef>

namespace weir::graph {
namespace {

struct Row {
  std::string_view name;
  int bits;
  bool floating;
};

// By number.
constexpr std::array<Row, kElementTypeCount> kRows = {{
    {"undefined", 0, false},     {"float32", 32, true},   {"uint8", 8, false},
    {"int8", 8, false},          {"uint16", 16, false},   {"int16", 16, false},
    {"int32", 32, false},        {"int64", 64, false},    {"string", 0, false},
    {"bool", 8, false},          {"float16", 16, true},   {"float64", 64, true},
    {"uint32", 32, false},       {"uint64", 64, false},   {"complex64", 64, true},
    {"complex128", 128, true},   {"bfloat16", 16, true},  {"float8e4m3fn", 8, true},
    {"float8e4m3fnuz", 8, true}, {"float8e5m2", 8, true}, {"float8e5m2fnuz", 8, true},
    {"uint4", 4, false},         {"int4", 4, false},      {"float4e2m1", 4, true},
    {"float8e8m0", 8, true},     {"uint2", 2, false},     {"int2", 2, false},
}};

const Row& row(ElementType type) {
  return kRows[static_cast<std::size_t>(type)];
}

}  // namespace

ElementType element_type_of(int64_t number) {
  return number > 0 && number < kElementTypeCount ? static_cast<ElementType>(number)
                                                  : ElementType::kUndefined;
}

std::string_view name(ElementType type) {
  return row(type).name;
}
int bits_of(ElementType type) {
  return row(type).bits;
}
bool is_floating(ElementType type) {
  return row(type).floating;
}

}  // namespace weir::graph

#include "weir/data/dtype.h"

#include <array>
#include <string>

namespace weir {
namespace {

struct Row {
  std::string_view name;
  std::size_t size;
};

// In the order of DType.
constexpr std::array<Row, kDTypeCount> kRows = {{{"float32", 4},
                                                 {"float16", 2},
                                                 {"bfloat16", 2},
                                                 {"float64", 8},
                                                 {"int8", 1},
                                                 {"int16", 2},
                                                 {"int32", 4},
                                                 {"int64", 8},
                                                 {"uint8", 1},
                                                 {"uint16", 2},
                                                 {"uint32", 4},
                                                 {"uint64", 8},
                                                 {"bool", 1}}};

}  // namespace

std::size_t size_of(DType dtype) {
  return kRows[static_cast<std::size_t>(dtype)].size;
}
std::string_view name(DType dtype) {
  return kRows[static_cast<std::size_t>(dtype)].name;
}

Result<DType> parse_dtype(std::string_view text) {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == text) return static_cast<DType>(i);
  }
  return Error(ErrorCode::kInvalidArgument, "unknown element type '" + std::string(text) + "'", "",
               "write float32, float16, bfloat16, float64, int8 … uint64 or bool");
}

}  // namespace weir

#include "weir/backend/spec.h"

#include <array>

namespace weir {
namespace {

// In the order of Precision.
constexpr std::array<std::string_view, 5> kNames = {"default", "float32", "float16", "bfloat16",
                                                    "int8"};

}  // namespace

std::string_view name(Precision precision) {
  return kNames[static_cast<std::size_t>(precision)];
}

Result<Precision> parse_precision(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<Precision>(i);
  }
  return Error(ErrorCode::kInvalidArgument, "unknown precision '" + std::string(text) + "'", "",
               "write default, float32, float16, bfloat16 or int8");
}

Status check_threads(const BackendSpec& spec) {
  if (spec.intra_op_threads >= 1 && spec.intra_op_threads <= 1024) return {};
  return Error(ErrorCode::kInvalidArgument,
               std::to_string(spec.intra_op_threads) + " threads for one model", spec.where(),
               "intra_op_threads is 1 to 1024");
}

bool ShapeRange::contains(const Shape& shape) const {
  if (shape.rank() != min.rank() || shape.rank() != max.rank()) return false;
  for (std::size_t i = 0; i < shape.rank(); ++i) {
    if (shape[i] < min[i] || shape[i] > max[i]) return false;
  }
  return true;
}

}  // namespace weir

#include "weir/base/error.h"

#include <array>
#include <cstddef>

namespace weir {
namespace {

struct Row {
  std::string_view name;
  int exit_code;
  int http;
  int grpc;
};

// In the order of ErrorCode.
constexpr std::array<Row, 9> kRows = {{
    {"invalid_argument", 2, 400, 3},
    {"not_found", 2, 404, 5},
    {"unsupported", 1, 501, 12},
    {"unavailable", 1, 503, 14},
    {"exhausted", 1, 429, 8},
    {"deadline", 1, 504, 4},
    {"cancelled", 1, 499, 1},
    {"corrupt", 1, 422, 15},
    {"internal", 1, 500, 13},
}};

const Row& row(ErrorCode code) {
  return kRows[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view name(ErrorCode code) {
  return row(code).name;
}
int exit_code(ErrorCode code) {
  return row(code).exit_code;
}
int http_status(ErrorCode code) {
  return row(code).http;
}
int grpc_status(ErrorCode code) {
  return row(code).grpc;
}

std::string Error::to_string() const {
  std::string text;
  if (!where.empty()) text += where + ": ";
  text += message.empty() ? std::string(name(code)) : message;
  if (!hint.empty()) text += "; " + hint;
  return text;
}

}  // namespace weir

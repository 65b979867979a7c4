// The one place where OpenVINO's exceptions become Errors.
//
//   WEIR_ASSIGN(auto model, openvino_guard(where, ErrorCode::kCorrupt,
//                                          [&] { return core.read_model(path); }));
#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <openvino/runtime/exception.hpp>

#include "weir/base/result.h"

namespace weir {

// OpenVINO's messages name its own source lines and checks on most of their lines; this leaves what
// a user can use, in one line.
std::string openvino_message(std::string_view what);
// The Error for the exception that is under way; `code` unless it says more itself.
Error openvino_error(const std::string& where, ErrorCode code);

template <class Call>
auto openvino_guard(const std::string& where, ErrorCode code, Call&& call)
    -> Result<std::invoke_result_t<Call>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
      std::forward<Call>(call)();
      return {};
    } else {
      return std::forward<Call>(call)();
    }
  } catch (...) {
    return openvino_error(where, code);
  }
}

}  // namespace weir

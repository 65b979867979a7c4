// What the commands print for programs. One document on stdout, keys in the order of writing.
#pragma once

#include <nlohmann/json.hpp>

#include "weir/base/error.h"

namespace weir::cli {

using Json = nlohmann::ordered_json;

// {"error": {"code", "message", "where", "hint"}}
Json to_json(const Error& error);
// Two spaces, a newline at the end; bytes that are not UTF-8 are replaced, never thrown at.
std::string print(const Json& json);

}  // namespace weir::cli

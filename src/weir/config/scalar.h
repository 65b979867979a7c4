// How plain (unquoted) text becomes a value: the core schema of YAML 1.2.
//
// null: empty, ~, null, Null, NULL. bool: true, True, TRUE, false, False, FALSE. int: 12, -3, 0o17,
// 0xff. float: 1.5, .5, 2., 1e-3, .inf, -.inf, .nan. Everything else is a string: `yes`, `no`,
// `on`, `off`, `1:30` and `2026-01-01` too. An integer beyond 64 bits is a float.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace weir::config {

struct Null {};
using Scalar = std::variant<Null, bool, int64_t, double, std::string>;

Scalar parse_scalar(std::string_view text);

// The shortest text that reads back as the same float, and as a float: "0.1", "1.0", ".inf".
std::string number_text(double value);
std::string number_text(float value);

}  // namespace weir::config

#include "weir/config/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace weir::config {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool any_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

template <class T>
std::optional<T> whole_number(std::string_view digits, int base) {
  T value{};
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<int64_t> integer(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) {
    if (text[2] == '-' || text[2] == '+') return std::nullopt;
    return whole_number<int64_t>(text.substr(2), text[1] == 'x' ? 16 : 8);
  }
  const std::string_view digits = without_sign(text);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  return whole_number<int64_t>(text.front() == '+' ? digits : text, 10);
}

// [0-9]* ( . [0-9]* )? ( [eE] [-+]? [0-9]+ )?, with at least one digit before the exponent.
bool looks_like_float(std::string_view text) {
  text = without_sign(text);
  std::size_t at = 0, digits = 0;
  while (at < text.size() && is_digit(text[at])) ++at, ++digits;
  if (at < text.size() && text[at] == '.') ++at;
  while (at < text.size() && is_digit(text[at])) ++at, ++digits;
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  const std::string_view exponent = without_sign(text.substr(at + 1));
  return !exponent.empty() && std::all_of(exponent.begin(), exponent.end(), is_digit);
}

std::optional<double> floating(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const double sign = negative ? -1.0 : 1.0;
  const std::string_view rest = without_sign(text);
  if (any_of(rest, {".inf", ".Inf", ".INF"})) {
    return sign * std::numeric_limits<double>::infinity();
  }
  if (any_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  if (!looks_like_float(text)) return std::nullopt;
  double value = 0;
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (end != rest.data() + rest.size()) return std::nullopt;
  // Out of range: too large or too small; the exponent says which.
  if (failed == std::errc::result_out_of_range) {
    const bool tiny = rest.find("e-") != rest.npos || rest.find("E-") != rest.npos;
    value = tiny ? 0 : std::numeric_limits<double>::infinity();
  }
  return sign * value;
}

template <class T>
std::string shortest(T value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  std::array<char, 40> buffer{};
  const auto [end, failed] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), failed == std::errc() ? end : buffer.data());
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

}  // namespace

Scalar parse_scalar(std::string_view text) {
  if (text.empty() || any_of(text, {"~", "null", "Null", "NULL"})) return Null{};
  if (any_of(text, {"true", "True", "TRUE"})) return true;
  if (any_of(text, {"false", "False", "FALSE"})) return false;
  if (const auto value = integer(text)) return *value;
  if (const auto value = floating(text)) return *value;
  return std::string(text);
}

std::string number_text(double value) {
  return shortest(value);
}
std::string number_text(float value) {
  return shortest(value);
}

}  // namespace weir::config

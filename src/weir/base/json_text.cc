#include "weir/base/json_text.h"

#include <charconv>
#include <cmath>
#include <iterator>

namespace weir {
namespace {

template <class T>
void append_number(std::string& out, T value) {
  char text[40];
  const auto result = std::to_chars(std::begin(text), std::end(text), value);
  out.append(text, result.ptr);
}

template <class T>
void append_real(std::string& out, T value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  append_number(out, value);
  // Many readers take "-0" for an integer and lose the sign.
  if (value == 0 && std::signbit(value)) out += ".0";
}

void append_escape(std::string& out, unsigned char c) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += static_cast<char>(c);
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
    default:
      break;
  }
  out += "u00";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

struct Lead {
  std::size_t length;
  unsigned char second_min;
  unsigned char second_max;
};

// What may follow a leading byte. The bounds of the second byte rule out overlong forms,
// surrogates and what lies above U+10FFFF.
Lead lead_of(unsigned char c) {
  if (c >= 0xC2 && c <= 0xDF) return {2, 0x80, 0xBF};
  if (c == 0xE0) return {3, 0xA0, 0xBF};
  if (c == 0xED) return {3, 0x80, 0x9F};
  if (c >= 0xE1 && c <= 0xEF) return {3, 0x80, 0xBF};
  if (c == 0xF0) return {4, 0x90, 0xBF};
  if (c >= 0xF1 && c <= 0xF3) return {4, 0x80, 0xBF};
  if (c == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const Lead lead = lead_of(byte(0));
  if (lead.length == 0 || text.size() < lead.length) return 0;
  if (byte(1) < lead.second_min || byte(1) > lead.second_max) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return lead.length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    std::size_t length = 1;
    if (c >= 0x80) {
      length = utf8_length(text);
      if (length == 0) {
        out += "\xEF\xBF\xBD";
        length = 1;
      } else {
        out += text.substr(0, length);
      }
    } else if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F) {
      append_escape(out, c);
    } else {
      out += static_cast<char>(c);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

void append_json_number(std::string& out, float value) {
  append_real(out, value);
}
void append_json_number(std::string& out, double value) {
  append_real(out, value);
}
void append_json_number(std::string& out, int64_t value) {
  append_number(out, value);
}
void append_json_number(std::string& out, uint64_t value) {
  append_number(out, value);
}

}  // namespace weir

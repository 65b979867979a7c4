#include "weir/ops/draw/text_characters.h"

#include <algorithm>

#include "weir/base/json_text.h"

namespace weir {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
// More than this many characters is no label; the rest is not looked at.
constexpr std::size_t kMaxCharacters = 4096;

char32_t decode(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() == 1) return at(0);
  char32_t value = at(0) & (0xFFU >> (bytes.size() + 1));
  for (std::size_t i = 1; i < bytes.size(); ++i) value = value << 6U | (at(i) & 0x3FU);
  return value;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

}  // namespace

std::vector<char32_t> characters_of(std::string_view text) {
  std::vector<char32_t> characters;
  while (!text.empty() && characters.size() < kMaxCharacters) {
    const std::size_t length = utf8_length(text);
    const char32_t c = length == 0 ? kReplacement : decode(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
    characters.push_back(is_control(c) ? U' ' : c);
  }
  return characters;
}

bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || c == 0xAD;
}

}  // namespace weir

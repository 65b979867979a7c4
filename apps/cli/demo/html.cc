#include "apps/cli/demo/html.h"

namespace weir::cli::demo {
namespace {

// The length of the valid UTF-8 sequence at the front; 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text[0];
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    if (length == 0 || control || c == 0x7F) {
      safe += "\xEF\xBF\xBD";
    } else if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else if (c == '\'') {
      safe += "&#39;";
    } else {
      safe += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return safe;
}

std::string base64(const std::vector<uint8_t>& bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const uint32_t bits = static_cast<uint32_t>(bytes[i]) << 16U |
                          (left > 1 ? static_cast<uint32_t>(bytes[i + 1]) << 8U : 0U) |
                          (left > 2 ? static_cast<uint32_t>(bytes[i + 2]) : 0U);
    text += kDigits[bits >> 18U];
    text += kDigits[bits >> 12U & 63U];
    text += left > 1 ? kDigits[bits >> 6U & 63U] : '=';
    text += left > 2 ? kDigits[bits & 63U] : '=';
  }
  return text;
}

std::string element(std::string_view name, std::string_view text, std::string_view attributes) {
  std::string html = "<" + std::string(name);
  if (!attributes.empty()) html += " " + std::string(attributes);
  return html + ">" + escape(text) + "</" + std::string(name) + ">";
}

}  // namespace weir::cli::demo

#include "apps/cli/page/html.h"

#include "apps/cli/page/style.h"
#include "weir/base/xml_text.h"

namespace weir::cli::html {

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
  return html + ">" + escape_xml(text) + "</" + std::string(name) + ">";
}

std::string fact(std::string_view title, std::string_view value, bool big) {
  return "<div>" + element("dt", title) + element("dd", value, big ? "class=\"big\"" : "") +
         "</div>\n";
}

std::string figure(const Shot& shot) {
  std::string html = "<figure><img src=\"data:image/jpeg;base64," + base64(shot.jpeg) +
                     "\" width=\"" + std::to_string(shot.width) + "\" height=\"" +
                     std::to_string(shot.height) + "\" alt=\"" + escape_xml(shot.alt) + "\">";
  if (!shot.caption.empty()) html += element("figcaption", shot.caption);
  return html + "</figure>\n";
}

std::string list(const std::vector<std::string>& found) {
  std::string html = "<ol class=\"found\">\n";
  for (const std::string& line : found) html += element("li", line) + "\n";
  return html + "</ol>\n";
}

std::string document(std::string_view title, std::string_view body) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n" +
         element("title", title) + "\n<link rel=\"icon\" href=\"data:,\">\n<style>" +
         std::string(kStyle) +
         "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the results</a>\n" +
         std::string(body) + "</body>\n</html>\n";
}

}  // namespace weir::cli::html

#include "apps/cli/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace weir::cli {
namespace {

struct Piece {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

// The bytes of a UTF-8 sequence as its first byte tells them; 0 for a byte that cannot be first.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

using Range = std::pair<char32_t, char32_t>;

constexpr std::array<Range, 7> kCombining = {{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x1AB0, 0x1AFF},
                                              {0x200B, 0x200F},
                                              {0x20D0, 0x20F0},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [code](const Range& range) {
    return code >= range.first && code <= range.second;
  });
}

// "\033[31m": as many bytes as it has, no columns.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2 || text[0] != '\033' || text[1] != '[') return 0;
  const std::size_t end = text.find('m');
  return end == std::string_view::npos ? 0 : end + 1;
}

Piece first_piece(std::string_view text) {
  if (const std::size_t escape = escape_length(text); escape > 0) return {escape, 0};
  const std::size_t length = sequence_length(static_cast<unsigned char>(text[0]));
  if (length <= 1 || length > text.size()) return {};
  char32_t code = static_cast<unsigned char>(text[0]) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte & 0x3FU);
  }
  if (is_in(kCombining, code)) return {length, 0};
  return {length, is_in(kWide, code) ? std::size_t{2} : std::size_t{1}};
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t columns = 0;
  while (!utf8.empty()) {
    const Piece piece = first_piece(utf8);
    columns += piece.columns;
    utf8.remove_prefix(piece.bytes);
  }
  return columns;
}

std::string truncate(std::string_view utf8, std::size_t columns) {
  if (display_width(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return {};
  std::string text;
  std::size_t used = 0;
  bool coloured = false;
  while (!utf8.empty()) {
    const Piece piece = first_piece(utf8);
    if (used + piece.columns > columns - 1) break;
    coloured = coloured || escape_length(utf8) > 0;
    used += piece.columns;
    text += utf8.substr(0, piece.bytes);
    utf8.remove_prefix(piece.bytes);
  }
  return text + "…" + (coloured ? "\033[0m" : "");
}

std::string fixed(double number, int digits) {
  std::array<char, 64> buffer{};
  if (!std::isfinite(number)) return "?";
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, number);
  return std::string(buffer.data(), static_cast<std::size_t>(std::max(0, length)));
}

std::string with_commas(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string short_version(const std::string& version) {
  return version.substr(0, version.find('-'));
}

std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return text;
}

std::string format_bytes(uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  constexpr std::array<const char*, 4> kUnits = {" kB", " MB", " GB", " TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fixed(value, value < 9.95 ? 1 : 0) + kUnits[unit];
}

std::string format_ms(double ms) {
  if (ms >= 999.5) return with_commas(static_cast<uint64_t>(std::llround(ms))) + " ms";
  const int digits = ms < 1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0;
  return fixed(ms, digits) + " ms";
}

std::string format_count(double count) {
  if (count < 1000) return fixed(count, count == std::floor(count) ? 0 : 1);
  constexpr std::array<const char*, 4> kUnits = {" k", " M", " G", " T"};
  std::size_t unit = 0;
  count /= 1000;
  while (count >= 999.5 && unit + 1 < kUnits.size()) {
    count /= 1000;
    ++unit;
  }
  return fixed(count, count < 10 ? 2 : count < 100 ? 1 : 0) + kUnits[unit];
}

}  // namespace weir::cli

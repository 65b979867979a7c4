#include "weir/ops/track/mot_row.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace weir {
namespace {

constexpr std::array<const char*, 7> kColumns = {"frame", "id",     "left", "top",
                                                 "width", "height", "score"};
constexpr std::size_t kNeeded = 6;

constexpr const char* kForm = "a line is 'frame, id, left, top, width, height, score, …'";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// A cell may be anything, so only its beginning is repeated.
Error wrong_cell(std::size_t column, std::string_view cell) {
  const std::string at = "column " + std::to_string(column + 1) + " (" + kColumns[column] + ")";
  const std::string is =
      cell.empty() ? "is empty" : "is no number: '" + std::string(cell.substr(0, 24)) + "'";
  return {ErrorCode::kCorrupt, at + " " + is, {}, kForm};
}

bool parse(std::string_view cell, double& out) {
  if (!cell.empty() && cell.front() == '+') cell.remove_prefix(1);
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
  return error == std::errc() && end == cell.data() + cell.size() && std::isfinite(out) &&
         std::abs(out) <= static_cast<double>(std::numeric_limits<float>::max());
}

// Frames and ids are whole, though some programs write them as 12.0.
bool whole(double number, int64_t least, int64_t& out) {
  constexpr double kMost = 9007199254740992.0;
  if (number != std::floor(number) || number < static_cast<double>(least) || number > kMost) {
    return false;
  }
  out = static_cast<int64_t>(number);
  return true;
}

}  // namespace

Result<MotRow> read_mot_row(std::string_view line) {
  std::array<double, kColumns.size()> numbers{};
  numbers.back() = 1;
  std::size_t count = 0;
  for (std::string_view rest = line; count < kColumns.size(); ++count) {
    const std::size_t comma = rest.find(',');
    const std::string_view cell = trimmed(rest.substr(0, comma));
    const bool last = comma == std::string_view::npos;
    // "1,-1,10,20,30,40," ends in a comma, and has no score.
    if (last && cell.empty() && count >= kNeeded) break;
    if (!parse(cell, numbers[count])) return wrong_cell(count, cell);
    if (last) {
      ++count;
      break;
    }
    rest.remove_prefix(comma + 1);
  }
  if (count < kNeeded) {
    return Error(ErrorCode::kCorrupt,
                 "the line has " + std::to_string(count) + " columns, and needs 6", {}, kForm);
  }
  MotRow row;
  if (!whole(numbers[0], 1, row.frame)) {
    return Error(ErrorCode::kCorrupt, "column 1 (frame) is no whole number from 1 on", {}, kForm);
  }
  if (!whole(numbers[1], -9007199254740992, row.id)) {
    return Error(ErrorCode::kCorrupt, "column 2 (id) is no whole number", {}, kForm);
  }
  row.box = {static_cast<float>(numbers[2]), static_cast<float>(numbers[3]),
             static_cast<float>(numbers[2] + numbers[4]),
             static_cast<float>(numbers[3] + numbers[5])};
  row.score = static_cast<float>(numbers[6]);
  return row;
}

}  // namespace weir

#include "apps/cli/table.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "apps/cli/text.h"

namespace weir::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

}  // namespace

void Table::row(std::vector<std::string> cells) {
  assert(cells.size() <= columns_.size());
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

bool Table::has_titles() const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [](const Column& column) { return !column.title.empty(); });
}

std::vector<std::size_t> Table::widths(std::size_t limit) const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].title);
    for (const auto& cells : rows_) width = std::max(width, display_width(cells[i]));
    result.push_back(width);
  }
  if (limit == 0 || result.empty()) return result;
  const std::size_t gaps = kGap * (result.size() - 1);
  for (;;) {
    const std::size_t total = std::accumulate(result.begin(), result.end(), gaps);
    const auto widest = std::max_element(result.begin(), result.end());
    if (total <= limit || *widest <= kNarrowest) return result;
    *widest -= std::min(total - limit, *widest - kNarrowest);
  }
}

std::string Table::line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths) const {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = truncate(cells[i], widths[i]);
    const std::string padding(widths[i] - display_width(cell), ' ');
    if (i > 0) text += std::string(kGap, ' ');
    text += columns_[i].align == Align::kRight ? padding + cell : cell + padding;
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text + '\n';
}

std::string Table::render(const Terminal& terminal) const {
  const std::vector<std::size_t> column_widths = widths(terminal.width);
  std::string text;
  if (has_titles()) {
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(terminal.bold(column.title));
    text += line(titles, column_widths);
  }
  for (const auto& cells : rows_) text += line(cells, column_widths);
  return text;
}

}  // namespace weir::cli

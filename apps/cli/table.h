// A table for a terminal: columns aligned by what the reader sees, not by bytes.
//
//   Table table({{"name"}, {"size", Align::kRight}, {"task"}});
//   table.row({"yunet", "233 kB", "face detection"});
//   context.out << table.render(context.terminal);
//
// Where the terminal is too narrow, the widest column gives way and its cells end in "…".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/cli/terminal.h"

namespace weir::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as there are columns; missing ones are empty.
  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // With a line of titles unless they are all empty.
  std::string render(const Terminal& terminal) const;

 private:
  std::vector<std::size_t> widths(std::size_t limit) const;
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;
  bool has_titles() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace weir::cli

// Lines of text in the order in which a person reads them.
//
//   const std::vector<TextRow> rows = reading_order(quads);        // indices into quads
//   std::cout << join_rows(rows, texts);
//
// The page may be turned or slanted as a whole: the way in which most of the text runs says what
// level is. Boxes of one row are joined from left to right, rows follow from top to bottom, and
// columns are read one after the other where they look like columns of prose: an empty strip from
// top to bottom, and on both sides three rows or more of long lines. (Short cells side by side are
// a table, which is read row by row.) Pure functions: any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "weir/ops/text_quad.h"

namespace weir {

struct TextRow {
  std::vector<std::size_t> boxes;  // from left to right
  bool gap_before = false;         // a new column, or more left empty than is usual on the page
};

// Every quad is in one row; the result is deterministic. Quads are those that text_quad gives.
std::vector<TextRow> reading_order(std::span<const TextQuad> quads);

// One line a row, its boxes with a space between (none between two characters of scripts that have
// no spaces), an empty line where there is a gap. Boxes without text are left out, and so are rows
// of nothing else. No newline at the end.
std::string join_rows(std::span<const TextRow> rows, std::span<const std::string> texts);

}  // namespace weir

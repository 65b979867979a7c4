// What a person reads about a field table: the commented template that `weir init` writes, and the
// table of a docs page. Pure; any thread.
#pragma once

#include <string>

#include "weir/config/table.h"

namespace weir::config {

// A YAML file with every field explained. What `values` holds is set; everything else stands there
// as a comment with its default or example, so that removing "# " sets it. The text reads back as
// `values`.
//
//   # How sure the model must be. A number from 0 to 1; default 0.5.
//   # score: 0.5
std::string yaml_template(const TableDoc& table, const Node& values = {});

// Markdown: one section per table (this one, then those that it leads to, each once), with its
// fields, what they may be, their defaults and what they mean. `level`: of the first heading.
std::string markdown_tables(const TableDoc& table, int level = 2);

}  // namespace weir::config

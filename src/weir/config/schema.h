// The JSON Schema (draft 2020-12) of a field table, so that editors complete and check the YAML.
//
//   std::string text = to_json(json_schema(table_of<ModelSpec>()), 2);
//
// Each table becomes one entry of `$defs`. A value may everywhere be null (not set), or text that
// holds a reference (`${…}`), which only the reader can judge; old names are not in the schema.
#pragma once

#include "weir/config/table.h"

namespace weir::config {

// `document`: the table is a whole file, so that `include` is allowed beside its fields.
Node json_schema(const TableDoc& table, bool document = true);

}  // namespace weir::config

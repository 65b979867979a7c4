// From a model spec to what a back end is told: one part per file.
//
//   WEIR_ASSIGN(ModelSpec spec, read_model_spec(node, "models.face"));
//   for (const ModelPart& part : parts_of(spec)) open(part.backend, part.spec);
//
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "weir/backend/spec.h"
#include "weir/model/spec.h"

namespace weir {

struct ModelPart {
  std::string name;     // of the component; empty for a model of one file
  std::string backend;  // "auto", or a name
  BackendSpec spec;     // options: those of that back end; with auto, see options_for
};

// A model that is named by `use` has no file yet: its parts come once the catalogue has filled the
// spec. Asserts that there is a file or components.
std::vector<ModelPart> parts_of(const ModelSpec& spec);

// The options that the spec has for one back end: for a part whose back end was found out later.
std::map<std::string, std::string> options_for(const ModelSpec& spec, const std::string& backend);

// The range with room for batches of `max_batch`: only the first size of max grows (and never
// shrinks); heights, widths and what else the user gave stay. A range that cannot grow, because its
// first size is not a batch (rank 0), stays as it is.
ShapeRange with_batch(ShapeRange range, int64_t max_batch);

// The same for each of the ranges.
ShapeRanges with_batch(ShapeRanges ranges, int64_t max_batch);

}  // namespace weir

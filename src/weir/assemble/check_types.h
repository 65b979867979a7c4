// Whether what sources give is what steps look at.
//
//   WEIR_TRY(check_types(spec));          // part of check(): the names are right already
//
// Pure; any thread.
#pragma once

#include "weir/assemble/pipeline_spec.h"

namespace weir {

// An Error for a step that looks at pictures, on a source whose file is a sound.
Status check_types(const PipelineSpec& spec);

}  // namespace weir

// A pipeline as a drawing: sources, steps with their models, the executor that runs them, the
// queues between them, sinks. One SVG that needs nothing else, readable in the light and the dark.
//
//   std::ofstream("street.svg") << to_svg(spec);
//
// From the file alone; pure; any thread.
#pragma once

#include <string>

#include "weir/assemble/pipeline_spec.h"

namespace weir {

std::string to_svg(const PipelineSpec& spec);

}  // namespace weir

// Whether what the sinks are to write can be written: their paths, and what the steps give them.
//
//   WEIR_TRY(check_sink_paths(spec));                          // part of check()
//   WEIR_TRY(check_sink_findings(spec, known_models(spec)));   // part of check_findings()
//
// For a spec whose names are right and without cycles. No file is touched. Pure; any thread.
#pragma once

#include "weir/assemble/step_gives.h"

namespace weir {

// An Error for a {name} or an ending that a format does not have, for a file of one stream that
// gets several, and for two sinks that write one file.
Status check_sink_paths(const PipelineSpec& spec);

// An Error for a format of which nothing would be written: tracks where no step makes any, boxes
// where no step finds any. Of what is not known nothing is refused.
Status check_sink_findings(const PipelineSpec& spec, const KnownModels& models);

}  // namespace weir

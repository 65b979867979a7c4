// Whether what the steps find is what those that look at it, and the sinks, can use.
//
//   WEIR_TRY(check_findings(spec, known_models(spec)));    // part of check(): by the file alone
//
// It is asked again as more is known: with the catalogue, and when the models are loaded. Of what
// is not known nothing is refused. Pure; any thread.
#pragma once

#include "weir/assemble/step_gives.h"

namespace weir {

// An Error for a step on one that does not give what it needs, for a `keep` or a `score` by
// something that the findings do not have, and for a sink of which nothing would be written. For a
// spec whose names are right and without cycles.
Status check_findings(const PipelineSpec& spec, const KnownModels& models);

}  // namespace weir

// The run that leads the demo: a street video and a folder of pictures through one pipeline, with
// everything from packages of the catalogue. Leaves the pipeline's file, the annotated video, the
// drawn pictures and the results in the folder, so that it can be run again and changed.
#pragma once

#include <string>

#include "apps/cli/command.h"
#include "apps/cli/report/run_record.h"
#include "weir/base/result.h"

namespace weir::cli::demo {

// The file of the pipeline: what it runs on, and where its results go.
std::string street_pipeline(const std::string& video, const std::string& pictures,
                            const std::string& out, double video_seconds);

Result<RunRecord> run_street(const std::string& out, double video_seconds, const Context& context);

}  // namespace weir::cli::demo

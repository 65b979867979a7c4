// What `weir run` says at its end: for a person, for a program, and as an exit code.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "apps/cli/command.h"
#include "apps/cli/json.h"
#include "weir/assemble/run_pipeline.h"

namespace weir::cli {

// Frames that a model really looked at, by stream.
using Detections = std::map<std::string, uint64_t>;

Json report_json(const RunReport& report, const Detections& detections = {});
// To stderr: results go to stdout.
void print_report(const RunReport& report, const Detections& detections, Context& context);
// An Error if a source could not be opened, a task failed or a result could not be written.
Status verdict_of(const RunReport& report);

}  // namespace weir::cli

// What a sink did, for a person: "jsonl out/results.jsonl: 800 written, 3 dropped". Pure.
#pragma once

#include <string>

#include "weir/assemble/run_sinks.h"

namespace weir::cli {

std::string sink_line(const SinkReport& sink);

}  // namespace weir::cli

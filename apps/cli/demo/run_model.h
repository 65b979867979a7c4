// Runs one entry of the catalogue on every back end that reads it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/demo/report.h"
#include "weir/assemble/runtime.h"
#include "weir/catalogue/catalogue.h"
#include "weir/data/image.h"

namespace weir::cli::demo {

struct Plan {
  int warm_up = 2;
  double seconds = 0.5;  // of measuring, per model and back end
  std::string picture;   // a file to show to all models, instead of their samples
};

// Whether a back end of this build reads one of its files.
bool is_readable(const Runtime& runtime, const catalogue::Entry& entry);

// One result per model file of the entry. What goes wrong is in the results.
std::vector<ModelResult> run_entry(Runtime& runtime, const catalogue::Entry& entry,
                                   const Plan& plan, const Context& context);

}  // namespace weir::cli::demo

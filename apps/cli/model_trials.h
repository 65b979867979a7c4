// Every model that is configured, tried once on its sample: does it open, and what does it find?
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/configured.h"
#include "weir/assemble/runtime.h"
#include "weir/base/result.h"

namespace weir::cli {

struct ModelTrial {
  enum class State { kOk, kNotHere, kNoFamily, kFailed };

  std::string name;
  std::string family;
  std::string backend;
  std::string sample;
  State state = State::kOk;
  std::size_t found = 0;
  std::string first;  // what the best of them is
  double infer_ms = 0;
  std::string error;
};

// The models of the catalogue that are here, and those of the user's specs. `sample`: a picture for
// all of them, without which nothing is tried; empty: that of their entry, or the astronaut.
// Fetches samples, no models.
Result<std::vector<ModelTrial>> try_models(Runtime& runtime, const catalogue::Catalogue& catalogue,
                                           const std::vector<ConfiguredModel>& configured,
                                           const std::string& sample, Context& context);

// A table or JSON; an Error if one of them failed.
Status print_trials(const std::vector<ModelTrial>& trials, Context& context);

}  // namespace weir::cli

// The models that the user's own spec files describe, and whether they are here.
//
// A spec file holds one model, or a map of them under `models`, as a pipeline's config does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/json.h"
#include "weir/base/result.h"
#include "weir/catalogue/catalogue.h"
#include "weir/model/spec.h"

namespace weir::cli {

struct ConfiguredModel {
  std::string file;    // of the spec
  std::string name;    // in it; empty: the file is the model
  std::string runs;    // what it says to run: a name of the catalogue, a file, several
  std::string family;  // empty: not said
  std::string backend;
  std::string state;                   // "here", "not here", "damaged", "file missing", "wrong"
  std::string error;                   // what is wrong
  std::optional<ModelSpec> spec = {};  // none: it is wrong
};

// `paths`: files, or folders, whose .yaml files are looked at; there, a file that describes no
// model is passed over. What is wrong with one file is told in its line; a path that is not there
// is an Error. Fetches nothing.
Result<std::vector<ConfiguredModel>> configured_models(const std::vector<std::string>& paths,
                                                       const catalogue::Catalogue& catalogue);

Json configured_json(const std::vector<ConfiguredModel>& models);
void print_configured(const std::vector<ConfiguredModel>& models, Context& context);

}  // namespace weir::cli

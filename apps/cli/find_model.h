// From what a user calls a model to what is to be opened: a file, a name of the catalogue, or a
// spec file (.yaml), which may stand for several files.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/json.h"
#include "weir/assemble/runtime.h"
#include "weir/base/result.h"
#include "weir/catalogue/pull.h"

namespace weir::cli {

// Says on stderr what is being fetched. The context outlives it.
catalogue::PullOptions pull_options(const Context& context);

struct FoundModel {
  std::string name;     // as the user wrote it; a component has its name behind a slash
  OpenRequest request;  // its model is a file that is there
  bool has_spec = false;
  std::map<std::string, OptionMap> options = {};  // by back end
};

// Whether it is a file of specs and not a model: by its ending.
bool is_spec_file(const std::string& path);

// One, or the parts of a spec. What is of the catalogue is pulled first, with notes on stderr.
Result<std::vector<FoundModel>> find_models(Runtime& runtime, const std::string& model,
                                            const Context& context);
// One document of what was said of each: of a single one that itself.
Json document(const std::string& model, const std::vector<Json>& parts);
// The file of a model that has only one.
Result<std::string> find_model(Runtime& runtime, const std::string& model, const Context& context);

}  // namespace weir::cli

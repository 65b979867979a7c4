// The options with which a command says which models look at its pictures, and the chain of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/assemble/chain.h"
#include "weir/assemble/runtime.h"
#include "weir/base/result.h"

namespace weir::cli {

struct ChainOptions {
  std::vector<std::string> models;  // each looks at the whole picture
  std::vector<std::string> then;    // each looks at what the first of the models found
  std::vector<std::string> assignments;
  std::string backend;
  double score = -1;  // below 0: as the model has it
  int top = 0;
  int batch = 1;
  int threads = 0;

  std::vector<Option> table();
};

// Loads the models, of the catalogue if need be; on `backend` instead of the options' own if it is
// not empty.
Result<std::unique_ptr<Chain>> make_chain(Runtime& runtime, const ChainOptions& options,
                                          const std::string& backend, const Context& context);

}  // namespace weir::cli

// A pipeline file as an argument of a command, with what is set after it: P.yaml key=value …
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/assemble/pipeline_spec.h"

namespace weir::cli {

struct PipelineArgument {
  std::vector<std::string> words;  // the file, then "key=value"
  int threads = 0;

  // The options of every command that takes one.
  std::vector<Option> table();
  const std::string& file() const { return words.front(); }
};

// The file with what is set behind it, and the same as a spec.
Result<config::Node> pipeline_tree(const PipelineArgument& argument);
Result<PipelineSpec> read_pipeline(const PipelineArgument& argument);

}  // namespace weir::cli

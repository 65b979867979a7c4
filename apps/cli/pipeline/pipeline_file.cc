#include "apps/cli/pipeline/pipeline_file.h"

namespace weir::cli {

std::vector<Option> PipelineArgument::table() {
  return {{.flags = "pipeline",
           .target = &words,
           .help = "The pipeline's file, then keys to set: steps.objects.score=0.5",
           .value = "FILE",
           .required = true},
          {.flags = "-t,--threads",
           .target = &threads,
           .help = "Threads of the whole process; default: the cores",
           .value = "N"}};
}

Result<config::Node> pipeline_tree(const PipelineArgument& argument) {
  config::LoadOptions options;
  for (std::size_t i = 1; i < argument.words.size(); ++i) {
    const std::string& word = argument.words[i];
    if (word.find('=') == std::string::npos) {
      return Error(ErrorCode::kInvalidArgument, "'" + word + "' sets nothing", "",
                   "after the file stand keys to set, such as steps.objects.score=0.5");
    }
    options.overrides.push_back(word);
  }
  return config::load_file(argument.file(), options);
}

Result<PipelineSpec> read_pipeline(const PipelineArgument& argument) {
  WEIR_ASSIGN(const config::Node tree, pipeline_tree(argument));
  return read_pipeline_spec(tree);
}

}  // namespace weir::cli

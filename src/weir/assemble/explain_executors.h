// Who runs what of a pipeline, from its file alone: the executors, and the stages of each step on
// them, as StepExecutors places them when the pipeline runs.
//
//   const ExplainExecutors who = executors_of(spec);
//   who.executors[1].words;      // "2 runs at once and one ahead, 3 threads", of cuda:0
//   who.stages_in_words(2);      // "prepare and interpret on cpu; infer on cuda:0"
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "weir/assemble/pipeline_spec.h"

namespace weir {

struct ExplainExecutor {
  std::string name;
  std::string words;  // how many threads, and what else is said of them
};

struct ExplainStage {
  std::string name;      // "prepare"
  std::string executor;  // its name
  std::string bounds =
      {};  // "2 at once, batches of up to 4"; empty: nothing but the executor's own
};

struct ExplainExecutors {
  std::vector<ExplainExecutor> executors;
  std::vector<std::vector<ExplainStage>> steps;  // by number, each in order

  std::string stages_in_words(std::size_t step) const;
};

// A model that the file does not have (a Runtime's own) is taken for one on the cores.
ExplainExecutors executors_of(const PipelineSpec& spec);

}  // namespace weir

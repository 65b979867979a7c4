#include "apps/cli/infer/chain_options.h"

#include <algorithm>
#include <utility>

#include "apps/cli/find_model.h"
#include "apps/cli/infer/model_argument.h"
#include "apps/cli/interrupt.h"

namespace weir::cli {
namespace {

// A step's name must be one of its own: the second yunet is "yunet-2".
std::string free_name(const std::string& wanted, const std::vector<ChainStep>& steps) {
  std::string name = wanted;
  const auto is_taken = [&] {
    return std::any_of(steps.begin(), steps.end(),
                       [&](const ChainStep& step) { return step.name == name; });
  };
  for (int i = 2; is_taken(); ++i) name = wanted + "-" + std::to_string(i);
  return name;
}

Result<ModelSpec> spec_of(const std::string& model, const ChainOptions& options,
                          const std::string& backend) {
  WEIR_ASSIGN(ModelSpec spec, model_argument(model, options.assignments));
  if (!backend.empty()) spec.backend = backend;
  if (options.score >= 0) spec.thresholds.score = options.score;
  if (options.top > 0) spec.thresholds.max_findings = options.top;
  if (options.batch > 1) spec.batch.max = options.batch;
  return spec;
}

}  // namespace

std::vector<Option> ChainOptions::table() {
  return {{.flags = "-m,--model",
           .target = &models,
           .help = "A catalogue name, a model file or a spec (.yaml); may be given again",
           .value = "MODEL",
           .required = true},
          {.flags = "--then",
           .target = &then,
           .help = "A model that looks at each finding of the first one; may be given again",
           .value = "MODEL"},
          {.flags = "-b,--backend",
           .target = &backend,
           .help = "What runs them; default: the first that reads the file",
           .value = "BACKEND"},
          {.flags = "--score",
           .target = &score,
           .help = "How sure a model must be, from 0 to 1; default: as the family has it",
           .value = "SCORE"},
          {.flags = "--top",
           .target = &top,
           .help = "At most so many findings of a model, or classes of a classifier",
           .value = "N"},
          {.flags = "--batch",
           .target = &batch,
           .help = "So many pictures in one run, where the model can; default: 1",
           .value = "N"},
          {.flags = "--set",
           .target = &assignments,
           .help = "Set a key of the models' specs: input.size=320; may be given again",
           .value = "KEY=VALUE"},
          {.flags = "-t,--threads",
           .target = &threads,
           .help = "Threads of the whole process; default: the cores",
           .value = "N"}};
}

Result<std::unique_ptr<Chain>> make_chain(Runtime& runtime, const ChainOptions& options,
                                          const std::string& backend, const Context& context) {
  const Interrupt interrupt;
  catalogue::PullOptions pull = pull_options(context);
  pull.stop = interrupt.token();
  std::vector<ChainStep> steps;
  const auto add = [&](const std::string& model, const std::string& on) -> Status {
    WEIR_ASSIGN(const ModelSpec spec,
                spec_of(model, options, backend.empty() ? options.backend : backend));
    WEIR_ASSIGN(auto loaded, runtime.load_model(spec, model, pull));
    steps.push_back({free_name(step_name(model), steps), std::move(loaded), on});
    return {};
  };
  for (const std::string& model : options.models) WEIR_TRY(add(model, {}));
  const std::string first = steps.empty() ? std::string() : steps.front().name;
  for (const std::string& model : options.then) WEIR_TRY(add(model, first));
  return Chain::make(std::move(steps));
}

}  // namespace weir::cli

#include "apps/cli/model_trials.h"

#include <algorithm>
#include <utility>

#include "apps/cli/find_model.h"
#include "apps/cli/infer/inputs.h"
#include "apps/cli/infer/print_findings.h"
#include "apps/cli/json.h"
#include "apps/cli/progress.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "weir/assemble/chain.h"
#include "weir/catalogue/cache.h"

namespace weir::cli {
namespace {

constexpr const char* kSample = "astronaut";

bool has_family(const Runtime& runtime, const std::string& family) {
  return runtime.families().find(family).has_value();
}

// A file, or a picture of the catalogue.
Result<TaskInput> sample_input(Runtime& runtime, const std::string& sample,
                               const Context& context) {
  if (sample.find_first_of("./") != std::string::npos) return read_task_input({.path = sample}, {});
  WEIR_ASSIGN(const auto files, runtime.pull_files(sample, pull_options(context)));
  return read_task_input({.path = files.front()}, {});
}

Status try_one(Runtime& runtime, const ModelSpec& spec, ModelTrial& trial, const Context& context) {
  WEIR_ASSIGN(auto model, runtime.load_model(spec, trial.name));
  trial.family = model->info().name;
  trial.backend = model->parts().front()->report().backend;
  WEIR_ASSIGN(const auto chain, Chain::make({{trial.name, std::move(model), {}}}));
  Task task;
  WEIR_ASSIGN(task.input, sample_input(runtime, trial.sample, context));
  chain->solve({&task, 1});
  if (task.error) return *task.error;
  trial.found = task.findings.size();
  trial.infer_ms = chain->times().front().took.infer_ms;
  if (!task.findings.empty()) trial.first = describe_finding(task, task.findings.front());
  return {};
}

void run_trial(Runtime& runtime, const ModelSpec& spec, ModelTrial& trial, Context& context) {
  const Status status = try_one(runtime, spec, trial, context);
  if (status.has_value()) return;
  trial.state = ModelTrial::State::kFailed;
  trial.error = status.error().to_string();
}

ModelTrial try_entry(Runtime& runtime, const catalogue::Entry& entry, const std::string& sample,
                     Context& context) {
  ModelTrial trial;
  trial.name = entry.name;
  trial.family = entry.family;
  trial.sample = !sample.empty() ? sample : entry.sample.empty() ? kSample : entry.sample;
  if (!has_family(runtime, entry.family)) {
    trial.state = ModelTrial::State::kNoFamily;
    return trial;
  }
  if (catalogue::Cache::of_user().state(entry) != catalogue::EntryState::kPresent) {
    trial.state = ModelTrial::State::kNotHere;
    return trial;
  }
  ModelSpec spec;
  spec.use = entry.name;
  run_trial(runtime, spec, trial, context);
  return trial;
}

ModelTrial try_configured(Runtime& runtime, const ConfiguredModel& model, const std::string& sample,
                          Context& context) {
  ModelTrial trial;
  trial.name = model.file + (model.name.empty() ? "" : ": " + model.name);
  trial.family = model.family;
  const std::string own = model.spec ? model.spec->sample.path : std::string();
  trial.sample = !sample.empty() ? sample : own.empty() ? kSample : own;
  if (!model.spec) {
    trial.state = ModelTrial::State::kFailed;
    trial.error = model.error;
    return trial;
  }
  run_trial(runtime, *model.spec, trial, context);
  return trial;
}

const char* state_name(ModelTrial::State state) {
  switch (state) {
    case ModelTrial::State::kOk:
      return "ok";
    case ModelTrial::State::kNotHere:
      return "not here";
    case ModelTrial::State::kNoFamily:
      return "no family";
    case ModelTrial::State::kFailed:
      return "failed";
  }
  return "";
}

std::string state_text(const Terminal& terminal, ModelTrial::State state) {
  const std::string name = state_name(state);
  if (state == ModelTrial::State::kOk) return terminal.green(name);
  return state == ModelTrial::State::kFailed ? terminal.red(name) : terminal.dim(name);
}

Json trials_json(const std::vector<ModelTrial>& trials) {
  Json list = Json::array();
  for (const ModelTrial& trial : trials) {
    list.push_back({{"name", trial.name},
                    {"family", trial.family},
                    {"backend", trial.backend},
                    {"sample", trial.sample},
                    {"state", state_name(trial.state)},
                    {"found", trial.found},
                    {"first", trial.first},
                    {"infer_ms", trial.infer_ms},
                    {"error", trial.error}});
  }
  return {{"models", list}};
}

void print_table(const std::vector<ModelTrial>& trials, Context& context) {
  Table table({{"model"},
               {"family"},
               {"back end"},
               {"sample"},
               {"infer", Align::kRight},
               {"found", Align::kRight},
               {"the first"},
               {"state"}});
  for (const ModelTrial& trial : trials) {
    const bool ok = trial.state == ModelTrial::State::kOk;
    table.row({trial.name, trial.family, trial.backend, ok ? trial.sample : "",
               ok ? format_ms(trial.infer_ms) : "", ok ? with_commas(trial.found) : "", trial.first,
               state_text(context.terminal, trial.state)});
  }
  context.out << table.render(context.terminal);
  for (const ModelTrial& trial : trials) {
    if (!trial.error.empty()) context.err << "weir: " << trial.error << '\n';
  }
}

}  // namespace

Result<std::vector<ModelTrial>> try_models(Runtime& runtime, const catalogue::Catalogue& catalogue,
                                           const std::vector<ConfiguredModel>& configured,
                                           const std::string& sample, Context& context) {
  if (!sample.empty()) {
    auto input = sample_input(runtime, sample, context);
    if (!input) return std::move(input).error().at("--sample");
  }
  std::vector<ModelTrial> trials;
  Progress progress(context);
  for (const catalogue::Entry& entry : catalogue.entries()) {
    if (entry.kind != catalogue::EntryKind::kModel) continue;
    progress.update(entry.name, trials.size(), 0, false);
    trials.push_back(try_entry(runtime, entry, sample, context));
  }
  for (const ConfiguredModel& model : configured) {
    progress.update(model.file, trials.size(), 0, false);
    trials.push_back(try_configured(runtime, model, sample, context));
  }
  return trials;
}

Status print_trials(const std::vector<ModelTrial>& trials, Context& context) {
  if (context.json) {
    context.out << print(trials_json(trials));
    context.answered = true;
  } else {
    print_table(trials, context);
  }
  const auto failed = std::count_if(trials.begin(), trials.end(), [](const ModelTrial& trial) {
    return trial.state == ModelTrial::State::kFailed;
  });
  if (failed == 0) return {};
  return Error(ErrorCode::kUnavailable,
               std::to_string(failed) + " of " + std::to_string(trials.size()) + " models failed",
               "models");
}

}  // namespace weir::cli

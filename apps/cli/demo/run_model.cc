#include "apps/cli/demo/run_model.h"

#include <algorithm>
#include <filesystem>

#include "apps/cli/demo/fixed_inputs.h"
#include "apps/cli/demo/picture_input.h"
#include "apps/cli/find_model.h"
#include "apps/cli/measure.h"
#include "apps/cli/runtime_options.h"
#include "apps/cli/text.h"
#include "weir/catalogue/pull.h"
#include "weir/graph/inspect.h"
#include "weir/media/picture.h"
#include "weir/source/picture_files.h"

namespace weir::cli::demo {
namespace {

namespace fs = std::filesystem;

// One file of an entry, while it is run.
struct Job {
  Runtime& runtime;
  const catalogue::Entry& entry;
  const Plan& plan;
  std::string file;
  const Image* picture = nullptr;  // null: there is none
  std::string picture_name;
  ModelResult result;
};

bool reads(const Runtime& runtime, const std::string& file) {
  return runtime.backends().for_file(file).has_value();
}

ModelResult described(const catalogue::Entry& entry) {
  ModelResult result;
  result.name = entry.name;
  result.task = entry.task;
  result.about = entry.about;
  result.licence = entry.licence;
  result.source = entry.source;
  if (entry.package) result.package = entry.package->to_string();
  return result;
}

std::string graph_facts(const std::string& file) {
  if (fs::path(file).extension() != ".onnx") return {};
  const auto summary = graph::inspect_file(file);
  if (!summary) return {};
  std::string text = format_count(static_cast<double>(summary->parameters)) + " parameters, " +
                     std::string(name(summary->precision));
  if (summary->macs.total > 0 && summary->macs.assumed.empty()) {
    text += ", " + format_count(static_cast<double>(summary->macs.total)) + " multiply-adds";
  }
  return text;
}

// A picture of the catalogue; empty if the entry is none.
Result<std::string> picture_of(Runtime& runtime, const std::string& name, const Context& context) {
  WEIR_ASSIGN(const catalogue::Catalogue* names, runtime.catalogue());
  WEIR_ASSIGN(const catalogue::Entry sample, names->find(name));
  if (sample.files.empty() || !is_picture_name(sample.files.front().file_name()))
    return std::string();
  const catalogue::Puller puller(*names, catalogue::Cache::of_user());
  WEIR_ASSIGN(const catalogue::Pulled pulled, puller.pull(sample, pull_options(context)));
  return pulled.files.front().string();
}

// The sample picture of the entry, or the user's; empty if there is none.
Result<std::string> picture_file(Runtime& runtime, const catalogue::Entry& entry, const Plan& plan,
                                 const Context& context) {
  if (!plan.picture.empty()) return plan.picture;
  if (entry.sample.empty()) return std::string();
  return picture_of(runtime, entry.sample, context);
}

// Feeds pictures to the inputs that are pictures; remembers what the model was shown.
Result<bool> feed(Job& job, const TensorInfo& input, const TensorView& view,
                  std::optional<ResizePlan>& placed) {
  if (job.picture == nullptr || placed) return false;
  WEIR_ASSIGN(const auto how, picture_input(input, job.entry.input));
  if (!how) return false;
  WEIR_ASSIGN(placed, prepare_image(job.picture->view(), how->spec, view));
  if (!job.result.shots.empty()) return true;
  WEIR_ASSIGN(Shot shot, what_it_sees(job.picture->view(), *how));
  shot.alt = "The picture that " + job.result.name + " was shown: " + job.picture_name;
  shot.caption = "What it sees: " + job.picture_name + " at " + std::to_string(how->width) + "×" +
                 std::to_string(how->height);
  job.result.input_note = shot.caption;
  job.result.shots.push_back(std::move(shot));
  return true;
}

Result<MeasurePlan> measure_plan(Job& job, const LoadedModel& model,
                                 std::optional<ResizePlan>& placed) {
  WEIR_ASSIGN(MeasurePlan plan,
              fixed_inputs(job.entry, fs::path(job.file).filename().string(), model.inputs()));
  plan.warm_up = job.plan.warm_up;
  plan.seconds = job.plan.seconds;
  plan.fill = [&job, &placed](const TensorInfo& input, const TensorView& view) {
    return feed(job, input, view, placed);
  };
  return plan;
}

Result<BackendResult> run_backend(Job& job, const Backend& backend) {
  BackendResult result;
  OpenRequest request{.model = job.file, .backend = std::string(backend.name())};
  WEIR_ASSIGN(const auto model, job.runtime.open_model(request));
  result.precision = model->report().precision;
  WEIR_ASSIGN(const auto session, model->make_session());
  std::optional<ResizePlan> placed;
  WEIR_ASSIGN(const MeasurePlan plan, measure_plan(job, *model, placed));
  WEIR_ASSIGN(const Measurement measured,
              measure(*session, plan, job.runtime.clock(), job.runtime.trace()));
  result.timing = measured.timing;
  result.items_per_second = measured.items_per_second;
  if (job.result.inputs.empty()) {
    job.result.inputs = measured.inputs;
    job.result.outputs = measured.outputs;
  }
  return result;
}

void run_backends(Job& job) {
  const auto backends = choose_backends(job.runtime, "all", job.file);
  if (!backends) {
    job.result.error = backends.error().to_string();
    return;
  }
  for (const Backend* backend : *backends) {
    const auto& wanted = job.entry.backends;
    const std::string name(backend->name());
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
    auto ran = run_backend(job, *backend);
    BackendResult result;
    if (ran) {
      result = std::move(ran).value();
    } else {
      result.error = ran.error().to_string();
    }
    result.backend = name;
    result.version = backend->version();
    job.result.backends.push_back(std::move(result));
  }
  if (job.result.shots.empty() && job.result.input_note.empty()) {
    job.result.input_note = "Fed with numbers from a fixed seed: its input is no picture.";
  }
}

Status load_picture(Job& job, Image& picture, const Context& context) {
  WEIR_ASSIGN(const std::string file, picture_file(job.runtime, job.entry, job.plan, context));
  if (file.empty()) return {};
  WEIR_ASSIGN(picture, read_picture(file));
  job.picture = &picture;
  job.picture_name = fs::path(file).filename().string();
  return {};
}

ModelResult failed(const catalogue::Entry& entry, const Error& error) {
  ModelResult result = described(entry);
  result.error = error.to_string();
  return result;
}

}  // namespace

bool is_readable(const Runtime& runtime, const catalogue::Entry& entry) {
  return std::any_of(entry.files.begin(), entry.files.end(), [&](const catalogue::EntryFile& file) {
    return reads(runtime, file.file_name());
  });
}

std::vector<ModelResult> run_entry(Runtime& runtime, const catalogue::Entry& entry,
                                   const Plan& plan, const Context& context) {
  const auto names = runtime.catalogue();
  if (!names) return {failed(entry, names.error())};
  const catalogue::Puller puller(**names, catalogue::Cache::of_user());
  const auto pulled = puller.pull(entry, pull_options(context));
  if (!pulled) return {failed(entry, pulled.error())};

  std::vector<fs::path> models;
  for (const fs::path& file : pulled->files) {
    if (reads(runtime, file.string())) models.push_back(file);
  }
  std::vector<ModelResult> results;
  for (const fs::path& file : models) {
    Job job{runtime, entry, plan, file.string(), nullptr, {}, described(entry)};
    if (models.size() > 1) job.result.name += "/" + file.filename().string();
    std::error_code unknown;
    job.result.file = file.filename().string();
    job.result.bytes = fs::file_size(file, unknown);
    job.result.facts = graph_facts(job.file);
    Image picture;
    const Status loaded = load_picture(job, picture, context);
    if (loaded) {
      run_backends(job);
    } else {
      job.result.error = loaded.error().to_string();
    }
    results.push_back(std::move(job.result));
  }
  return results;
}

}  // namespace weir::cli::demo

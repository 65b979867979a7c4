// weir init: a commented template of a model spec, made by looking into the model.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "apps/cli/command.h"
#include "apps/cli/find_model.h"
#include "apps/cli/json.h"
#include "weir/assemble/pipeline_template.h"
#include "weir/assemble/runtime.h"
#include "weir/graph/inspect.h"
#include "weir/model/guess.h"
#include "weir/model/init_template.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaults = "defaults.yaml";
constexpr const char* kPipeline = "pipeline";  // instead of a model

struct InitArguments {
  std::string model;
  std::string out;
  std::string all;  // a folder of models
  bool force = false;
};

// What is known of the inputs and outputs: ONNX by our own reader, the rest by a back end.
Result<ModelIo> io_of_file(Runtime& runtime, const std::string& file) {
  if (fs::path(file).extension() == ".onnx") {
    WEIR_ASSIGN(const auto summary, graph::inspect_file(file));
    return io_of(summary);
  }
  WEIR_ASSIGN(const auto model, runtime.open_model({.model = file}));
  const auto tensors = [](const std::vector<TensorInfo>& infos) {
    std::vector<IoTensor> list;
    for (const TensorInfo& info : infos) {
      list.push_back({info.name, info.shape, std::string(name(info.dtype))});
    }
    return list;
  };
  return ModelIo{tensors(model->inputs()), tensors(model->outputs())};
}

// Never overwrites what a user may have edited, unless told to.
Status write_new(const fs::path& path, const std::string& text, bool force) {
  if (!force && fs::exists(path)) {
    return Error(ErrorCode::kInvalidArgument, "the file is there already", path.string(),
                 "name another with -o, or overwrite it with --force");
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return Error(ErrorCode::kUnavailable, "cannot write it", path.string());
}

Status init_one(Runtime& runtime, const InitArguments& arguments, Context& context) {
  WEIR_ASSIGN(const std::string model, find_model(runtime, arguments.model, context));
  WEIR_ASSIGN(const ModelIo io, io_of_file(runtime, model));
  const fs::path out = arguments.out;
  // The spec speaks of the model relative to where the spec lies.
  const fs::path folder = out.has_parent_path() ? out.parent_path() : fs::path(".");
  const bool inside = arguments.out.empty() || arguments.out == "-";
  const std::string file = inside ? model : fs::proximate(model, folder).string();
  const std::string text = init_template(io, file);
  const ModelGuess guess = guess_model(io);
  context.note(guess.family.empty() ? "the family is not known: set it"
                                    : "looks like family " + guess.family + ": " + guess.why);
  for (const std::string& note : guess.notes) context.note(note);
  if (!inside) WEIR_TRY(write_new(out, text, arguments.force));
  if (context.json) {
    context.out << print({{"model", model},
                          {"family", guess.family},
                          {"why", guess.why},
                          {"notes", guess.notes},
                          {"out", inside ? "" : out.string()},
                          {"template", text}});
  } else {
    context.out << (inside ? text : out.string() + "\n");
  }
  return {};
}

std::vector<fs::path> models_in(const Runtime& runtime, const fs::path& folder) {
  std::vector<fs::path> models;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(folder, options, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.filename().string().starts_with('.')) {  // .git, .cache: nobody's models
      entry.disable_recursion_pending();
      continue;
    }
    const bool readable =
        runtime.backends().for_file(path.string()).has_value() || path.extension() == ".onnx";
    std::error_code unknown;
    if (entry->is_regular_file(unknown) && readable) models.push_back(path);
  }
  std::sort(models.begin(), models.end());
  return models;
}

// What the specs of a folder are called: a.onnx has a.yaml, and an a.tflite beside it
// a-tflite.yaml.
class SpecNames {
 public:
  SpecNames(const fs::path& defaults, bool force) : taken_{defaults}, force_(force) {}

  fs::path next(const fs::path& model) {
    const std::string stem = (model.parent_path() / model.stem()).string();
    const std::string ending = model.extension().string();
    const std::string longer = stem + (ending.empty() ? "" : "-" + ending.substr(1));
    fs::path spec = stem + ".yaml";
    for (int i = 1; !is_free(spec, model); ++i) {
      spec = longer + (i == 1 ? "" : "-" + std::to_string(i)) + ".yaml";
    }
    taken_.insert(spec);
    return spec;
  }

 private:
  // A spec from an earlier run keeps the name that it had, whatever model has come meanwhile. One
  // that cannot be read may be half edited: it counts as the model's own.
  bool is_free(const fs::path& spec, const fs::path& model) const {
    if (taken_.contains(spec)) return false;
    if (force_ || !fs::exists(spec)) return true;
    const auto there = read_model_spec_file(spec.string());
    if (!there || there->file.empty()) return true;
    std::error_code unknown;
    return fs::equivalent(there->file.path, model, unknown) || unknown;
  }

  std::set<fs::path> taken_;
  bool force_;
};

Status init_model(Runtime& runtime, const fs::path& model, const fs::path& spec,
                  const fs::path& defaults, bool force) {
  WEIR_ASSIGN(const ModelIo io, io_of_file(runtime, model.string()));
  const std::string include = defaults.lexically_relative(spec.parent_path()).string();
  return write_new(spec, init_template(io, model.filename().string(), {.include = include}), force);
}

// One spec per model, and one file of defaults that all of them include. Specs that are there stay
// as they are, so that it can be run again when a model has come.
Status init_all(Runtime& runtime, const InitArguments& arguments, Context& context) {
  const fs::path folder = arguments.all;
  if (!fs::is_directory(folder)) {
    return Error(ErrorCode::kNotFound, "no such folder", folder.string());
  }
  const std::vector<fs::path> models = models_in(runtime, folder);
  if (models.empty()) {
    return Error(ErrorCode::kNotFound, "no model file in the folder", folder.string());
  }
  const fs::path defaults = folder / kDefaults;
  SpecNames names(defaults, arguments.force);
  std::vector<std::string> written;
  std::size_t failed = 0;
  const auto note_written = [&](const fs::path& path) {
    written.push_back(path.string());
    if (!context.json) context.out << path.string() << '\n';
  };
  if (arguments.force || !fs::exists(defaults)) {
    WEIR_TRY(write_new(defaults, defaults_template(), arguments.force));
    note_written(defaults);
  }
  for (const fs::path& model : models) {
    const fs::path spec = names.next(model);
    if (!arguments.force && fs::exists(spec)) {
      context.note(spec.string() + ": is there already, left as it is");
      continue;
    }
    const Status done = init_model(runtime, model, spec, defaults, arguments.force);
    if (done) {
      note_written(spec);
      if (spec.stem() != model.stem()) {
        context.note(spec.string() + ": is of " + model.filename().string() + "; " +
                     model.stem().string() + ".yaml is another model's");
      }
      continue;
    }
    ++failed;
    context.err << "weir: " << Error(done.error()).at(model.string()).to_string() << '\n';
  }
  if (context.json) context.out << print({{"folder", folder.string()}, {"written", written}});
  context.answered = context.json;
  if (failed == 0) return {};
  return Error(
      ErrorCode::kCorrupt,
      std::to_string(failed) + " of " + std::to_string(models.size()) + " models could not be read",
      folder.string());
}

// A pipeline, and beside it the defaults that it includes; on stdout it has them itself.
Status init_pipeline(const InitArguments& arguments, Context& context) {
  const bool print_it = arguments.out.empty() || arguments.out == "-";
  const std::string text = pipeline_template(print_it ? "" : kDefaults);
  std::vector<std::string> written;
  if (!print_it) {
    const fs::path out = arguments.out;
    std::error_code error;
    if (out.has_parent_path()) fs::create_directories(out.parent_path(), error);
    WEIR_TRY(write_new(out, text, arguments.force));
    written.push_back(out.string());
    const fs::path defaults = out.parent_path() / kDefaults;
    if (arguments.force || !fs::exists(defaults)) {
      WEIR_TRY(write_new(defaults, pipeline_defaults(), arguments.force));
      written.push_back(defaults.string());
    }
  }
  if (context.json) {
    context.out << print(Json{{"written", written}, {"template", text}});
    return {};
  }
  if (print_it) context.out << text;
  for (const std::string& path : written) context.out << path << '\n';
  return {};
}

Status run(const InitArguments& arguments, Context& context) {
  if (arguments.model == kPipeline && !fs::exists(kPipeline)) {
    return init_pipeline(arguments, context);
  }
  if (arguments.model.empty() == arguments.all.empty()) {
    return Error(ErrorCode::kInvalidArgument, "name a model, or a folder with --all", "init",
                 "see `weir help init`");
  }
  WEIR_ASSIGN(const auto runtime, Runtime::create({}));
  if (!arguments.all.empty()) return init_all(*runtime, arguments, context);
  return init_one(*runtime, arguments, context);
}

}  // namespace

Command init_command() {
  auto a = std::make_shared<InitArguments>();
  return {.name = "init",
          .summary = "Write a commented spec for a model or a folder of models, or a pipeline",
          .details =
              "Looks into the model, sets what it can tell and explains every other field. "
              "With --all: one\nspec beside each model, subfolders too, and defaults.yaml, which "
              "all of them include.",
          .examples = {"weir init model.onnx -o model.yaml", "weir init --all models/",
                       "weir init pipeline -o street.yaml"},
          .options = {{.flags = "model",
                       .target = &a->model,
                       .help = "A file or a catalogue name; or the word 'pipeline'",
                       .value = "MODEL"},
                      {.flags = "-o,--out",
                       .target = &a->out,
                       .help = "Where the spec goes; default: stdout",
                       .value = "FILE"},
                      {.flags = "--all",
                       .target = &a->all,
                       .help = "Write one for each model of this folder and its subfolders",
                       .value = "FOLDER"},
                      {.flags = "--force", .target = &a->force, .help = "Overwrite what is there"}},
          .run = [a](Context& context) { return run(*a, context); }};
}

}  // namespace weir::cli

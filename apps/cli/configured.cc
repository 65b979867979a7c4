#include "apps/cli/configured.h"

#include <algorithm>
#include <filesystem>

#include "apps/cli/find_model.h"
#include "apps/cli/table.h"
#include "weir/catalogue/cache.h"
#include "weir/model/spec.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

struct SpecFile {
  fs::path path;
  bool named = false;  // by the user, not found in a folder
};

Result<std::vector<SpecFile>> spec_files(const std::vector<std::string>& paths) {
  std::vector<SpecFile> files;
  std::error_code unknown;
  for (const std::string& path : paths) {
    if (!fs::exists(path, unknown)) {
      return Error(ErrorCode::kNotFound, "no such file or folder", path,
                   "name specs of your own; the catalogue's models are listed without it");
    }
    if (!fs::is_directory(path, unknown) && !is_spec_file(path)) {
      return Error(ErrorCode::kInvalidArgument, "this is no spec", path,
                   "name a .yaml file, or a folder of them; `weir init " + path + "` writes one");
    }
    if (!fs::is_directory(path, unknown)) {
      files.push_back({path, true});
      continue;
    }
    const std::size_t first = files.size();
    for (const auto& entry : fs::directory_iterator(path, unknown)) {
      if (is_spec_file(entry.path().string())) files.push_back({entry.path(), false});
    }
    if (files.size() == first) {
      return Error(ErrorCode::kNotFound, "no specs in the folder", path,
                   "files are taken whose names end in .yaml; `weir init --all " + path +
                       "` writes one for each model");
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end(),
              [](const SpecFile& a, const SpecFile& b) { return a.path < b.path; });
  }
  return files;
}

void look_up(const ModelSpec& spec, const catalogue::Catalogue& catalogue, ConfiguredModel& model) {
  const auto entry = catalogue.find(spec.use.substr(0, spec.use.find('/')));
  if (!entry) {
    model.state = "wrong";
    model.error = entry.error().to_string();
    return;
  }
  if (model.family.empty()) model.family = entry->family;
  const catalogue::EntryState state = catalogue::Cache::of_user().state(*entry);
  const bool own = !entry->path.empty() && fs::exists(entry->path);
  model.state = own || state == catalogue::EntryState::kPresent ? "here"
                : state == catalogue::EntryState::kCorrupt      ? "damaged"
                                                                : "not here";
}

void look_at_files(const ModelSpec& spec, ConfiguredModel& model) {
  std::vector<std::string> files;
  if (!spec.file.empty()) files.push_back(spec.file.path);
  for (const auto& [name, component] : spec.components) files.push_back(component.file.path);
  model.state = "here";
  for (const std::string& file : files) {
    std::error_code unknown;
    model.runs += (model.runs.empty() ? "" : ", ") + file;
    if (!fs::exists(file, unknown)) model.state = "file missing";
  }
}

ConfiguredModel describe_model(const std::string& file, const std::string& name,
                               const Result<ModelSpec>& spec,
                               const catalogue::Catalogue& catalogue) {
  ConfiguredModel model;
  model.file = file;
  model.name = name;
  if (!spec) {
    model.state = "wrong";
    model.error = spec.error().to_string();
    return model;
  }
  model.spec = *spec;
  model.family = spec->family;
  model.backend = spec->backend;
  model.runs = spec->use;
  if (spec->use.empty()) {
    look_at_files(*spec, model);
  } else {
    look_up(*spec, catalogue, model);
  }
  return model;
}

bool says_what_to_run(const config::Node& root) {
  return root.find("use") != nullptr || root.find("file") != nullptr ||
         root.find("components") != nullptr;
}

}  // namespace

Result<std::vector<ConfiguredModel>> configured_models(const std::vector<std::string>& paths,
                                                       const catalogue::Catalogue& catalogue) {
  std::vector<ConfiguredModel> models;
  WEIR_ASSIGN(const auto files, spec_files(paths));
  for (const SpecFile& file : files) {
    const std::string path = file.path.string();
    const auto root = config::load_file(path);
    if (!root) {
      models.push_back(describe_model(path, {}, root.error(), catalogue));
      continue;
    }
    const config::Node* several = root->find("models");
    if (several != nullptr && several->is_map()) {
      for (const auto& [name, node, place] : several->entries()) {
        const auto spec = read_model_spec(node, "models." + name);
        models.push_back(describe_model(path, name, spec, catalogue));
      }
    } else if (file.named || says_what_to_run(*root)) {
      models.push_back(describe_model(path, {}, read_model_spec(*root), catalogue));
    }
  }
  return models;
}

Json configured_json(const std::vector<ConfiguredModel>& models) {
  Json list = Json::array();
  for (const ConfiguredModel& model : models) {
    list.push_back({{"file", model.file},
                    {"name", model.name},
                    {"runs", model.runs},
                    {"family", model.family},
                    {"backend", model.backend},
                    {"state", model.state},
                    {"error", model.error}});
  }
  return list;
}

void print_configured(const std::vector<ConfiguredModel>& models, Context& context) {
  Table table({{"configured"}, {"runs"}, {"family"}, {"back end"}, {"state"}});
  for (const ConfiguredModel& model : models) {
    const Terminal& terminal = context.terminal;
    const std::string state = model.state == "here"       ? terminal.green(model.state)
                              : model.state == "not here" ? terminal.dim(model.state)
                                                          : terminal.red(model.state);
    table.row({model.file + (model.name.empty() ? "" : ": " + model.name), model.runs, model.family,
               model.backend, state});
  }
  context.out << table.render(context.terminal);
  for (const ConfiguredModel& model : models) {
    if (!model.error.empty()) context.note(model.error);
  }
}

}  // namespace weir::cli

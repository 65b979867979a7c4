#include "weir/backend/registry.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace weir {
namespace {

std::string ending_of(std::string_view path) {
  const std::string_view file = path.substr(path.find_last_of('/') + 1);
  const std::size_t dot = file.find_last_of('.');
  if (dot == std::string_view::npos) return {};
  std::string ending(file.substr(dot));
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

bool reads(const Backend& backend, const std::string& ending) {
  const std::vector<std::string> types = backend.file_types();
  return std::find(types.begin(), types.end(), ending) != types.end();
}

}  // namespace

Status BackendRegistry::add(std::unique_ptr<Backend> backend) {
  WEIR_TRY(names_.add(std::string(backend->name()), backend->aliases()));
  backends_.push_back(std::move(backend));
  return {};
}

Result<Backend*> BackendRegistry::find(std::string_view name) const {
  const std::string wanted(name);
  const std::string meant = names_.canonical(wanted).value_or(wanted);
  for (const auto& backend : backends_) {
    if (backend->name() == meant) return backend.get();
  }
  return Error(ErrorCode::kNotFound, "no back end '" + wanted + "' in this build", "",
               names_.hint_for(wanted));
}

Result<Backend*> BackendRegistry::for_file(std::string_view path) const {
  const std::string ending = ending_of(path);
  std::string known;
  for (const auto& backend : backends_) {
    if (reads(*backend, ending)) return backend.get();
    for (const std::string& type : backend->file_types()) {
      known += (known.empty() ? "" : ", ") + type + " (" + std::string(backend->name()) + ")";
    }
  }
  return Error(ErrorCode::kUnsupported,
               ending.empty()
                   ? "a model file without an ending does not say which back end reads it"
                   : "no back end in this build reads '" + ending + "' files",
               std::string(path),
               known.empty() ? "this build has no back end"
                             : "files that can be read: " + known + "; or name a `backend`");
}

Result<Backend*> BackendRegistry::choose(std::string_view name, std::string_view path) const {
  return name.empty() || name == "auto" ? for_file(path) : find(name);
}

}  // namespace weir

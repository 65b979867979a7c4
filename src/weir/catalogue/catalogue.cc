#include "weir/catalogue/catalogue.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "weir/base/nearest_name.h"
#include "weir/config/yaml.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;

struct CatalogueFile {
  config::Named<Entry> entries;
};

const config::Fields<CatalogueFile>& config_fields(const CatalogueFile*) {
  static const config::Fields<CatalogueFile> fields(
      "catalogue file", "Entries by name.",
      {config::field("catalogue", &CatalogueFile::entries).help("The entries.")});
  return fields;
}

fs::path home() {
  const char* folder = std::getenv("HOME");
  return folder != nullptr ? folder : "/";
}

fs::path user_file() {
  const char* folder = std::getenv("XDG_CONFIG_HOME");
  const bool set = folder != nullptr && *folder != '\0';
  return (set ? fs::path(folder) : home() / ".config") / "weir" / "catalogue.yaml";
}

// An entry that names no files has one: what is fetched.
void fill_in_files(Entry& entry) {
  if (!entry.files.empty() || entry.url.empty()) return;
  std::string last = entry.url.substr(entry.url.rfind('/') + 1);
  last = last.substr(0, last.find_first_of("?#"));
  EntryFile file;
  file.sha256 = entry.sha256;
  file.as = safe_name(last) ? last : "file";
  entry.files = {file};
}

// Of the user's home, or relative to the catalogue file that says it.
std::string resolved_path(const std::string& path, const std::string& file) {
  if (path.starts_with("~/")) return (home() / path.substr(2)).string();
  return (fs::path(file).parent_path() / path).lexically_normal().string();
}

bool is_path(const std::string& name) {
  for (const std::string_view start : {"./", "../", "/", "~/"}) {
    if (name.starts_with(start)) return true;
  }
  return name == "." || name == "..";
}

// Where an entry's name is written. Keys that the user keeps for himself (x-…) stand between them.
config::Place place_of_key(const config::Node& root, const std::string& key) {
  const config::Node* nodes = root.find("catalogue");
  if (nodes == nullptr) return root.where();
  for (const config::Node::Entry& entry : nodes->entries()) {
    if (entry.key == key) return entry.place;
  }
  return nodes->where();
}

// Only now is it known where a path leads.
Status check_folder(const Entry& entry, const config::Place& place) {
  std::error_code unknown;
  if (entry.path.empty() || !fs::is_directory(entry.path, unknown)) return {};
  if (!entry.sha256.empty()) {
    return config::error_at(place, "'" + entry.path + "' is a folder, and 'sha256' is of a file",
                            "write it at the file: files: [{member: model.onnx, sha256: …}]");
  }
  for (const EntryFile& file : entry.files) {
    if (!file.file_name().empty()) continue;
    return config::error_at(place, "'" + entry.path + "' is a folder: a file of it needs 'member'",
                            "write its path in the folder: files: [{member: sub/model.onnx}]");
  }
  return {};
}

}  // namespace

Status Catalogue::add_text(std::string_view yaml, const std::string& name) {
  WEIR_ASSIGN(const config::Node root, config::parse_yaml(yaml, name));
  if (root.is_null()) return {};
  WEIR_ASSIGN(CatalogueFile file, config::read<CatalogueFile>(root));
  for (auto& [key, entry] : file.entries) {
    entry.name = key;
    const config::Place place = place_of_key(root, key);
    if (!safe_name(entry.name)) {
      return config::error_at(place, "'" + entry.name + "' is no name for an entry",
                              "use letters, digits, '.', '_' and '-'");
    }
    entry.origin = place.to_string();
    if (!entry.path.empty()) entry.path = resolved_path(entry.path, name);
    WEIR_TRY(check_folder(entry, place));
    fill_in_files(entry);
    put(std::move(entry));
  }
  return {};
}

void Catalogue::put(Entry entry) {
  const auto old = std::find_if(entries_.begin(), entries_.end(),
                                [&](const Entry& other) { return other.name == entry.name; });
  if (old != entries_.end()) {
    *old = std::move(entry);
  } else {
    entries_.push_back(std::move(entry));
  }
}

Status Catalogue::add_file(const fs::path& file) {
  WEIR_ASSIGN(const std::string text, config::read_text_file(file.string()));
  return add_text(text, file.string());
}

Result<Catalogue> Catalogue::built_in() {
  Catalogue catalogue;
  WEIR_TRY(catalogue.add_text(default_catalogue_yaml(), "default catalogue"));
  return catalogue;
}

Result<Catalogue> Catalogue::load() {
  WEIR_ASSIGN(Catalogue catalogue, built_in());
  std::error_code ignored;
  if (fs::exists(user_file(), ignored)) WEIR_TRY(catalogue.add_file(user_file()));
  if (const char* named = std::getenv("WEIR_CATALOGUE")) {
    std::istringstream files(named);
    for (std::string file; std::getline(files, file, ':');) {
      if (!file.empty()) WEIR_TRY(catalogue.add_file(file));
    }
  }
  const fs::path here = "weir-catalogue.yaml";
  if (fs::exists(here, ignored)) WEIR_TRY(catalogue.add_file(here));
  return catalogue;
}

Result<Entry> Catalogue::find(const std::string& name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  if (found != entries_.end()) return *found;
  Entry entry;
  entry.origin = name;
  if (is_path(name)) {
    entry.path = name.starts_with("~/") ? (home() / name.substr(2)).string() : name;
    entry.name = fs::path(entry.path).lexically_normal().filename().string();
    return entry;
  }
  if (name.starts_with("https://") || name.starts_with("file:///")) {
    entry.url = name;
    fill_in_files(entry);
    entry.name = entry.files[0].as;
    return entry;
  }
  if (name.find("://") != std::string::npos) {
    return Error(ErrorCode::kInvalidArgument, "files are fetched from https:// and file:/// only",
                 name, "of http:// make an entry with its sha256 (docs/catalogue.md)");
  }
  std::vector<std::string> known;
  for (const Entry& other : entries_) known.push_back(other.name);
  return Error(ErrorCode::kNotFound, "the catalogue has no '" + name + "'", {},
               hint_for_name(name, known));
}

}  // namespace weir::catalogue

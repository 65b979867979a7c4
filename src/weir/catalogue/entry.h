// One entry of the catalogue: what it is, where it comes from, and how to know that it is the right
// one. The field tables in entry.cc are the one description of the YAML (docs/catalogue.md).
//
// Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/catalogue/extraction.h"
#include "weir/config/fields.h"

namespace weir::catalogue {

enum class EntryKind { kModel, kMedia, kLabels };
inline std::vector<config::EnumName<EntryKind>> config_names(EntryKind) {
  return {
      {"model", EntryKind::kModel}, {"media", EntryKind::kMedia}, {"labels", EntryKind::kLabels}};
}

// A package of one registry, fetched by that registry's ordinary client.
struct Package {
  std::string pip;
  std::string npm;
  std::string apt;
  std::string version;  // apt: may be empty, then what the machine's release has
  std::string archive;  // the file name that the client gives it; empty: whatever it is
  int64_t bytes = 0;    // of the archive, for the progress; 0: unknown

  const std::string& name() const { return !pip.empty() ? pip : !npm.empty() ? npm : apt; }
  std::string_view client() const { return !pip.empty() ? "pip" : !npm.empty() ? "npm" : "apt"; }
  // "pip package mediapipe 0.10.21"
  std::string to_string() const;
  bool operator==(const Package&) const = default;
};
const config::Fields<Package>& config_fields(const Package*);

struct EntryFile {
  std::string member;          // in the archive; empty: the fetched file itself
  std::vector<int64_t> range;  // [first, end): these bytes of the member only
  std::string sha256;          // of the result; empty: not checked
  int64_t bytes = 0;           // of the result; 0: not checked
  std::string as;              // its name in the cache; empty: the last part of the member

  std::string file_name() const;
  ByteRange byte_range() const;
};
const config::Fields<EntryFile>& config_fields(const EntryFile*);

// How a model wants its picture, as far as it is known; a model spec may say otherwise.
struct InputHint {
  std::vector<int64_t> size;  // [width, height]
  std::string layout;         // nchw, nhwc
  std::string colour;         // rgb, bgr, grey
  double scale = 1;           // value = (pixel * scale - mean) / std
  std::vector<double> mean;
  std::vector<double> std;
  std::string resize;  // letterbox, stretch, crop
};
const config::Fields<InputHint>& config_fields(const InputHint*);

struct Entry {
  std::string name;  // its key in the file
  EntryKind kind = EntryKind::kModel;
  std::string task;
  std::string about;
  std::optional<Package> package;  // one of package, url and path
  std::string url;                 // https, file; http only with a hash
  std::string path;                // a file or folder of this machine, relative to the YAML file
  std::string sha256;              // short for files: [{sha256: …}] of a url or a path to a file
  std::vector<EntryFile> files;
  std::string licence;
  std::string source;  // who made it
  std::string family;
  std::optional<InputHint> input;
  std::vector<std::string> labels;
  config::Node thresholds;      // as a model spec has them; read there
  config::Node family_options;  // the same
  std::vector<std::string> backends;
  std::string sample;  // an entry of kind media to try it on
  std::string origin;  // where it was written: "street.yaml:12:3"

  // Of all its files; 0 if one of them is not known.
  int64_t bytes() const;
  // What names its content: equal content, equal key. Part of its folder in the cache.
  std::string content_key() const;
};
const config::Fields<Entry>& config_fields(const Entry*);

// Letters, digits, '.', '_', '-', not starting with '.' or '-': safe as a name of a file.
bool safe_name(std::string_view name);

}  // namespace weir::catalogue

// The catalogue: names of models and media, where each comes from, and how to know it.
//
//   WEIR_ASSIGN(Catalogue catalogue, Catalogue::load());
//   WEIR_ASSIGN(Entry entry, catalogue.find("yunet"));      // "did you mean" if it is not there
//
// A later file's entry replaces an earlier one of the same name, whole: the catalogue that is
// compiled in, ${XDG_CONFIG_HOME:-~/.config}/weir/catalogue.yaml, the files that WEIR_CATALOGUE
// names (with ':' between them), ./weir-catalogue.yaml. Not thread-safe while it is changed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/catalogue/entry.h"

namespace weir::catalogue {

class Catalogue {
 public:
  // All of the above. What is not there is passed over, but a file in WEIR_CATALOGUE must exist.
  static Result<Catalogue> load();
  // Only what is compiled in (catalogue/default.yaml).
  static Result<Catalogue> built_in();

  // `name` is the file that messages speak of; paths in it are relative to its folder.
  Status add_text(std::string_view yaml, const std::string& name);
  Status add_file(const std::filesystem::path& file);

  // Also takes what is no name: a URL, or a path that starts with ./ ../ / or ~/.
  Result<Entry> find(const std::string& name) const;
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  void put(Entry entry);

  std::vector<Entry> entries_;
};

// The text of catalogue/default.yaml, which is generated into the library at build time.
std::string_view default_catalogue_yaml();

}  // namespace weir::catalogue

// A file with everything that belongs to it: includes, overrides of the command line, references.
//
//   LoadOptions options;
//   options.overrides = {"steps.objects.score=0.4"};
//   WEIR_ASSIGN(Node root, load_file("street.yaml", options));
//
// `include: base.yaml`, or a list of files, stands at the top of a file. The included ones are
// merged in their order, then the file itself over them (merge.h): maps merge by key at every
// level, anything else replaces, null takes a key away. A path is relative to the file that names
// it, and may hold ${env:…}. Every value keeps the file, line and column where it was written; a
// circle of includes is an Error that names the chain. Then the overrides are set, then the
// references are resolved over the whole tree. May be called from any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/config/reference.h"
#include "weir/config/yaml.h"

namespace weir::config {

struct LoadOptions {
  Limits limits;
  Resolvers resolvers;
  std::vector<std::string> overrides;  // "path=value", later ones win
  // Reads a file; by default from the disk. A test gives its own.
  std::function<Result<std::string>(const std::string& path)> read_file;
};

Result<Node> load_file(const std::string& path, const LoadOptions& options = {});
// The same for text; includes are relative to the folder of `name`.
Result<Node> load_text(std::string_view text, const std::string& name,
                       const LoadOptions& options = {});

}  // namespace weir::config

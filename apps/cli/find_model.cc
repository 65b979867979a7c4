#include "apps/cli/find_model.h"

namespace weir::cli {

catalogue::PullOptions pull_options(const Context& context) {
  catalogue::PullOptions options;
  options.progress = [&context](const std::string& entry, const std::string& what) {
    context.note(entry + ": " + what);
  };
  return options;
}

Result<std::string> find_model(Runtime& runtime, const std::string& model, const Context& context) {
  WEIR_ASSIGN(Located located, runtime.locate(model, pull_options(context)));
  return std::move(located.file);
}

}  // namespace weir::cli

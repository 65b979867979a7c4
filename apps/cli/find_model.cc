#include "apps/cli/find_model.h"

#include <filesystem>

namespace weir::cli {

Result<std::string> find_model(Runtime&, const std::string& model, const Context&) {
  if (std::filesystem::exists(model)) return model;
  return Error(ErrorCode::kNotFound, "no such file", model);
}

}  // namespace weir::cli

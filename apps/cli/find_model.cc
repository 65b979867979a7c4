#include "apps/cli/find_model.h"

#include <filesystem>
#include <utility>

#include "apps/cli/interrupt.h"
#include "weir/model/parts.h"
#include "weir/model/spec.h"

namespace weir::cli {

catalogue::PullOptions pull_options(const Context& context) {
  catalogue::PullOptions options;
  options.progress = [&context](const std::string& entry, const std::string& what) {
    context.note(entry + ": " + what);
  };
  options.stop = context.stop;
  return options;
}

bool is_spec_file(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  return ending == ".yaml" || ending == ".yml";
}

Result<std::vector<FoundModel>> find_models(Runtime& runtime, const std::string& model,
                                            const Context& context) {
  std::error_code unknown;
  const Interrupt interrupt;
  catalogue::PullOptions options = pull_options(context);
  options.stop = interrupt.token();
  if (!is_spec_file(model) || !std::filesystem::exists(model, unknown)) {
    WEIR_ASSIGN(Located located, runtime.locate(model, options));
    return std::vector<FoundModel>{{model, {.model = std::move(located.file)}}};
  }
  WEIR_ASSIGN(const ModelSpec written, read_model_spec_file(model));
  auto resolved = runtime.resolve(written, {}, options);
  if (!resolved) {
    Error error = std::move(resolved).error();
    error.where = model + (error.where.empty() ? "" : ": " + error.where);
    return error;
  }
  std::vector<FoundModel> found;
  for (ModelPart& part : runtime.plan_parts(*resolved)) {
    if (!std::filesystem::exists(part.spec.file, unknown)) {
      return Error(ErrorCode::kNotFound, "no such file", model + ": " + part.spec.file);
    }
    FoundModel one;
    one.name = model + (part.name.empty() ? "" : "/" + part.name);
    one.request = {part.spec.file, part.backend, part.spec};
    one.has_spec = true;
    one.options = resolved->options;
    found.push_back(std::move(one));
  }
  return found;
}

Json document(const std::string& model, const std::vector<Json>& parts) {
  if (parts.size() == 1) return parts.front();
  return {{"model", model}, {"parts", parts}};
}

Result<std::string> find_model(Runtime& runtime, const std::string& model, const Context& context) {
  WEIR_ASSIGN(std::vector<FoundModel> found, find_models(runtime, model, context));
  if (found.size() == 1) return std::move(found.front().request.model);
  return Error(ErrorCode::kInvalidArgument,
               "it has " + std::to_string(found.size()) + " components", model,
               "name the file of one of them");
}

}  // namespace weir::cli

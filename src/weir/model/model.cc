#include "weir/model/model.h"

#include <cassert>
#include <utility>

#include "weir/model/file_metadata.h"
#include "weir/model/guess.h"
#include "weir/model/labels.h"
#include "weir/model/lane.h"
#include "weir/model/tensor_tap.h"

namespace weir {
namespace {

std::vector<IoTensor> io_of(const std::vector<TensorInfo>& tensors) {
  std::vector<IoTensor> list;
  list.reserve(tensors.size());
  for (const TensorInfo& tensor : tensors) {
    list.push_back({tensor.name, tensor.shape, std::string(name(tensor.dtype))});
  }
  return list;
}

// Lays the guess under the spec, as a family's defaults are later.
Result<ModelSpec> with_guess(const ModelSpec& spec, const Model::Parts& parts,
                             const FamilyRegistry& families, const std::string& name) {
  if (!spec.family.empty()) return spec;
  std::string known;
  for (const std::string& family : families.names().all()) {
    known += (known.empty() ? "" : ", ") + family;
  }
  const Error unknown(ErrorCode::kInvalidArgument, "the spec names no family, and none fits", name,
                      "write family: one of " + known);
  if (parts.size() != 1) return unknown;
  const LoadedModel& file = *parts.begin()->second;
  const ModelGuess guess = guess_model({io_of(file.inputs()), io_of(file.outputs())});
  if (guess.family.empty()) return unknown;
  FamilyInfo below;
  below.input = guess.input;
  ModelSpec guessed = with_defaults(spec, below);
  guessed.family = guess.family;
  return guessed;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + (name.empty() ? "one file" : name);
  }
  return text;
}

Result<std::vector<std::shared_ptr<const LoadedModel>>> in_order(const Model::Parts& parts,
                                                                 const FamilyInfo& info,
                                                                 const std::string& name) {
  std::vector<std::shared_ptr<const LoadedModel>> ordered;
  for (const std::string& part : info.parts) {
    const auto found = parts.find(part);
    if (found != parts.end()) ordered.push_back(found->second);
  }
  if (ordered.size() == info.parts.size() && parts.size() == info.parts.size()) return ordered;
  std::vector<std::string> given;
  for (const auto& [part, model] : parts) given.push_back(part);
  return Error(ErrorCode::kInvalidArgument,
               "the family '" + info.name + "' is not made of these parts: " + listed(given), name,
               "its parts are: " + listed(info.parts));
}

// What the exporter wrote about the classes, of a model of one file.
LabelSpec labels_in(const Model::Parts& parts, const ModelSpec& spec) {
  LabelSpec labels;
  if (parts.size() != 1) return labels;
  const auto text = file_metadata(*parts.begin()->second, spec.file.path, kNamesKey);
  if (!text) return labels;
  if (auto names = parse_names(*text)) labels.names = *std::move(names);
  return labels;
}

// Once for all families: each looks at the first input and output of what it is made of.
Status expect_ends(const FamilyContext& context) {
  for (const auto& [part, model] : context.parts) {
    if (model->inputs().empty()) return context.mismatch("it has no inputs", context.info.inputs);
    if (model->outputs().empty()) {
      return context.mismatch("it has no outputs", context.info.outputs);
    }
  }
  return {};
}

Error within(const std::string& name, Error error) {
  if (error.where.empty()) error.where = name;
  return error;
}

}  // namespace

Result<std::shared_ptr<const Model>> Model::make(const FamilyRegistry& families,
                                                 const ModelSpec& spec, const Parts& parts,
                                                 const std::string& name) {
  assert(!parts.empty());
  std::shared_ptr<Model> model(new Model);
  model->name_ = name;
  WEIR_ASSIGN(model->spec_, with_guess(spec, parts, families, name));
  auto info = families.find(model->spec_.family);
  if (!info) return within(name, std::move(info).error());
  model->info_ = *std::move(info);
  const FamilyInfo& family_info = *model->info_;
  model->spec_.family = family_info.name;  // not an alias
  model->spec_ = with_defaults(std::move(model->spec_), family_info);
  if (model->spec_.labels.empty()) model->spec_.labels = labels_in(parts, model->spec_);
  WEIR_ASSIGN(model->parts_, in_order(parts, family_info, name));
  WEIR_ASSIGN(model->labels_, load_labels(model->spec_.labels, name));
  const FamilyContext context{model->name_, model->spec_, parts, model->labels_, family_info};
  WEIR_TRY(context.options().check_names());
  WEIR_TRY(expect_ends(context));
  auto family = family_info.make(context);
  if (!family) return within(name, std::move(family).error());
  model->family_ = with_tap(std::move(family).value(), model->parts_.back()->outputs());
  return std::shared_ptr<const Model>(std::move(model));
}

Result<std::unique_ptr<Lane>> Model::make_lane() const {
  return Lane::make(shared_from_this());
}

}  // namespace weir

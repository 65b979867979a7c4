#include "weir/assemble/step_gives.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

// What the catalogue knows of a model; null: it is none of its names.
std::optional<catalogue::Entry> entry_of(const ModelSpec& model,
                                         const catalogue::Catalogue* catalogue) {
  if (catalogue == nullptr || model.use.empty()) return std::nullopt;
  const auto known = [&](const catalogue::Entry& entry) { return entry.name == model.use; };
  const auto& entries = catalogue->entries();
  const auto found = std::find_if(entries.begin(), entries.end(), known);
  if (found == entries.end()) return std::nullopt;
  return *found;
}

// The file's own go over those of the catalogue, one by one.
OptionMap options_of(const ModelSpec& model, const std::optional<catalogue::Entry>& entry) {
  OptionMap options = model.family_options;
  if (!entry || !entry->family_options.is_map()) return options;
  for (const config::Node::Entry& option : entry->family_options.entries()) {
    if (option.value.is_scalar()) options.values.emplace(option.key, option.value.text());
  }
  return options;
}

void add_to(Gives& all, const Gives& more) {
  all.box |= more.box;
  all.score |= more.score;
  all.classes |= more.classes;
  all.mask |= more.mask;
  all.text |= more.text;
  all.embedding |= more.embedding;
  all.points.insert(all.points.end(), more.points.begin(), more.points.end());
}

std::optional<Gives> given_by(const PipelineSpec& spec, const StepSpec& step,
                              const KnownModels& models, const StepGives& earlier) {
  if (step.truth) return labelled_boxes();
  if (!step.tracks()) {
    const auto known = models.find(step.model);
    return known == models.end() ? std::nullopt : known->second.gives;
  }
  Gives all;
  for (const std::string& on : step.on) {
    const std::optional<Gives>& followed = earlier[static_cast<std::size_t>(spec.step(on))];
    if (!followed) return std::nullopt;
    add_to(all, *followed);
  }
  return all;
}

const FamilyRegistry& own_families() {
  static const FamilyRegistry families = [] {
    FamilyRegistry made;
    if (!add_builtin_families(made)) made = FamilyRegistry();
    return made;
  }();
  return families;
}

}  // namespace

KnownModel known_model(const FamilyInfo& family, const OptionMap& options) {
  KnownModel known{family.gives, family.needs};
  const std::string& without = family.needs.points_option;
  if (without.empty()) return known;
  const OptionReader reader(family.name, family.options, options.values, family.name);
  // A value that is none is told when the model is made.
  if (!reader.flag(without, true).value_or(true)) known.needs.points.clear();
  return known;
}

std::optional<KnownModel> known_model(const ModelSpec& model, const FamilyRegistry& families,
                                      const catalogue::Catalogue* catalogue) {
  const std::optional<catalogue::Entry> entry = entry_of(model, catalogue);
  const auto info = families.find(model.family.empty() && entry ? entry->family : model.family);
  if (!info) return std::nullopt;
  return known_model(**info, options_of(model, entry));
}

KnownModels known_models(const PipelineSpec& spec, const FamilyRegistry& families,
                         const catalogue::Catalogue* catalogue) {
  KnownModels models;
  for (const auto& [name, model] : spec.models) {
    const std::optional<KnownModel> known = known_model(model, families, catalogue);
    if (known) models.emplace(name, *known);
  }
  return models;
}

KnownModels known_models(const PipelineSpec& spec) {
  return known_models(spec, own_families());
}

StepGives gives_of(const PipelineSpec& spec, const KnownModels& models) {
  StepGives gives(spec.steps.size());
  for (const int32_t number : order_of(spec)) {
    const auto at = static_cast<std::size_t>(number);
    gives[at] = given_by(spec, spec.steps[at].second, models, gives);
  }
  return gives;
}

bool has_tracks(const PipelineSpec& spec, const StepSpec& step) {
  if (step.tracks() || step.truth) return true;
  return std::any_of(step.on.begin(), step.on.end(), [&](const std::string& on) {
    return has_tracks(spec, spec.steps[static_cast<std::size_t>(spec.step(on))].second);
  });
}

}  // namespace weir

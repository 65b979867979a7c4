// What the steps of a pipeline give, as far as it is known: before a model is loaded from the
// family that the file or the catalogue names, after that from the model itself.
//
//   const KnownModels models = known_models(spec, families, &catalogue);
//   const StepGives gives = gives_of(spec, models);
//
// Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "weir/assemble/pipeline_spec.h"
#include "weir/catalogue/catalogue.h"
#include "weir/model/family_registry.h"
#include "weir/model/gives.h"

namespace weir {

struct KnownModel {
  std::optional<Gives> gives;
  Needs needs;
};
using KnownModels = std::map<std::string, KnownModel>;  // by name under `models`

// With what the options take away from what it needs.
KnownModel known_model(const FamilyInfo& family, const OptionMap& options);

// By the family that the spec names, or the catalogue for it; nothing: neither is among these.
// `catalogue` may be null.
std::optional<KnownModel> known_model(const ModelSpec& model, const FamilyRegistry& families,
                                      const catalogue::Catalogue* catalogue = nullptr);

// Of what these families and names do not tell, nothing is known. `catalogue` may be null.
KnownModels known_models(const PipelineSpec& spec, const FamilyRegistry& families,
                         const catalogue::Catalogue* catalogue = nullptr);
// The same with the families of this library and without a catalogue: what the file alone tells.
KnownModels known_models(const PipelineSpec& spec);

// By number of the step; nothing: it may give anything.
using StepGives = std::vector<std::optional<Gives>>;
// A tracker gives what it follows. For a spec without cycles.
StepGives gives_of(const PipelineSpec& spec, const KnownModels& models);

// Whether the findings of a step, or those that it looks at, have tracks.
bool has_tracks(const PipelineSpec& spec, const StepSpec& step);

}  // namespace weir

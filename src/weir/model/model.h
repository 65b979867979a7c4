// A model that is ready to be used: its files, opened, and the family that reads them. Immutable
// and shared; the last owner closes it.
//
//   WEIR_ASSIGN(auto model, runtime.load_model(spec, "models.face"));
//   WEIR_ASSIGN(auto lane, model->make_lane());            // one per thread that uses it
//   WEIR_TRY(lane->run({.picture = &picture.view()}, found));
//
// Any thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"
#include "weir/data/label_set.h"
#include "weir/model/family.h"
#include "weir/model/family_registry.h"
#include "weir/model/spec.h"

namespace weir {

class Lane;

class Model : public std::enable_shared_from_this<Model> {
 public:
  using Parts = std::map<std::string, std::shared_ptr<const LoadedModel>>;

  // A spec that is resolved, and its parts as they were opened. Without a family in the spec it is
  // guessed, which is an Error where nothing fits. `name` is for messages: "models.face".
  static Result<std::shared_ptr<const Model>> make(const FamilyRegistry& families,
                                                   const ModelSpec& spec, const Parts& parts,
                                                   const std::string& name);

  const std::string& name() const { return name_; }
  // As it was made: what it left open is as the family has it.
  const ModelSpec& spec() const { return spec_; }
  const FamilyInfo& info() const { return *info_; }
  const Family& family() const { return *family_; }
  // Null: it has none.
  const std::shared_ptr<const LabelSet>& labels() const { return labels_; }
  // In the order of FamilyInfo::parts.
  const std::vector<std::shared_ptr<const LoadedModel>>& parts() const { return parts_; }

  // Warmed up as the spec says.
  Result<std::unique_ptr<Lane>> make_lane() const;

 private:
  Model() = default;

  std::string name_;
  ModelSpec spec_;
  std::shared_ptr<const FamilyInfo> info_;
  std::vector<std::shared_ptr<const LoadedModel>> parts_;
  std::shared_ptr<const LabelSet> labels_;
  std::unique_ptr<const Family> family_;
};

}  // namespace weir

// The families that this process knows: filled by explicit calls, once, before it is shared;
// reading it is then safe from any thread.
//
//   FamilyRegistry families;
//   WEIR_TRY(add_builtin_families(families));
//   WEIR_ASSIGN(const auto yolox, families.find("yolox"));
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/names.h"
#include "weir/base/result.h"
#include "weir/model/family.h"
#include "weir/model/gives.h"
#include "weir/model/spec.h"

namespace weir {

// A family as data: what the docs, `weir init` and error messages say of it, and how it is made.
struct FamilyInfo {
  std::string name;                       // "detr"
  std::vector<std::string> aliases = {};  // "rt-detr": read as the name
  std::string task;                       // "object detection"
  std::string about;                      // one line
  std::string inputs;   // the convention, in words: "images: BGR from 0 to 255, …"
  std::string outputs;  // what the model must give: "one tensor 1xNx(5+classes)"
  std::string tested;   // with which weights
  // Nothing: nobody said, and no step or sink that takes its findings is refused for it.
  std::optional<Gives> gives = {};
  Needs needs = {};
  // What a spec leaves open.
  InputSpec input = {};
  ThresholdSpec thresholds = {};
  LabelSpec labels = {};
  std::vector<OptionInfo> options = {};   // of the spec's family_options
  std::vector<std::string> parts = {""};  // names of the components; "": a model of one file
  std::function<Result<std::unique_ptr<const Family>>(const FamilyContext&)> make = {};
};

class FamilyRegistry {
 public:
  // The name and its aliases must be new.
  Status add(FamilyInfo info);
  // By name or alias. An unknown name suggests the nearest one.
  Result<std::shared_ptr<const FamilyInfo>> find(std::string_view name) const;
  const std::vector<std::shared_ptr<const FamilyInfo>>& all() const { return families_; }
  const Names& names() const { return names_; }

 private:
  Names names_{"family"};
  std::vector<std::shared_ptr<const FamilyInfo>> families_;
};

// The spec with what it leaves open as the family has it.
ModelSpec with_defaults(ModelSpec spec, const FamilyInfo& info);

// Those of this library.
Status add_builtin_families(FamilyRegistry& families);

}  // namespace weir

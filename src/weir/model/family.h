// What a kind of model is to Weir: three functions around a back end's run. A family is parameters
// plus a small decode; everything that two families share lives in `ops`.
//
//   item --prepare--> inputs --infer--> outputs --interpret--> findings
//
//   class Sharpness final : public Family { … };                   // examples/model/own_family.cc
//   WEIR_TRY(runtime.families().add({.name = "sharpness", …, .make = make_sharpness}));
//
// A Family belongs to one model, is immutable, and is used by many threads at once: everything that
// changes is in its arguments. It owns no tensor. docs/add-a-model.md shows one being made.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/backend/option_reader.h"
#include "weir/backend/session.h"
#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/image.h"
#include "weir/data/kept_tensor.h"
#include "weir/data/label_set.h"
#include "weir/data/shape.h"
#include "weir/data/tensor.h"
#include "weir/model/spec.h"
#include "weir/ops/affine.h"
#include "weir/ops/resize_plan.h"

namespace weir {

// What one item of work is cut from. Borrowed: valid during the call.
struct ItemSource {
  const ImageView* picture = nullptr;  // of a task that is a picture
  const TensorView* tensor = nullptr;  // of a task that is a tensor
  const Finding* on = nullptr;         // the finding to look at; null: all of it
  // Where a copy of the outputs goes that the findings were read from; null: it is not wanted.
  std::vector<KeptTensor>* keep = nullptr;
};

// How an item lies in the input: made by prepare, read by interpret.
struct ItemPlan {
  ResizePlan resize;  // of a whole picture, or an upright part of one
  Affine to_source;   // always: pixels of the input -> pixels of the upright source
};

// Derived from beside Family by one whose run is more than one call of one graph: a loop, or
// several graphs that feed each other.
class OwnInfer {
 public:
  // Runs a batch whose inputs are written: `sessions` are those of the model's parts, in the order
  // of FamilyInfo::parts. The inputs were those of the first, the outputs are read from the last.
  virtual Status infer(std::span<Session* const> sessions) const = 0;

 protected:
  ~OwnInfer() = default;
};

class Family {
 public:
  virtual ~Family() = default;

  // The shapes that the inputs take for this item, one each, for a batch of one. Cheap and pure: it
  // is asked before there is memory, and items of equal shapes may share a run.
  virtual Status shape_for(const ItemSource& item, std::span<Shape> inputs) const = 0;
  // Writes the item into its part of the inputs, which have those shapes.
  virtual Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                         ItemPlan& plan) const = 0;
  // Reads the item's part of the outputs and adds to `found`, best first. Ids, parents and the step
  // are set by the caller.
  virtual Status interpret(std::span<const TensorView> outputs, const ItemSource& item,
                           const ItemPlan& plan, std::vector<Finding>& found) const = 0;

  // How it runs: null means one call of the only part, which on a device is started without
  // waiting. A family that wraps another answers for that one; nobody else overrides it.
  virtual const OwnInfer* own_infer() const { return dynamic_cast<const OwnInfer*>(this); }
  Status infer(std::span<Session* const> sessions) const;
};

struct FamilyInfo;  // family_registry.h

// What a family is made from. Borrowed during the call.
struct FamilyContext {
  const std::string& name;  // for messages: "models.face"
  const ModelSpec& spec;    // with the family's defaults laid under it
  const std::map<std::string, std::shared_ptr<const LoadedModel>>& parts;
  const std::shared_ptr<const LabelSet>& labels;  // null: neither the spec nor the family has any
  const FamilyInfo& info;                         // the family's own, as it was registered

  // The model's only file.
  const LoadedModel& model() const { return *parts.begin()->second; }
  // The family's options of the spec; their names were checked before.
  OptionReader options() const;
  // An Error that the model is not what the family reads: `found` in its place, and `expects`.
  Error mismatch(const std::string& found, const std::string& expects) const;
};

}  // namespace weir

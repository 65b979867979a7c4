#include "weir/model/tensor_tap.h"

#include <cstring>
#include <utility>

namespace weir {
namespace {

class TensorTap final : public Family {
 public:
  TensorTap(std::unique_ptr<const Family> family, std::vector<std::string> names)
      : family_(std::move(family)), names_(std::move(names)) {}

  Status shape_for(const ItemSource& item, std::span<Shape> inputs) const override {
    return family_->shape_for(item, inputs);
  }
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    return family_->prepare(item, inputs, plan);
  }
  const OwnInfer* own_infer() const override { return family_->own_infer(); }
  Status interpret(std::span<const TensorView> outputs, const ItemSource& item,
                   const ItemPlan& plan, std::vector<Finding>& found) const override {
    if (item.keep != nullptr) WEIR_TRY(copy(outputs, *item.keep));
    return family_->interpret(outputs, item, plan, found);
  }

 private:
  // A batch that failed is run again, item by item: what was kept of it is replaced.
  Status copy(std::span<const TensorView> outputs, std::vector<KeptTensor>& kept) const {
    kept.clear();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const TensorView& output = outputs[i];
      if (!output.is_dense() || !output.device.is_cpu()) continue;
      WEIR_ASSIGN(Tensor tensor, Tensor::allocate(output.dtype, output.shape));
      if (output.bytes() > 0) std::memcpy(tensor.view().data, output.data, output.bytes());
      kept.push_back({.name = i < names_.size() ? names_[i] : "", .tensor = std::move(tensor)});
    }
    return {};
  }

  const std::unique_ptr<const Family> family_;
  const std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<const Family> with_tap(std::unique_ptr<const Family> family,
                                       const std::vector<TensorInfo>& outputs) {
  std::vector<std::string> names;
  for (const TensorInfo& output : outputs) names.push_back(output.name);
  return std::make_unique<const TensorTap>(std::move(family), std::move(names));
}

}  // namespace weir

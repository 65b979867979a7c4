// What families have in common that write an item into the model's only input by one thing: a
// PictureInput, or a TextInput. A base for them, not for who uses them.
//
//   class Reid final : public OneInput<PictureInput> {
//    public:
//     using OneInput::OneInput;
//     Status interpret(…) const override;
//   };
#pragma once

#include <span>
#include <utility>

#include "weir/model/family.h"

namespace weir::family {

template <class Input>
class OneInput : public Family {
 public:
  explicit OneInput(Input input) : input_(std::move(input)) {}

  Status shape_for(const ItemSource& item, std::span<Shape> inputs) const final {
    return input_.shape_for(item, inputs[0]);
  }
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    return input_.prepare(item, inputs[0], plan);
  }

 protected:
  const Input& input() const { return input_; }

 private:
  const Input input_;
};

}  // namespace weir::family

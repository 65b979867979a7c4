// How pictures become one input of a model: what every family that looks at pictures has.
//
//   WEIR_ASSIGN(picture_, PictureInput::make(context, context.model().inputs()[0], {.multiple =
//   32})); … Status shape_for(item, inputs)      { return picture_.shape_for(item, inputs[0]); }
//   Status prepare(item, inputs, plan)  { return picture_.prepare(item, inputs[0], plan); }
//
// It reads the whole picture, or the box of the finding that the item is about, cut from the source
// frame. Immutable; any thread.
#pragma once

#include <string>

#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"
#include "weir/data/shape.h"
#include "weir/data/tensor.h"
#include "weir/model/family.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_rule.h"

namespace weir {

// What a family adds to the spec for an input whose size is open.
struct PictureInputRules {
  int multiple = 1;     // the sides are rounded up to it
  int max_side = 1280;  // a larger picture is made smaller, so that its longer side is this
};

class PictureInput {
 public:
  // An Error if the input takes no pictures, or not those that the spec describes.
  static Result<PictureInput> make(const FamilyContext& context, const TensorInfo& input,
                                   const PictureInputRules& rules = {});

  Status shape_for(const ItemSource& item, Shape& shape) const;
  // `input` is one item's part of the tensor.
  Status prepare(const ItemSource& item, const TensorView& input, ItemPlan& plan) const;

  // 0 where it is the item's picture that says.
  int width() const { return width_; }
  int height() const { return height_; }
  const PrepareSpec& spec() const { return spec_; }
  // An Error if the spec wants a filter that what is cut out turned cannot have.
  Status expect_bilinear() const;
  // The shape of a batch of one with these sides.
  Shape shape(int width, int height) const;

 private:
  PictureInput() = default;
  Status set_size(const ModelSpec& spec, const TensorInfo& input);

  std::string name_;
  PrepareSpec spec_;
  ResizeRule resize_;
  int width_ = 0;
  int height_ = 0;
  bool has_batch_ = true;  // the input has four sizes, not three
};

// The part of the picture that an item is about: all of it, or the finding's box as far as it lies
// inside. An Error if the item is no picture, or nothing of the box is inside.
Result<Box> region_of(const ItemSource& item);

}  // namespace weir

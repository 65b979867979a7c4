// What the families share that look at a turned part of a picture: it is warped into the input as
// it lies in the source, with no picture in between.
//
//   WEIR_ASSIGN(const Affine to_source, align_face(*item.on, width, height));
//   return family::see_through(to_source, picture_, item, inputs[0], plan);
//
// Used by families, from any thread.
#pragma once

#include "weir/model/family.h"
#include "weir/model/picture_input.h"

namespace weir::family {

// Writes the item's picture into `input` as `to_source` says, and the plan.
Status see_through(const Affine& to_source, const PictureInput& picture, const ItemSource& item,
                   const TensorView& input, ItemPlan& plan);

// Whether the item is about a finding that is somewhere; else it is about the whole picture.
bool has_place(const ItemSource& item);

// The finding that the item is about, or one that is the whole picture. An Error if the item is no
// picture.
Result<Finding> subject(const ItemSource& item);

// An Error unless the input has one size.
Status expect_one_size(const FamilyContext& context, const PictureInput& picture);

}  // namespace weir::family

#include "weir/model/family/seen_through.h"

#include <utility>

#include "weir/ops/warp_image.h"

namespace weir::family {

Status see_through(const Affine& to_source, const PictureInput& picture, const ItemSource& item,
                   const TensorView& input, ItemPlan& plan) {
  if (item.picture == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the model looks at pictures, and this is none");
  }
  WEIR_TRY(picture.expect_bilinear());
  plan.resize = {};
  plan.resize.source_width = item.picture->upright_width();
  plan.resize.source_height = item.picture->upright_height();
  plan.resize.width = picture.width();
  plan.resize.height = picture.height();
  plan.to_source = to_source;
  return warp_image(*item.picture, to_source, picture.spec(), input);
}

bool has_place(const ItemSource& item) {
  return item.on != nullptr && (item.on->box || !item.on->keypoints.empty());
}

Result<Finding> subject(const ItemSource& item) {
  if (item.picture == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the model looks at pictures, and this is none");
  }
  if (has_place(item)) return *item.on;
  return Finding{.box = Box{0, 0, static_cast<float>(item.picture->upright_width()),
                            static_cast<float>(item.picture->upright_height())}};
}

Status expect_one_size(const FamilyContext& context, const PictureInput& picture) {
  if (picture.width() > 0 && picture.height() > 0) return {};
  return Error(ErrorCode::kInvalidArgument, "the input's size is open, and this family needs one",
               context.name, "write input: {size: …}");
}

}  // namespace weir::family

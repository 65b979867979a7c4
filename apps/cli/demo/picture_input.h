// Which input of a model is a picture, how it wants it, and what it then sees.
#pragma once

#include <optional>

#include "apps/cli/demo/report.h"
#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"
#include "weir/catalogue/entry.h"
#include "weir/data/image.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_plan.h"

namespace weir::cli::demo {

struct PictureInput {
  PrepareSpec spec;
  int width = 0;
  int height = 0;
};

// Nothing if the input (with the shape that it is run with) is no picture: then it is not one of
// 1, 3 (or 1x3) by height by width in float32 or uint8.
Result<std::optional<PictureInput>> picture_input(const TensorInfo& input,
                                                  const std::optional<catalogue::InputHint>& hint);

// The picture as the model gets it, before it is normalised.
Result<Shot> what_it_sees(const ImageView& picture, const PictureInput& input);

}  // namespace weir::cli::demo

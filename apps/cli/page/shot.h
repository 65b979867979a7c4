// A picture of a page: the bytes of a JPEG file, and what is said about it. Any thread.
//
//   WEIR_ASSIGN(Shot shot, shot_of(image.view(), 960));
//   shot.caption = "street, 12.4 s";
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/ops/resize_plan.h"

namespace weir::cli {

struct Shot {
  std::vector<uint8_t> jpeg;
  int width = 0;
  int height = 0;
  std::string alt;                      // what is on it, for whoever does not see it
  std::string caption;                  // under it
  std::vector<std::string> found = {};  // what was found in it, a line each
};

// The picture in BGR of that size.
Result<Image> resized_bgr(const ImageView& picture, ResizePolicy policy, int width, int height);
// As it is.
Result<Shot> encoded_shot(const Image& image);
// Of at most `side` pixels on its longer side.
Result<Shot> shot_of(const ImageView& picture, int side);

}  // namespace weir::cli

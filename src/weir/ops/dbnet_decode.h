// The probability map of a DBNet text detector as text boxes.
//
//   WEIR_ASSIGN(auto found, dbnet_decode(map, {.score = 0.6F}, map_to_source, 1280, 720));
//   found[0].keypoints;   // the corners, clockwise from the text's own top left
//
// Each connected patch of text (8 neighbours) gives one: the smallest rectangle around the centres
// of its pixels, whose score is the mean of the map inside, enlarged as far as training had shrunk
// it. What is not finite is no text. Falling scores, ties by the first pixel. Pure function: any
// thread.
#pragma once

#include <cstddef>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/affine.h"

namespace weir {

struct DbnetDecodeSpec {
  float bin = 0.3F;           // a pixel from here on is text
  float score = 0.6F;         // of a box, from here on it counts
  float unclip = 1.5F;        // how far it is enlarged: by unclip x area / perimeter on each side
  float min_side = 3;         // of the rectangle in the map; enlarged it needs 2 more
  float min_source_side = 4;  // of the box in the source
  std::size_t max_count = 1000;  // of the largest patches, the others are not looked at
};

// `map` is float32 of 1x1xHxW, 1xHxW or HxW, dense and in host memory. `map_to_source` brings its
// pixels into the source, whose size clips the boxes (not the corners: the crop of a slanted line
// at the border keeps its shape).
Result<std::vector<Finding>> dbnet_decode(const TensorView& map, const DbnetDecodeSpec& spec,
                                          const Affine& map_to_source, int source_width,
                                          int source_height);
// The same, added to `found`.
Status dbnet_decode(const TensorView& map, const DbnetDecodeSpec& spec, const Affine& map_to_source,
                    int source_width, int source_height, std::vector<Finding>& found);

}  // namespace weir

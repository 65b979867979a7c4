// The anchors of an SSD detector: the boxes from which its outputs are offsets.
//
//   const std::vector<SsdAnchor> anchors = ssd_anchors().value();   // 1917 of them
//
// Layers that follow each other with the same stride share their places: all of their anchors stand
// at a place before the next place comes. Pure functions.
#pragma once

#include <vector>

#include "weir/base/result.h"

namespace weir {

// In shares of the model's input: 0 … 1.
struct SsdAnchor {
  float x = 0;  // of the centre
  float y = 0;
  float width = 0;
  float height = 0;
  bool operator==(const SsdAnchor&) const = default;
};

struct SsdAnchorSpec {
  int input_width = 300;
  int input_height = 300;
  float min_scale = 0.2F;   // of the first layer; the others lie evenly between the two
  float max_scale = 0.95F;  // of the last layer
  std::vector<int> strides = {16, 32, 64, 128, 256, 512};  // one a layer
  std::vector<float> aspect_ratios = {1.0F, 2.0F, 0.5F, 3.0F, 0.3333F};
  // One more square anchor of a size between a layer's and the next one's.
  bool interpolated = true;
  // Three instead of all on the first layer: a square of 0.1, and two of the layer's own scale with
  // the ratios 2 and 1/2.
  bool reduced_first_layer = true;
  // All of them have the size of the input, so that only their centres count (BlazeFace's kind).
  bool fixed_size = false;
};

// Layer by layer, row by row, and at each place in the order of the ratios.
Result<std::vector<SsdAnchor>> ssd_anchors(const SsdAnchorSpec& spec = {});

}  // namespace weir

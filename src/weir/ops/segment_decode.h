// The outputs of a segmentation as masks of the source picture, one for each class that is there.
//
//   WEIR_ASSIGN(auto found, segment_decode(logits, {.layout = SegmentLayout::kNchw}, plan));
//   found[0].mask->area();
//
// Every pixel of the source is traced back to its place in the output (the inverse of the resize,
// in double), so masks are exact for any size and for letterboxed inputs. Findings come with
// falling scores, ties by class. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/classify_decode.h"
#include "weir/ops/resize_plan.h"

namespace weir {

enum class SegmentLayout : uint8_t {
  kNchw,    // 1xCxHxW or CxHxW: a plane of scores for each class
  kNhwc,    // 1xHxWxC or HxWxC
  kLabels,  // 1xHxW, HxW, 1x1xHxW or 1xHxWx1: the number of the class, of any type
};
// "nchw", "nhwc", "labels".
std::string_view name(SegmentLayout layout);
Result<SegmentLayout> parse_segment_layout(std::string_view text);

enum class Upscale : uint8_t {
  kAuto,      // bilinear where the output is coarser than the input, else nearest
  kNearest,   // the class of the nearest place of the output
  kBilinear,  // the scores are interpolated, then compared
};
// "auto", "nearest", "bilinear".
std::string_view name(Upscale upscale);
Result<Upscale> parse_upscale(std::string_view text);

struct SegmentDecodeSpec {
  SegmentLayout layout = SegmentLayout::kNchw;
  Upscale upscale = Upscale::kAuto;
  // Whether the centres of the corners of input and output lie on each other, instead of their
  // outer edges: TensorFlow's align_corners.
  bool align_corners = false;
  // What the scores are, which only those of the findings hang on. Auto looks at 64 places.
  ScoreKind scores = ScoreKind::kAuto;
  int32_t background = -1;  // a class that is nothing; -1: none is
  int32_t first_label = 0;  // the label of class 0: those of one head of several come after others
  // Of one plane of probabilities: from here on a pixel belongs to it.
  float threshold = 0.5F;
};

// `output` is dense and in host memory; scores are float32. The label of a finding is its class +
// first_label; its score is the mean, over its pixels, of the probability of the class that is best
// at the nearest place of the output (1 for label maps). One plane of scores is a class of its own:
// the probability at each pixel, bilinear (nearest if asked for), against the threshold. NaN is
// never the best, and a pixel of nothing else belongs to no mask.
Result<std::vector<Finding>> segment_decode(const TensorView& output, const SegmentDecodeSpec& spec,
                                            const ResizePlan& plan);
// The same, added to `found`.
Status segment_decode(const TensorView& output, const SegmentDecodeSpec& spec,
                      const ResizePlan& plan, std::vector<Finding>& found);

// What segment_decode would make of an output of this shape: classes and sizes, -1 if they are not
// known; an Error if it could not. `classes` is 0 for label maps.
struct SegmentShape {
  int64_t classes = 0;
  int64_t height = 0;
  int64_t width = 0;
};
Result<SegmentShape> segment_shape(const Shape& shape, SegmentLayout layout);

}  // namespace weir

// Bilinear samples of a picture along a resize plan, as levels of R, G and B; the scalar part of
// prepare_image, in which its rules are easiest to read.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/data/image.h"
#include "weir/ops/resize_plan.h"

namespace weir::ops {

// Between which two samples of a row or column to blend, and how much of the second to take.
struct Tap {
  int first = 0;
  int second = 0;
  float weight = 0;
};

struct Rgb {
  float r = 0;
  float g = 0;
  float b = 0;
};

class Sampler {
 public:
  // `image` outlives the sampler.
  Sampler(const ImageView& image, const ResizePlan& plan);

  // At column x and row y of the picture in the plan (0 … inner size - 1).
  Rgb rgb(int x, int y) const;
  // The brightness only: Y of a video frame, the usual weights of R, G and B otherwise.
  float grey(int x, int y) const;

 private:
  struct Taps {
    Tap x;  // along a stored row
    Tap y;  // down the stored columns
  };
  Taps luma(int x, int y) const;
  Taps chroma(int x, int y) const;
  float sample(int plane, int channels, int channel, const Taps& taps) const;
  float bright(int x, int y) const;

  const ImageView& image_;
  const bool sideways_;
  std::vector<Tap> columns_;  // by column of the plan
  std::vector<Tap> rows_;
  std::vector<Tap> chroma_columns_;  // only of video formats
  std::vector<Tap> chroma_rows_;
};

}  // namespace weir::ops

// Which pixels of a picture belong to something, as run lengths in COCO's form (RLE): the pixels
// column by column, as alternating runs of 0 and 1, beginning with 0.
//
//   WEIR_ASSIGN(Mask mask, Mask::encode(pixels, stride, width, height));
//   const std::string text = mask.to_text();       // what pycocotools calls `counts`
//
// Plain values; the functions are pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir {

struct Mask {
  static constexpr int kMaxSide = 1 << 15;

  int width = 0;
  int height = 0;
  std::vector<uint32_t> counts;  // lengths of the runs; they add up to width x height

  // Pixels that are not 0 belong to the mask. Rows are `stride` bytes apart.
  static Result<Mask> encode(const uint8_t* pixels, std::ptrdiff_t stride, int width, int height);
  // Writes 0 or 1 for every pixel, row by row without gaps. An Error if the runs do not fit.
  Result<std::vector<uint8_t>> decode() const;
  Status check() const;
  int64_t area() const;

  // COCO's compressed form: printable ASCII, about two characters a run.
  std::string to_text() const;
  static Result<Mask> from_text(int width, int height, std::string_view text);

  bool operator==(const Mask&) const = default;
};

// Intersection over union; 0 for masks of different size, 1 for two empty ones.
double iou(const Mask& a, const Mask& b);

}  // namespace weir

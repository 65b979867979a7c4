// The inner loops of prepare_image: one row of the input from two rows of each plane of the source,
// with the vector instructions that this CPU has. Called by fused_prepare.cc; any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/ops/picture_levels.h"
#include "weir/ops/row_taps.h"

namespace weir::ops {

// Two rows of a plane, and how much of the second to take. Each has at least the bytes that the
// plane's RowTaps ask for.
struct RowPair {
  const uint8_t* above = nullptr;
  const uint8_t* below = nullptr;
  float weight = 0;
  // To the rows of the next row of outputs, which are fetched meanwhile: each row lies on a page of
  // its own, or two, and the CPU does not read ahead from page to page. 0: there are none.
  std::ptrdiff_t ahead = 0;
};

enum class RowSource {
  kPacked,  // pixels of three bytes
  kPlane,   // of one byte: grey, or the Y of video when only the brightness is wanted
  kNv12,
  kI420,
};

// The source's channels are what they are in memory; of video R, G and B.
struct RowJob {
  RowSource source = RowSource::kPacked;
  RowPair first;      // packed pixels, grey, or Y
  RowPair chroma[2];  // U and V, or both in the first
  const RowTaps* taps = nullptr;
  const RowTaps* chroma_taps = nullptr;
  YuvToRgb yuv;
  bool video = false;       // Y needs its gain, and levels are limited to 0 … 255
  bool brightness = false;  // the three channels times `weigh` become one
  float weigh[3] = {};
  // The rows that the source's channels, or the only one, go to: level * factor + offset.
  float* out[3] = {};
  float factor[3] = {1, 1, 1};
  float offset[3] = {};
  int count = 0;
};

void fused_row(const RowJob& job);
void fused_video_row(const RowJob& job);  // called by it
// At exactly half the size, where the first output lies between the first two samples of each row,
// and on the first of chroma. Needs no taps, and outputs for
// twice fused_lookup().lanes.
void fused_half_row(const RowJob& job);

// A plane of which each output sees another place: `x` and `y` are where the first one looks, from
// the centre of the first sample. The steps go from there to where each of a group of outputs
// looks, in 1 / kOne of a sample.
struct WarpPlane {
  static constexpr int kOneBits = 20;
  static constexpr int kOne = 1 << kOneBits;
  static constexpr int kMostLanes = 16;

  const uint8_t* data = nullptr;
  int32_t stride = 0;  // the plane has less than 2 GiB
  double x = 0;
  double y = 0;
  double step_x = 0;  // to the next output, at most WarpJob::kMaxStep either way
  double step_y = 0;
  int32_t steps_x[kMostLanes] = {};
  int32_t steps_y[kMostLanes] = {};
};

struct WarpJob {
  static constexpr double kMaxStep = 64;
  RowJob row;          // no rows and no taps; at least as many outputs as fused_lookup().lanes
  WarpPlane plane[3];  // Y, U, V, or Y and both
};

// All places lie so far inside that there are eight bytes from the left sample of packed pixels on,
// and four from that of any other plane, and a row below.
void fused_warp(const WarpJob& job);

// What the kernel that fused_row runs wants its RowTaps to be like.
LookupShape fused_lookup();

}  // namespace weir::ops

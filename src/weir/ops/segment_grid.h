// The output of a segmentation, looked at place by place: the classes, their scores, and where the
// pixels of the source lie in it. What segment_decode is made of. Borrows the tensor. What is made
// is written over what was there, so that its memory is used again.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/ops/segment_decode.h"

namespace weir {

// Scores of classes, wherever they lie.
struct ScoreGrid {
  const float* data = nullptr;
  int classes = 0;
  int width = 0;
  int height = 0;
  std::ptrdiff_t class_step = 0;
  std::ptrdiff_t row_step = 0;
  std::ptrdiff_t column_step = 0;

  const float* at(int x, int y) const { return data + y * row_step + x * column_step; }
};

// The best class of each place, column by column: place (x, y) is x * height + y.
struct BestGrid {
  static constexpr int32_t kNone = -1;
  int width = 0;
  int height = 0;
  std::vector<int32_t> label;    // kNone: nothing there
  std::vector<float> score;      // of the best, 0 … 1; empty: 1 everywhere
  std::vector<uint8_t> certain;  // whether all scores are finite, so that they may be interpolated

  std::size_t place(int x, int y) const {
    return static_cast<std::size_t>(x) * static_cast<std::size_t>(height) +
           static_cast<std::size_t>(y);
  }
};

// Errors say what shape or type was found, and what is expected.
Result<ScoreGrid> score_grid(const TensorView& output, SegmentLayout layout);
Status label_grid(const TensorView& output, BestGrid& grid);
// Whether the scores still have to go through a softmax (of one plane: a sigmoid).
bool has_logits(const ScoreGrid& scores, ScoreKind kind);
void best_grid(const ScoreGrid& scores, bool logits, BestGrid& grid);
// The probabilities of one plane, column by column.
void probabilities(const ScoreGrid& scores, bool logits, std::vector<float>& values);

// Where the pixels of one side of the source lie in the output.
struct GridAxis {
  int begin = 0;  // the pixels that the input shows: begin … end - 1
  int end = 0;
  std::vector<int32_t> nearest;  // for each pixel of the source
  std::vector<int32_t> low;      // between it and the next
  std::vector<float> part;       // how far it is from low to the next; 0 at the last
};
// One side of a ResizePlan: what lies between `low` and `high` of `source` pixels takes the pixels
// from `first` on, `inner` of them, of an input of `input` pixels.
struct AxisPlan {
  int source = 0;
  double low = 0;
  double high = 0;
  int first = 0;
  int inner = 0;
  int input = 0;
};
// `output` is how many places the output has for that input.
void grid_axis(const AxisPlan& plan, int output, bool align_corners, GridAxis& axis);

}  // namespace weir

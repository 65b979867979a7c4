// Masks of many classes, built at once from runs of labels. Owned by one thread.
//
//   MaskRuns masks;              // kept from picture to picture: it grows and is never given back
//   masks.start(1280, 720);
//   masks.add(label, x, y1, y2, score_sum);      // column by column, from top to bottom
//   masks.findings(found);
#pragma once

#include <cstdint>
#include <vector>

#include "weir/data/finding.h"

namespace weir {

class MaskRuns {
 public:
  // Begins anew. Sides within Mask::kMaxSide.
  void start(int width, int height);

  // Rows y1 … y2 - 1 of column `x` have this label. Runs come in the order of COCO's pixels: by
  // column, then from top to bottom. `score_sum` is the sum of the pixels' scores.
  void add(int32_t label, int x, int y1, int y2, double score_sum);
  // Appends a finding for each label, with its mask of the whole picture, the box around that, and
  // the mean score; falling scores, ties by label.
  void findings(std::vector<Finding>& found) const;

 private:
  struct Runs {
    int32_t label = 0;
    std::vector<uint32_t> counts;
    uint32_t end = 0;  // of the last run
    int64_t area = 0;
    double score_sum = 0;
    int x1 = 0;
    int x2 = 0;
    int y1 = 0;
    int y2 = 0;
  };
  // Of a label that is there already, or is there from now on.
  Runs& runs_of(int32_t label);
  void add_finding(const Runs& runs, std::vector<Finding>& found) const;

  int width_ = 0;
  int height_ = 0;
  std::vector<Runs> labels_;  // the first used_ of them, as they came
  std::size_t used_ = 0;
  std::size_t last_ = 0;  // whom the last run was of
};

}  // namespace weir

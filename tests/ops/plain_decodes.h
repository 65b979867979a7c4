// The decodes of detectors once more, as plainly as they can be written: by their definitions, in
// double. Test-only.
#pragma once

#include <cmath>
#include <vector>

#include "tests/ops/plain_detections.h"
#include "weir/ops/ssd_anchors.h"

namespace weir::test {

using Proposals = std::vector<Proposal>;

// The best of `count` numbers that lie `step` apart; -1 if there is none.
inline int plain_best(const float* values, int count, int step = 1) {
  int best = -1;
  for (int i = 0; i < count; ++i) {
    if (std::isnan(values[i * step]) || values[i * step] == -kInfinity) continue;
    if (best < 0 || values[i * step] > values[best * step]) best = i;
  }
  return best;
}

inline Proposal around(double x, double y, double w, double h, float score, int label) {
  return {x - w / 2, y - h / 2, x + w / 2, y + h / 2, score, label};
}

inline Proposals plain_yolox(const float* row, int columns, int width, int height, float score,
                             bool decoded = false) {
  Proposals proposals;
  for (const int stride : {8, 16, 32}) {
    for (int y = 0; y < height / stride; ++y) {
      for (int x = 0; x < width / stride; ++x, row += columns) {
        const int label = plain_best(row + 5, columns - 5);
        if (label < 0 || !(row[4] >= score)) continue;
        const float sure = row[4] * row[5 + label];
        if (decoded) {
          proposals.push_back(around(row[0], row[1], row[2], row[3], sure, label));
        } else {
          proposals.push_back(around((double(row[0]) + x) * stride, (double(row[1]) + y) * stride,
                                     double(std::exp(row[2])) * stride,
                                     double(std::exp(row[3])) * stride, sure, label));
        }
      }
    }
  }
  return proposals;
}

struct PlainLevel {
  int stride;
  const float* scores;
  const float* sides;
};

inline Proposals plain_gfl(const std::vector<PlainLevel>& levels, int classes, int steps, int width,
                           int height) {
  Proposals proposals;
  for (const PlainLevel& level : levels) {
    const int columns = int(std::ceil(double(width) / level.stride));
    const int rows = int(std::ceil(double(height) / level.stride));
    for (int cell = 0; cell < rows * columns; ++cell) {
      const float* score = level.scores + cell * classes;
      const int label = plain_best(score, classes);
      if (label < 0) continue;
      double distance[4];
      for (int side = 0; side < 4; ++side) {
        const float* logit = level.sides + (cell * 4 + side) * steps;
        const double highest = *std::max_element(logit, logit + steps);
        double weights = 0, sum = 0;
        for (int k = 0; k < steps; ++k) {
          weights += std::exp(logit[k] - highest);
          sum += std::exp(logit[k] - highest) * k;
        }
        distance[side] = sum / weights * level.stride;
      }
      const double x = (cell % columns + 0.5) * level.stride;
      const double y = (cell / columns + 0.5) * level.stride;
      proposals.push_back({x - distance[0], y - distance[1], x + distance[2], y + distance[3],
                           score[label], label});
    }
  }
  return proposals;
}

inline Proposals plain_fastestdet(const float* map, int classes, int rows, int columns, int width,
                                  int height) {
  Proposals proposals;
  const int cells = rows * columns;
  for (int cell = 0; cell < cells; ++cell) {
    const auto channel = [&](int c) { return map[c * cells + cell]; };
    const int label = plain_best(map + 5 * cells + cell, classes, cells);
    if (label < 0) continue;
    const float score = std::pow(channel(0), 0.6F) * std::pow(channel(5 + label), 0.4F);
    proposals.push_back(around((cell % columns + std::tanh(double(channel(1)))) * width / columns,
                               (cell / columns + std::tanh(double(channel(2)))) * height / rows,
                               width / (1 + std::exp(-double(channel(3)))),
                               height / (1 + std::exp(-double(channel(4)))), score, label));
  }
  return proposals;
}

// With class 0 as the background, and scores that are logits.
inline Proposals plain_ssd(const float* boxes, const float* scores, int classes,
                           const std::vector<SsdAnchor>& anchors, int width, int height) {
  Proposals proposals;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const float* score = scores + i * std::size_t(classes);
    const int label = 1 + plain_best(score + 1, classes - 1);
    if (label < 1) continue;
    const float* offset = boxes + 4 * i;
    proposals.push_back(around((offset[1] / 10.0 * anchors[i].width + anchors[i].x) * width,
                               (offset[0] / 10.0 * anchors[i].height + anchors[i].y) * height,
                               double(std::exp(offset[3] / 5)) * anchors[i].width * width,
                               double(std::exp(offset[2] / 5)) * anchors[i].height * height,
                               1 / (1 + std::exp(-score[label])), label));
  }
  return proposals;
}

// A row a query. A label is a whole number from 0 on, and below `classes`.
inline Proposals plain_detr(const float* labels, const float* boxes, const float* scores,
                            int queries, int classes) {
  Proposals proposals;
  for (int i = 0; i < queries; ++i, boxes += 4) {
    const bool is_label = labels[i] >= 0 && labels[i] < float(classes);
    if (!is_label) continue;
    proposals.push_back({boxes[0], boxes[1], boxes[2], boxes[3], scores[i], int(labels[i])});
  }
  return proposals;
}

// Corners in shares of the input. The first of the columns is the background, and counts as none.
inline Proposals plain_ultraface(const float* scores, const float* boxes, int rows, int columns,
                                 int width, int height) {
  Proposals proposals;
  for (int i = 0; i < rows; ++i, scores += columns, boxes += 4) {
    const int label = plain_best(scores + 1, columns - 1);
    if (label < 0) continue;
    proposals.push_back({double(boxes[0]) * width, double(boxes[1]) * height,
                         double(boxes[2]) * width, double(boxes[3]) * height, scores[1 + label],
                         label});
  }
  return proposals;
}

}  // namespace weir::test

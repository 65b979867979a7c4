#include "weir/ops/segment_decode.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "weir/ops/mask_runs.h"
#include "weir/ops/segment_grid.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 3> kLayouts = {"nchw", "nhwc", "labels"};
constexpr std::array<std::string_view, 3> kUpscales = {"auto", "nearest", "bilinear"};

struct Axes {
  GridAxis x;
  GridAxis y;
};

// What a thread keeps from call to call.
struct Scratch {
  Axes axes;
  BestGrid grid;
  std::vector<float> values;
  MaskRuns masks;
};

Scratch& scratch_of_thread() {
  thread_local Scratch scratch;
  return scratch;
}

void make_axes(const ResizePlan& plan, int width, int height, bool align_corners, Axes& axes) {
  const AxisPlan x{plan.source_width, plan.region.x1,   plan.region.x2,
                   plan.left,         plan.inner_width, plan.width};
  const AxisPlan y{plan.source_height, plan.region.y1,    plan.region.y2,
                   plan.top,           plan.inner_height, plan.height};
  grid_axis(x, width, align_corners, axes.x);
  grid_axis(y, height, align_corners, axes.y);
}

// What is at a pixel of the source.
struct Seen {
  int32_t label = BestGrid::kNone;
  float score = 0;
};

// Walks over what is seen of the source, column by column; `look(x, y)` says what is there.
template <class Look>
void build_masks(const Axes& axes, const SegmentDecodeSpec& spec, MaskRuns& masks,
                 const Look& look) {
  for (int x = axes.x.begin; x < axes.x.end; ++x) {
    int32_t label = BestGrid::kNone;
    int start = axes.y.begin;
    double sum = 0;
    const auto close = [&](int end) {
      if (label < 0 || label == spec.background) return;
      masks.add(label + spec.first_label, x, start, end, sum);
    };
    for (int y = axes.y.begin; y < axes.y.end; ++y) {
      const Seen seen = look(static_cast<std::size_t>(x), static_cast<std::size_t>(y));
      if (seen.label != label) {
        close(y);
        label = seen.label;
        start = y;
        sum = 0;
      }
      sum += static_cast<double>(seen.score);
    }
    close(axes.y.end);
  }
}

// Between four places of the output.
struct Corners {
  std::array<std::size_t, 4> place;
  float x;  // from the left to the right
  float y;  // from the top to the bottom

  template <class Value>
  float mix(const Value& value) const {
    const float top = value(0) + (value(1) - value(0)) * x;
    const float bottom = value(2) + (value(3) - value(2)) * x;
    return top + (bottom - top) * y;
  }
};

struct CornerPlaces {
  int x1, x2, y1, y2;
};

CornerPlaces corner_places(const Axes& axes, std::size_t x, std::size_t y, int width, int height) {
  const int x1 = axes.x.low[x];
  const int y1 = axes.y.low[y];
  return {x1, std::min(x1 + 1, width - 1), y1, std::min(y1 + 1, height - 1)};
}

// The best class of the interpolated scores. Interpolation weighs all classes alike, so a class
// that is best at the four places around is best between them: only borders are computed.
class BilinearBest {
 public:
  BilinearBest(const ScoreGrid& scores, const BestGrid& grid, const Axes& axes)
      : scores_(scores), grid_(grid), axes_(axes) {}

  int32_t operator()(std::size_t x, std::size_t y, int32_t nearest) const {
    const CornerPlaces p = corner_places(axes_, x, y, grid_.width, grid_.height);
    const std::array<std::size_t, 4> place = {grid_.place(p.x1, p.y1), grid_.place(p.x2, p.y1),
                                              grid_.place(p.x1, p.y2), grid_.place(p.x2, p.y2)};
    const int32_t label = grid_.label[place[0]];
    if (grid_.label[place[1]] == label && grid_.label[place[2]] == label &&
        grid_.label[place[3]] == label) {
      return label;
    }
    for (const std::size_t i : place) {
      if (grid_.certain[i] == 0) return nearest;
    }
    const std::array<const float*, 4> at = {scores_.at(p.x1, p.y1), scores_.at(p.x2, p.y1),
                                            scores_.at(p.x1, p.y2), scores_.at(p.x2, p.y2)};
    return best(at, {place, axes_.x.part[x], axes_.y.part[y]});
  }

 private:
  int32_t best(const std::array<const float*, 4>& at, const Corners& corners) const {
    int32_t best = BestGrid::kNone;
    float value = -std::numeric_limits<float>::infinity();
    for (int c = 0; c < scores_.classes; ++c) {
      const float score = corners.mix([&](std::size_t i) { return at[i][c * scores_.class_step]; });
      if (score > value) {
        best = c;
        value = score;
      }
    }
    return best;
  }

  const ScoreGrid& scores_;
  const BestGrid& grid_;
  const Axes& axes_;
};

bool is_bilinear(const SegmentDecodeSpec& spec, const ResizePlan& plan, int width, int height) {
  if (spec.upscale != Upscale::kAuto) return spec.upscale == Upscale::kBilinear;
  return width < plan.width || height < plan.height;
}

void decode_best(const BestGrid& grid, const ScoreGrid* scores, const SegmentDecodeSpec& spec,
                 const ResizePlan& plan, Axes& axes, MaskRuns& masks) {
  make_axes(plan, grid.width, grid.height, spec.align_corners, axes);
  const auto nearest = [&](std::size_t x, std::size_t y) {
    const std::size_t place = grid.place(axes.x.nearest[x], axes.y.nearest[y]);
    return Seen{grid.label[place], grid.score.empty() ? 1 : grid.score[place]};
  };
  if (scores == nullptr || !is_bilinear(spec, plan, grid.width, grid.height)) {
    return build_masks(axes, spec, masks, nearest);
  }
  const BilinearBest bilinear(*scores, grid, axes);
  build_masks(axes, spec, masks, [&](std::size_t x, std::size_t y) {
    Seen seen = nearest(x, y);
    seen.label = bilinear(x, y, seen.label);
    return seen;
  });
}

void decode_plane(const ScoreGrid& scores, const SegmentDecodeSpec& spec, const ResizePlan& plan,
                  Scratch& scratch) {
  Axes& axes = scratch.axes;
  make_axes(plan, scores.width, scores.height, spec.align_corners, axes);
  std::vector<float>& values = scratch.values;
  probabilities(scores, has_logits(scores, spec.scores), values);
  const auto place = [&](int x, int y) {
    return static_cast<std::size_t>(x) * static_cast<std::size_t>(scores.height) +
           static_cast<std::size_t>(y);
  };
  const bool nearest = spec.upscale == Upscale::kNearest;
  build_masks(axes, spec, scratch.masks, [&](std::size_t x, std::size_t y) {
    float value;
    if (nearest) {
      value = values[place(axes.x.nearest[x], axes.y.nearest[y])];
    } else {
      const CornerPlaces p = corner_places(axes, x, y, scores.width, scores.height);
      const Corners corners{
          {place(p.x1, p.y1), place(p.x2, p.y1), place(p.x1, p.y2), place(p.x2, p.y2)},
          axes.x.part[x],
          axes.y.part[y]};
      value = corners.mix([&](std::size_t i) { return values[corners.place[i]]; });
    }
    return value >= spec.threshold ? Seen{0, value} : Seen{};
  });
}

template <class Enum, std::size_t N>
Result<Enum> parse(const std::array<std::string_view, N>& names, std::string_view text,
                   const std::string& what) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return Error(ErrorCode::kInvalidArgument, "unknown " + what + " '" + std::string(text) + "'", "",
               "write " + std::string(names[0]) + ", " + std::string(names[1]) + " or " +
                   std::string(names[2]));
}

}  // namespace

std::string_view name(SegmentLayout layout) {
  return kLayouts[static_cast<std::size_t>(layout)];
}
std::string_view name(Upscale upscale) {
  return kUpscales[static_cast<std::size_t>(upscale)];
}
Result<SegmentLayout> parse_segment_layout(std::string_view text) {
  return parse<SegmentLayout>(kLayouts, text, "layout of a segmentation");
}
Result<Upscale> parse_upscale(std::string_view text) {
  return parse<Upscale>(kUpscales, text, "way to enlarge masks");
}

Status segment_decode(const TensorView& output, const SegmentDecodeSpec& spec,
                      const ResizePlan& plan, std::vector<Finding>& found) {
  Scratch& scratch = scratch_of_thread();
  scratch.masks.start(plan.source_width, plan.source_height);
  if (spec.layout == SegmentLayout::kLabels) {
    WEIR_TRY(label_grid(output, scratch.grid));
    decode_best(scratch.grid, nullptr, spec, plan, scratch.axes, scratch.masks);
  } else {
    WEIR_ASSIGN(const ScoreGrid scores, score_grid(output, spec.layout));
    if (scores.classes == 1) {
      decode_plane(scores, spec, plan, scratch);
    } else {
      best_grid(scores, has_logits(scores, spec.scores), scratch.grid);
      decode_best(scratch.grid, &scores, spec, plan, scratch.axes, scratch.masks);
    }
  }
  scratch.masks.findings(found);
  return {};
}

Result<std::vector<Finding>> segment_decode(const TensorView& output, const SegmentDecodeSpec& spec,
                                            const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(segment_decode(output, spec, plan, found));
  return found;
}

}  // namespace weir

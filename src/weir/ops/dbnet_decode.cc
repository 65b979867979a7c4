#include "weir/ops/dbnet_decode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "weir/ops/patches.h"
#include "weir/ops/text_quad.h"

namespace weir {
namespace {

struct Map {
  const float* pixels = nullptr;
  int width = 0;
  int height = 0;
};

Result<Map> map_of(const TensorView& tensor) {
  const Shape& shape = tensor.shape;
  const std::size_t rank = shape.rank();
  bool fits = rank >= 2 && rank <= 4 && tensor.dtype == DType::kFloat32 && tensor.is_dense() &&
              tensor.device.is_cpu() && tensor.data != nullptr;
  for (std::size_t i = 0; fits && i < rank; ++i) {
    fits = i + 2 < rank ? shape[i] == 1 : shape[i] >= 1 && shape[i] <= (1 << 15);
  }
  if (fits) {
    return Map{tensor.as<float>(), static_cast<int>(shape[rank - 1]),
               static_cast<int>(shape[rank - 2])};
  }
  return Error(
      ErrorCode::kInvalidArgument,
      "the map of a text detector is " + std::string(name(tensor.dtype)) + " " + to_string(shape),
      "", "a dense float32 tensor of 1x1xHxW is expected");
}

// The pixels of row `y` whose centres are inside: between two pairs of parallel sides. A hair more,
// so that rounding does not lose the pixels on the edge.
struct RowPart {
  double low;
  double high;
  // |slope * x + offset| <= half
  void cut(double slope, double offset, double half) {
    constexpr double kHair = 1e-6;
    half += kHair;
    if (std::abs(slope) < 1e-12) {
      if (std::abs(offset) > half) high = -std::numeric_limits<double>::infinity();
      return;
    }
    const double a = (-half - offset) / slope;
    const double b = (half - offset) / slope;
    low = std::max(low, std::min(a, b));
    high = std::min(high, std::max(a, b));
  }
};

// The mean of the map inside of a rectangle; what is not a probability counts as the nearest one.
float mean_inside(const Map& map, const TurnedRect& rect) {
  double top = map.height;
  double bottom = 0;
  for (const Point& corner : rect.corners()) {
    top = std::min(top, corner.y);
    bottom = std::max(bottom, corner.y);
  }
  double sum = 0;
  int64_t count = 0;
  const int first = std::max(0, static_cast<int>(std::floor(top)));
  const int last = std::min(map.height - 1, static_cast<int>(std::ceil(bottom)));
  for (int y = first; y <= last; ++y) {
    const double dy = y - rect.centre.y;
    RowPart part{0, map.width - 1.0};
    part.cut(rect.cosine, dy * rect.sine - rect.centre.x * rect.cosine, rect.width / 2);
    part.cut(-rect.sine, dy * rect.cosine + rect.centre.x * rect.sine, rect.height / 2);
    if (!(part.low <= part.high)) continue;
    const float* row = map.pixels + static_cast<std::ptrdiff_t>(y) * map.width;
    for (int x = static_cast<int>(std::ceil(part.low)); x <= part.high; ++x) {
      if (std::isfinite(row[x])) sum += std::clamp(row[x], 0.0F, 1.0F);
      ++count;
    }
  }
  return count > 0 ? static_cast<float>(sum / static_cast<double>(count)) : 0;
}

// The numbers of the largest patches, in their own order.
void largest(const Patches& patches, std::size_t max_count, std::vector<std::size_t>& order) {
  order.resize(patches.patches.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() <= max_count) return;
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(max_count),
                   order.end(), [&](std::size_t a, std::size_t b) {
                     const int64_t left = patches.patches[a].pixels;
                     const int64_t right = patches.patches[b].pixels;
                     return left != right ? left > right : a < b;
                   });
  order.resize(max_count);
  std::sort(order.begin(), order.end());
}

// Network and training shrink text by about this; the rectangle grows back by it on every side.
void enlarge(TurnedRect& rect, double unclip) {
  const double by = unclip * rect.area() / (2 * (rect.width + rect.height));
  rect.width += 2 * by;
  rect.height += 2 * by;
}

bool is_large_enough(const TextQuad& quad, const Box& box, float side) {
  return quad.width() >= side && quad.height() >= side && box.width() > 0 && box.height() > 0;
}

// A rectangle that was enlarged beyond all measure has corners that no finding can hold.
bool fits_floats(const TextQuad& quad) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  return std::all_of(quad.corners.begin(), quad.corners.end(), [](const Point& corner) {
    return std::abs(corner.x) <= kLargest && std::abs(corner.y) <= kLargest;
  });
}

// A box that counts, and the patch that it came from.
struct Line {
  TextQuad quad;
  float score = 0;
  std::size_t patch = 0;
};

// What a thread keeps from call to call.
struct Scratch {
  Patches patches;
  std::vector<std::size_t> order;
  std::vector<Line> lines;
};

Scratch& scratch_of_thread() {
  thread_local Scratch scratch;
  return scratch;
}

// Nothing where the patch is no text.
std::optional<Line> line_of(const Map& map, std::span<const PatchRun> patch,
                            const DbnetDecodeSpec& spec, const Affine& map_to_source) {
  TurnedRect rect = smallest_rect(patch);
  if (std::min(rect.width, rect.height) < spec.min_side) return std::nullopt;
  const float score = mean_inside(map, rect);
  if (score < spec.score) return std::nullopt;
  enlarge(rect, spec.unclip);
  if (std::min(rect.width, rect.height) < spec.min_side + 2) return std::nullopt;
  Line line{{rect.corners()}, score, 0};
  for (Point& corner : line.quad.corners) {
    corner = map_to_source.apply(Point{corner.x + 0.5, corner.y + 0.5});
  }
  line.quad = read_along(line.quad.corners);
  if (!fits_floats(line.quad)) return std::nullopt;
  return line;
}

}  // namespace

Status dbnet_decode(const TensorView& tensor, const DbnetDecodeSpec& spec,
                    const Affine& map_to_source, int source_width, int source_height,
                    std::vector<Finding>& found) {
  WEIR_ASSIGN(const Map map, map_of(tensor));
  auto& [patches, order, lines] = scratch_of_thread();
  find_patches(map.pixels, map.width, map.height, spec.bin, patches);
  largest(patches, spec.max_count, order);
  lines.clear();
  for (const std::size_t p : order) {
    if (auto line = line_of(map, patches.of(p), spec, map_to_source)) {
      line->patch = p;
      lines.push_back(*line);
    }
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return a.score != b.score ? a.score > b.score : a.patch < b.patch;
  });
  for (const Line& line : lines) {
    Finding finding;
    set_quad(finding, line.quad, source_width, source_height);
    if (!is_large_enough(line.quad, *finding.box, spec.min_source_side)) continue;
    finding.best = ClassScore{0, line.score};
    found.push_back(std::move(finding));
  }
  return {};
}

Result<std::vector<Finding>> dbnet_decode(const TensorView& tensor, const DbnetDecodeSpec& spec,
                                          const Affine& map_to_source, int source_width,
                                          int source_height) {
  std::vector<Finding> found;
  WEIR_TRY(dbnet_decode(tensor, spec, map_to_source, source_width, source_height, found));
  return found;
}

}  // namespace weir

#include "weir/ops/patches.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace weir {
namespace {

// Union-find over runs, in which a root is the lowest of its set.
class Sets {
 public:
  void clear() { parent_.clear(); }
  int32_t add() {
    parent_.push_back(static_cast<int32_t>(parent_.size()));
    return parent_.back();
  }
  int32_t root(int32_t i) {
    while (parent_[index(i)] != i) {
      parent_[index(i)] = parent_[index(parent_[index(i)])];
      i = parent_[index(i)];
    }
    return i;
  }
  void join(int32_t a, int32_t b) {
    a = root(a);
    b = root(b);
    parent_[index(std::max(a, b))] = std::min(a, b);
  }

 private:
  static std::size_t index(int32_t i) { return static_cast<std::size_t>(i); }
  std::vector<int32_t> parent_;
};

// Comparisons with NaN are false; what is above the largest number is infinite.
bool is_inside(float value, float threshold) {
  return value >= threshold && value <= std::numeric_limits<float>::max();
}

// Appends the runs of row `y`, each a set of its own.
void add_runs(const float* row, int width, int y, float threshold, std::vector<PatchRun>& runs,
              Sets& sets) {
  for (int x = 0; x < width; ++x) {
    if (!is_inside(row[x], threshold)) continue;
    const int first = x;
    while (x + 1 < width && is_inside(row[x + 1], threshold)) ++x;
    runs.push_back({y, first, x, sets.add()});
  }
}

// Joins the runs of two rows that follow each other, [above, here) and [here, end).
void join_rows(const std::vector<PatchRun>& runs, std::size_t above, std::size_t here, Sets& sets) {
  for (std::size_t i = here; i < runs.size(); ++i) {
    while (above < here && runs[above].x2 + 1 < runs[i].x1) ++above;
    for (std::size_t k = above; k < here && runs[k].x1 <= runs[i].x2 + 1; ++k) {
      sets.join(runs[k].patch, runs[i].patch);
    }
  }
}

struct Pixel {
  double x = 0;
  double y = 0;
};

double cross(const Pixel& o, const Pixel& a, const Pixel& b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

// The hull of points that are sorted by y, then x; it begins with the first of them.
void hull_of(const std::vector<Pixel>& points, std::vector<Pixel>& hull) {
  hull.clear();
  const auto add = [&](const Pixel& point, std::size_t keep) {
    while (hull.size() >= keep + 2 &&
           cross(hull[hull.size() - 2], hull[hull.size() - 1], point) <= 0) {
      hull.pop_back();
    }
    hull.push_back(point);
  };
  for (const Pixel& point : points) add(point, 0);
  const std::size_t keep = hull.size() - 1;
  for (std::size_t i = points.size() - 1; i-- > 0;) add(points[i], keep);
  if (hull.size() > 1) hull.pop_back();  // the first once more
}

// The ends of the runs: all that a hull can touch. Ends of a run of one pixel are one point.
void ends_of(std::span<const PatchRun> patch, std::vector<Pixel>& points) {
  points.clear();
  for (std::size_t i = 0; i < patch.size();) {
    const int32_t y = patch[i].y;
    int32_t low = patch[i].x1;
    int32_t high = patch[i].x2;
    for (; i < patch.size() && patch[i].y == y; ++i) {
      low = std::min(low, patch[i].x1);
      high = std::max(high, patch[i].x2);
    }
    points.push_back({static_cast<double>(low), static_cast<double>(y)});
    if (high > low) points.push_back({static_cast<double>(high), static_cast<double>(y)});
  }
}

// The rectangle around the hull of which one side runs along (cosine, sine).
TurnedRect rect_along(const std::vector<Pixel>& hull, double cosine, double sine) {
  constexpr double kHuge = std::numeric_limits<double>::max();
  double u1 = kHuge;
  double u2 = -kHuge;
  double v1 = kHuge;
  double v2 = -kHuge;
  for (const Pixel& p : hull) {
    const double u = p.x * cosine + p.y * sine;
    const double v = p.y * cosine - p.x * sine;
    u1 = std::min(u1, u);
    u2 = std::max(u2, u);
    v1 = std::min(v1, v);
    v2 = std::max(v2, v);
  }
  const double u = (u1 + u2) / 2;
  const double v = (v1 + v2) / 2;
  return {{u * cosine - v * sine, u * sine + v * cosine}, u2 - u1, v2 - v1, cosine, sine};
}

// What a thread keeps from call to call.
struct Scratch {
  std::vector<PatchRun> runs;
  Sets sets;
  std::vector<int32_t> numbers;
  std::vector<std::size_t> next;
  std::vector<Pixel> points;
  std::vector<Pixel> hull;
};

Scratch& scratch_of_thread() {
  thread_local Scratch scratch;
  return scratch;
}

}  // namespace

void find_patches(const float* pixels, int width, int height, float threshold, Patches& found) {
  Scratch& scratch = scratch_of_thread();
  std::vector<PatchRun>& runs = scratch.runs;
  Sets& sets = scratch.sets;
  std::vector<int32_t>& numbers = scratch.numbers;
  std::vector<std::size_t>& next = scratch.next;
  runs.clear();
  sets.clear();
  std::size_t above = 0;
  for (int y = 0; y < height; ++y) {
    const std::size_t here = runs.size();
    add_runs(pixels + static_cast<std::ptrdiff_t>(y) * width, width, y, threshold, runs, sets);
    join_rows(runs, above, here, sets);
    above = here;
  }
  // A root is the lowest of its set, so it is met first: numbers follow the first pixels.
  numbers.assign(runs.size(), 0);
  found.patches.clear();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto root = static_cast<std::size_t>(sets.root(static_cast<int32_t>(i)));
    if (root == i) {
      numbers[i] = static_cast<int32_t>(found.patches.size());
      found.patches.emplace_back();
    }
    runs[i].patch = numbers[root];
    Patches::Range& range = found.patches[static_cast<std::size_t>(runs[i].patch)];
    ++range.count;
    range.pixels += runs[i].x2 - runs[i].x1 + 1;
  }
  std::size_t first = 0;
  next.resize(found.patches.size());
  for (std::size_t p = 0; p < next.size(); ++p) {
    next[p] = found.patches[p].first = first;
    first += found.patches[p].count;
  }
  found.runs.resize(runs.size());
  for (const PatchRun& run : runs) found.runs[next[static_cast<std::size_t>(run.patch)]++] = run;
}

Patches find_patches(const float* pixels, int width, int height, float threshold) {
  Patches found;
  find_patches(pixels, width, height, threshold, found);
  return found;
}

std::array<Point, 4> TurnedRect::corners() const {
  const Point along{width / 2 * cosine, width / 2 * sine};
  const Point across{-height / 2 * sine, height / 2 * cosine};
  return {{{centre.x - along.x - across.x, centre.y - along.y - across.y},
           {centre.x + along.x - across.x, centre.y + along.y - across.y},
           {centre.x + along.x + across.x, centre.y + along.y + across.y},
           {centre.x - along.x + across.x, centre.y - along.y + across.y}}};
}

TurnedRect smallest_rect(std::span<const PatchRun> patch) {
  Scratch& scratch = scratch_of_thread();
  ends_of(patch, scratch.points);
  hull_of(scratch.points, scratch.hull);
  const std::vector<Pixel>& hull = scratch.hull;
  TurnedRect best = rect_along(hull, 1, 0);
  // One of the sides of the smallest lies on an edge of the hull. The factor keeps the choice
  // between equals from hanging on rounding.
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const Pixel& a = hull[i];
    const Pixel& b = hull[(i + 1) % hull.size()];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (length <= 0) continue;
    const TurnedRect rect = rect_along(hull, (b.x - a.x) / length, (b.y - a.y) / length);
    if (rect.area() < best.area() * (1 - 1e-9)) best = rect;
  }
  return best;
}

}  // namespace weir

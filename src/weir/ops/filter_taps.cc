#include "weir/ops/filter_taps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace weir {

std::string_view name(ResizeFilter filter) {
  constexpr std::array<std::string_view, 5> kNames = {"nearest", "bilinear", "area", "bicubic",
                                                      "lanczos"};
  return kNames[static_cast<std::size_t>(filter)];
}

namespace ops {
namespace {

double cubic(double x) {
  constexpr double kA = -0.5;
  x = std::abs(x);
  if (x < 1) return ((kA + 2) * x - (kA + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * kA;
  return 0;
}

double sinc(double x) {
  if (x == 0) return 1;
  return std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

double lanczos(double x) {
  return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

double triangle(double x) {
  return std::max(0.0, 1 - std::abs(x));
}

}  // namespace

void FilterTaps::add_area(double from, double to) {
  const int last_sample = columns_.samples - 1;
  const int first = static_cast<int>(std::clamp(std::floor(from), 0.0, double(last_sample)));
  const int last =
      std::max(first, static_cast<int>(std::clamp(std::ceil(to) - 1, 0.0, double(last_sample))));
  first_.push_back(first);
  for (int k = first; k <= last; ++k) {
    // What lies outside is the border's.
    const double low = k == first ? from : k;
    const double high = k == last ? to : k + 1.0;
    made_.push_back((high - low) / (to - from));
  }
}

// Those samples whose centres lie within the support, whose weights are made to sum up to one.
void FilterTaps::add_kernel(double centre, double support, double (*kernel)(double)) {
  const double scale = std::max(std::abs(columns_.step), 1.0);
  const double at = std::clamp(centre, 0.0, double(columns_.samples));
  const int first =
      std::clamp(static_cast<int>(at - support * scale + 0.5), 0, columns_.samples - 1);
  const int end =
      std::clamp(static_cast<int>(at + support * scale + 0.5), first + 1, columns_.samples);
  first_.push_back(first);
  const std::size_t begin = made_.size();
  double sum = 0;
  for (int k = first; k < end; ++k) {
    made_.push_back(kernel((k + 0.5 - at) / scale));
    sum += made_.back();
  }
  for (std::size_t i = begin; i < made_.size(); ++i) made_[i] /= sum;
}

void FilterTaps::add(double centre) {
  const double last = columns_.samples - 1;
  switch (filter_) {
    case ResizeFilter::kNearest:
      // A centre between two samples takes the later, however it was rounded.
      first_.push_back(static_cast<int>(std::clamp(std::floor(centre + 1e-6), 0.0, last)));
      made_.push_back(1);
      return;
    case ResizeFilter::kBilinear: {
      const double at = std::clamp(centre - 0.5, 0.0, last);
      first_.push_back(static_cast<int>(at));
      made_.push_back(triangle(at - first_.back()));
      if (first_.back() < last) made_.push_back(at - first_.back());
      return;
    }
    case ResizeFilter::kArea: {
      const double half = std::abs(columns_.step) / 2;
      return add_area(centre - half, centre + half);
    }
    case ResizeFilter::kBicubic:
      return add_kernel(centre, 2, cubic);
    case ResizeFilter::kLanczos:
      return add_kernel(centre, 3, lanczos);
  }
}

void FilterTaps::make(const Columns& columns, ResizeFilter filter) {
  if (columns == columns_ && filter == filter_) return;
  columns_ = columns;
  filter_ = filter;
  first_.clear();
  made_.clear();
  ends_.clear();
  taps_ = 1;
  for (int i = 0; i < columns.count; ++i) {
    const std::size_t begin = made_.size();
    add(columns.from + i * columns.step);
    ends_.push_back(made_.size());
    taps_ = std::max(taps_, static_cast<int>(made_.size() - begin));
  }
  stride_ = static_cast<std::size_t>((taps_ + kQuad - 1) / kQuad * kQuad);
  weights_.assign(stride_ * first_.size(), 0);
  for (std::size_t i = 0; i < first_.size(); ++i)
    set(i, i == 0 ? 0 : static_cast<int>(ends_[i - 1]));
}

// Where fewer samples than the most are left in the row, the first ones weigh nothing.
void FilterTaps::set(std::size_t output, int from) {
  const int first = std::min(first_[output], columns_.samples - taps_);
  const int skipped = first_[output] - first;
  first_[output] = first;
  float* const to = weights_.data() + output * stride_ + skipped;
  std::copy(made_.begin() + from, made_.begin() + static_cast<std::ptrdiff_t>(ends_[output]), to);
}

}  // namespace ops
}  // namespace weir

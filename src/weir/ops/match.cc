#include "weir/ops/match.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

// In double, so that long embeddings of small numbers lose nothing.
double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

// One embedding that is compared with many: its length is only looked at once.
class Query {
 public:
  explicit Query(std::span<const float> values)
      : values_(values), length_(std::sqrt(dot(values, values))) {}

  // Nothing where the two cannot be compared.
  std::optional<double> similarity(std::span<const float> other) const {
    if (values_.size() != other.size()) return std::nullopt;
    const double lengths = length_ * std::sqrt(dot(other, other));
    const double both = dot(values_, other);
    if (!(lengths > 0) || !std::isfinite(lengths) || !std::isfinite(both)) return std::nullopt;
    return std::clamp(both / lengths, -1.0, 1.0);
  }

 private:
  std::span<const float> values_;
  double length_;
};

}  // namespace

bool l2_normalise(std::span<float> embedding) {
  const double length = std::sqrt(dot(embedding, embedding));
  if (!(length > 0) || !std::isfinite(length)) return false;
  for (float& value : embedding) value = static_cast<float>(double{value} / length);
  return true;
}

double cosine(std::span<const float> a, std::span<const float> b) {
  return Query(a).similarity(b).value_or(0);
}

std::optional<Match> best_match(std::span<const float> query,
                                std::span<const std::vector<float>> list, double least) {
  const Query wanted(query);
  std::optional<Match> best;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::optional<double> same = wanted.similarity(list[i]);
    if (same && *same >= least && (!best || *same > best->similarity)) best = Match{i, *same};
  }
  return best;
}

std::vector<Match> best_matches(std::span<const float> query,
                                std::span<const std::vector<float>> list, double least,
                                std::size_t count) {
  const Query wanted(query);
  std::vector<Match> found;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::optional<double> same = wanted.similarity(list[i]);
    if (same && *same >= least) found.push_back({i, *same});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Match& a, const Match& b) { return a.similarity > b.similarity; });
  if (found.size() > count) found.resize(count);
  return found;
}

}  // namespace weir

#include "weir/base/nearest_name.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kMaxCompared = 64;
constexpr std::size_t kMaxListed = 12;

char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '-' ? '_' : c;
}

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = folded(c);
  return out;
}

std::size_t near_enough(std::size_t longer) {
  return std::clamp<std::size_t>(longer / 3, 1, 3);
}

}  // namespace

// Three rows of the usual table are enough: the swap looks two rows back.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::optional<std::string> nearest_name(std::string_view wanted,
                                        const std::vector<std::string>& known) {
  if (wanted.empty() || wanted.size() > kMaxCompared) return std::nullopt;
  const std::string from = folded(wanted);
  const std::string* best = nullptr;
  std::size_t best_distance = kMaxCompared;
  for (const std::string& name : known) {
    if (name.empty() || name.size() > kMaxCompared) continue;
    const std::size_t distance = edit_distance(from, folded(name));
    if (distance > near_enough(std::max(name.size(), wanted.size()))) continue;
    if (distance >= std::max(name.size(), wanted.size())) continue;  // nothing in common
    if (distance < best_distance) {
      best_distance = distance;
      best = &name;
    }
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::string hint_for_name(std::string_view wanted, const std::vector<std::string>& known) {
  if (auto near = nearest_name(wanted, known)) return "did you mean '" + *near + "'?";
  if (known.empty()) return {};
  const std::size_t listed = std::min(known.size(), kMaxListed);
  const std::size_t more = known.size() - listed;
  std::string text = known.size() == 1 ? "known is " : "known are ";
  for (std::size_t i = 0; i < listed; ++i) {
    if (i > 0) text += (i + 1 == listed && more == 0) ? " and " : ", ";
    text += "'" + known[i] + "'";
  }
  if (more > 0) text += " and " + std::to_string(more) + " more";
  return text;
}

}  // namespace weir

// How alike embeddings are, and who in a list is the nearest.
//
//   const double same = cosine(face.embedding, other.embedding);          // -1 … 1
//   const std::optional<Match> who = best_match(face.embedding, people, 0.4);
//   if (who) name = names[who->index];
//
// Embeddings of the families are L2-normalised, but nothing here asks that of them. What is empty,
// of another length, all zeros or not finite is like nothing: its cosine is 0 and it never matches.
// Deterministic: of equals the first. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace weir {

// Divides by the length. False, and nothing is changed, if there is none (all zeros, or a number
// that is not finite).
bool l2_normalise(std::span<float> embedding);

double cosine(std::span<const float> a, std::span<const float> b);

struct Match {
  std::size_t index = 0;  // in the list
  double similarity = 0;  // the cosine
  bool operator==(const Match&) const = default;
};

// The most alike of those that are at least `least` alike; nothing if there is none.
std::optional<Match> best_match(std::span<const float> query,
                                std::span<const std::vector<float>> list, double least);
// The `count` most alike of them, falling.
std::vector<Match> best_matches(std::span<const float> query,
                                std::span<const std::vector<float>> list, double least,
                                std::size_t count);

}  // namespace weir

#include "weir/ops/track/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace weir {
namespace {

using Costs = std::vector<std::vector<float>>;

// The least sum of (cost - limit) over all ways to match rows to columns, by trying every way.
double best_by_force(const Costs& costs, float limit, std::size_t row, std::vector<char>& taken) {
  if (row == costs.size()) return 0;
  double best = best_by_force(costs, limit, row + 1, taken);
  for (std::size_t column = 0; column < taken.size(); ++column) {
    if (taken[column] != 0 || !(costs[row][column] < limit)) continue;
    taken[column] = 1;
    best = std::min(best, static_cast<double>(costs[row][column]) - static_cast<double>(limit) +
                              best_by_force(costs, limit, row + 1, taken));
    taken[column] = 0;
  }
  return best;
}

double solve(Assignment& assignment, const Costs& costs, std::size_t columns, float limit) {
  assignment.begin(static_cast<int>(costs.size()), static_cast<int>(columns), limit);
  for (std::size_t row = 0; row < costs.size(); ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      assignment.add(static_cast<int>(row), static_cast<int>(column), costs[row][column]);
    }
  }
  assignment.solve();
  double sum = 0;
  for (std::size_t row = 0; row < costs.size(); ++row) {
    const int column = assignment.column_of(static_cast<int>(row));
    if (column == Assignment::kUnmatched) continue;
    EXPECT_EQ(assignment.row_of(column), static_cast<int>(row));
    EXPECT_LT(costs[row][column], limit);
    sum += static_cast<double>(costs[row][column]) - static_cast<double>(limit);
  }
  return sum;
}

TEST(Assignment, IsAsGoodAsTheBestOfAllWays) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> size(0, 6);
  std::uniform_int_distribution<int> level(0, 12);  // few levels: many ties
  Assignment assignment;
  for (int round = 0; round < 3000; ++round) {
    const std::size_t rows = size(random);
    const std::size_t columns = size(random);
    Costs costs(rows, std::vector<float>(columns));
    for (auto& row : costs) {
      for (float& cost : row) cost = static_cast<float>(level(random)) / 10;
    }
    std::vector<char> taken(columns, 0);
    const double best = best_by_force(costs, 0.8F, 0, taken);
    ASSERT_NEAR(solve(assignment, costs, columns, 0.8F), best, 1e-6) << "round " << round;
  }
}

TEST(Assignment, NeverMatchesAtOrAboveTheLimitNorNaN) {
  Assignment assignment;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  solve(assignment, {{0.8F, 0.9F, nan}}, 3, 0.8F);
  EXPECT_EQ(assignment.column_of(0), Assignment::kUnmatched);
}

TEST(Assignment, EmptySidesAreUnmatched) {
  Assignment assignment;
  assignment.begin(0, 3, 0.5F);
  assignment.solve();
  EXPECT_EQ(assignment.row_of(2), Assignment::kUnmatched);
  assignment.begin(2, 0, 0.5F);
  assignment.solve();
  EXPECT_EQ(assignment.column_of(1), Assignment::kUnmatched);
}

}  // namespace
}  // namespace weir

// A vector to compare, made of arbitrary tensors, has the length 1 and is like itself, or there is
// an Error; and the nearest of a list of arbitrary ones is told in order.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "tests/ops/arbitrary_input.h"
#include "weir/model/family/vector_output.h"
#include "weir/ops/match.h"

namespace weir {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<float> any_vector(test::ArbitraryInput& input) {
  std::vector<float> values(static_cast<std::size_t>(input.below(9)));
  for (float& value : values) value = input.number();
  return values;
}

void check_vector(const std::vector<float>& vector) {
  double sum = 0;
  for (const float value : vector) sum += double{value} * value;
  require(std::fabs(sum - 1) < 1e-3);
  require(std::fabs(cosine(vector, vector) - 1) < 1e-3);
}

void check_matches(const std::vector<float>& query, test::ArbitraryInput& input) {
  std::vector<std::vector<float>> list(static_cast<std::size_t>(input.below(8)));
  for (std::vector<float>& one : list) one = any_vector(input);
  const double least = static_cast<double>(input.below(32)) / 16 - 1;
  const auto count = static_cast<std::size_t>(input.below(8));
  const std::vector<Match> matches = best_matches(query, list, least, count);
  require(matches.size() <= count);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    require(matches[i].index < list.size() && matches[i].similarity >= least);
    require(std::fabs(matches[i].similarity) <= 1 + 1e-6);
    if (i > 0) require(matches[i].similarity <= matches[i - 1].similarity);
  }
  const auto best = best_match(query, list, least);
  if (count > 0) require(best.has_value() == !matches.empty());
  if (best && count > 0) require(*best == matches[0]);
}

}  // namespace
}  // namespace weir

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace weir;
  test::ArbitraryInput input({data, size});
  const TensorView output = input.tensor({1, input.below(9)});
  std::vector<Finding> found;
  const Status read = family::read_vector(output, found);
  require(found.size() == (read ? 1U : 0U));
  if (read) check_vector(found[0].embedding);
  check_matches(read ? found[0].embedding : any_vector(input), input);
  return 0;
}

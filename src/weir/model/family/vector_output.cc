#include "weir/model/family/vector_output.h"

#include <cstdint>
#include <string>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/match.h"
#include "weir/ops/tensor_check.h"

namespace weir::family {

Status expect_vector(const FamilyContext& context) {
  const std::string expects = "one float32 output 1xN, a vector";
  WEIR_TRY(expect_tensors(context, 1, expects));
  const TensorInfo& output = context.model().outputs()[0];
  if (output.any_rank) return {};
  // Of 1x128x1x1 too, but not of a map.
  int long_axes = 0;
  for (std::size_t i = 1; i < output.shape.rank(); ++i) long_axes += output.shape[i] != 1 ? 1 : 0;
  if (output.shape.rank() >= 2 && long_axes == 1) return {};
  return context.mismatch(outputs_are(context.model()), expects);
}

Status read_vector(const TensorView& output, std::vector<Finding>& found) {
  if (!ops::is_readable(output))
    return ops::unexpected("the numbers of an embedding", output, "a dense float32 tensor");
  const auto count = output.shape.elements();
  if (!count) return count.error();
  const float* values = output.as<float>();
  Finding finding;
  finding.embedding.assign(values, values + *count);
  if (!l2_normalise(finding.embedding)) {
    return Error(ErrorCode::kCorrupt, "the embedding is all zeros, or not finite");
  }
  found.push_back(std::move(finding));
  return {};
}

}  // namespace weir::family

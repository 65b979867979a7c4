// The output of a classifier as a finding: the best class, and the next ones.
//
//   WEIR_ASSIGN(const auto found, classify_decode(output, {.top = 3}));
//
// Reads the tensor where it lies. What is not finite is no score. Equal scores come in the order of
// their classes. Pure function: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"

namespace weir {

// What the numbers of the output are.
enum class ScoreKind : uint8_t {
  kAuto,           // probabilities if they look like it (0 … 1, and 1 in sum), else logits
  kProbabilities,  // taken as they are
  kLogits,         // one class of all: through a softmax
  kSigmoid,        // logits of classes that may be there together: each through a sigmoid
};
// "auto", "probabilities", "logits", "sigmoid".
std::string_view name(ScoreKind kind);
Result<ScoreKind> parse_score_kind(std::string_view text);

struct ClassifySpec {
  ScoreKind kind = ScoreKind::kAuto;
  std::size_t top = 5;  // classes in the finding; 0: all
  float score = 0;      // classes below this are left out
  int32_t skipped = 0;  // leading outputs that are no class of the labels, such as a background
};

// `output` is dense float32 in host memory with one number a class, whatever sizes of 1 are around
// it ([1,C], [1,C,1,1]). The label id is the number of the output, less `skipped`; what is skipped
// takes part in the softmax. One finding, or none if no class is left.
Result<std::vector<Finding>> classify_decode(const TensorView& output, const ClassifySpec& spec);
// The same, added to `found`.
Status classify_decode(const TensorView& output, const ClassifySpec& spec,
                       std::vector<Finding>& found);

}  // namespace weir

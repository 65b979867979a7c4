// The model of the fake back end: a few lines of text that say what goes in and what comes out.
//
//   weir-fake 1
//   input  x float32 ?x3
//   input  w float32 ?x3
//   output y = add x w            element by element; sizes of one input or the other may be 1
//   output z = scale x 2 0.5      x * 2 + 0.5
//   output i = identity x
//   output n = nonzero x          int64 [count, rank]: its size depends on the data
//   delay_ms 3                    of the injected clock, per run
//   max_batch 1                   a dynamic batch that the file promises and the model refuses
//   meta author somebody
//
// `#` begins a comment; names are anything without a space. Arithmetic is done in double, in the
// order of the elements, so equal inputs give equal bits. Values; pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"

namespace weir {

struct FakeOutput {
  enum class Op : uint8_t { kIdentity, kAdd, kScale, kNonzero };
  Op op = Op::kIdentity;
  std::size_t a = 0;  // numbers of inputs
  std::size_t b = 0;
  double factor = 1;
  double offset = 0;
};

struct FakeGraph {
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::vector<FakeOutput> ops;  // one per output
  std::map<std::string, std::string> metadata;
  double delay_ms = 0;
  int64_t max_batch = 0;  // 0: no limit

  Status check_batch(const Shape& shape) const;
};

// `where` names the text in errors, to which the line is added.
Result<FakeGraph> parse_fake_graph(std::string_view text, const std::string& where);

}  // namespace weir

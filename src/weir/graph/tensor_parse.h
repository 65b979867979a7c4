// The part of the ONNX reader that reads tensors: their type and shape, where their data lies, and
// the elements of small ones. Used by onnx_parse.cc only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/graph/onnx_model.h"
#include "weir/graph/wire.h"

namespace weir::graph {

// What is left of the bounds on one file.
class ParseBudget {
 public:
  Status take(std::size_t objects);
  Status take_text(std::size_t bytes);
  Status take_numbers(std::size_t count);

 private:
  std::size_t objects_ = kMaxObjects;
  std::size_t text_ = kMaxTotalText;
  std::size_t numbers_ = kMaxNumbers;
};

class TensorParser {
 public:
  // Borrows both for its own life.
  TensorParser(ByteSource& source, ParseBudget& budget) : source_(source), budget_(budget) {}

  // `name` may be null. Oddities are added to `notes`.
  Result<ParsedTensor> read(ByteRange range, std::string* name, std::vector<std::string>& notes);

  // Repeated numbers: the first kMaxKept are kept, all are counted.
  Status read_integers(const Field& field, std::vector<int64_t>& to, uint64_t& count);
  Status read_reals(const Field& field, std::vector<double>& to, uint64_t& count);
  static Status read_float(const Field& field, float& to);

 private:
  struct Parts;
  Status read_part(const Field& field, Parts& parts);
  Status read_external(ByteRange range, Parts& parts);
  Status finish(Parts& parts, std::vector<std::string>& notes);
  Status decode_raw(Parts& parts);

  ByteSource& source_;
  ParseBudget& budget_;
};

}  // namespace weir::graph

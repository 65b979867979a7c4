#include "weir/backend/fake/fake_graph.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "weir/base/nearest_name.h"

namespace weir {
namespace {

using Words = std::vector<std::string>;
constexpr std::string_view kHeader = "weir-fake 1";
constexpr std::size_t kMaxTensors = 256;

Words split(std::string_view line) {
  Words words;
  line = line.substr(0, line.find('#'));
  while (true) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) return words;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

Result<double> number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0' || !std::isfinite(value)) {
    return Error(ErrorCode::kCorrupt, "'" + text + "' is not a number");
  }
  return value;
}

// The shape that adding two declared shapes gives: as broadcasting does, -1 where either is open.
Shape added(const Shape& a, const Shape& b) {
  if (a.rank() != b.rank()) return a.rank() > b.rank() ? a : b;
  Shape sum = a;
  for (std::size_t i = 0; i < a.rank(); ++i) {
    if (a[i] == 1) sum[i] = b[i];
    if (a[i] != 1 && b[i] != 1 && a[i] != b[i]) sum[i] = Shape::kDynamic;
  }
  return sum;
}

class Parser {
 public:
  Status line(const Words& words) {
    const std::string& word = words[0];
    if (word == "input" && words.size() == 4) return input(words);
    if (word == "output" && words.size() >= 5 && words[2] == "=") return output(words);
    if (word == "meta" && words.size() >= 2) return meta(words);
    if (word == "delay_ms" && words.size() == 2) {
      WEIR_ASSIGN(graph.delay_ms, number(words[1]));
      return {};
    }
    if (word == "max_batch" && words.size() == 2) {
      WEIR_ASSIGN(const double limit, number(words[1]));
      if (limit < 0 || limit > 1e9) return Error(ErrorCode::kCorrupt, "a max_batch out of range");
      graph.max_batch = static_cast<int64_t>(limit);
      return {};
    }
    return Error(ErrorCode::kCorrupt, "a line that begins with '" + word + "' and is not complete",
                 "", hint_for_name(word, {"input", "output", "meta", "delay_ms", "max_batch"}));
  }

  FakeGraph graph;

 private:
  Status input(const Words& words) {
    TensorInfo info;
    info.name = words[1];
    WEIR_ASSIGN(info.dtype, parse_dtype(words[2]));
    WEIR_ASSIGN(info.shape, parse_shape(words[3]));
    if (graph.inputs.size() == kMaxTensors) return Error(ErrorCode::kCorrupt, "too many inputs");
    graph.inputs.push_back(info);
    return {};
  }

  Result<std::size_t> find(const std::string& name) const {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
      if (graph.inputs[i].name == name) return i;
      known.push_back(graph.inputs[i].name);
    }
    return Error(ErrorCode::kCorrupt, "no input '" + name + "'", "", hint_for_name(name, known));
  }

  Status output(const Words& words) {
    const std::string& op = words[3];
    FakeOutput output;
    WEIR_ASSIGN(output.a, find(words[4]));
    TensorInfo info = graph.inputs[output.a];
    info.name = words[1];
    if (op == "identity" && words.size() == 5) {
      output.op = FakeOutput::Op::kIdentity;
    } else if (op == "add" && words.size() == 6) {
      output.op = FakeOutput::Op::kAdd;
      WEIR_ASSIGN(output.b, find(words[5]));
      if (graph.inputs[output.b].dtype != info.dtype) {
        return Error(ErrorCode::kCorrupt, "add needs two inputs of one element type");
      }
      info.shape = added(info.shape, graph.inputs[output.b].shape);
    } else if (op == "scale" && words.size() == 7) {
      output.op = FakeOutput::Op::kScale;
      WEIR_ASSIGN(output.factor, number(words[5]));
      WEIR_ASSIGN(output.offset, number(words[6]));
    } else if (op == "nonzero" && words.size() == 5) {
      output.op = FakeOutput::Op::kNonzero;
      info.shape = {Shape::kDynamic, static_cast<int64_t>(info.shape.rank())};
      info.dtype = DType::kInt64;
    } else {
      return Error(ErrorCode::kCorrupt, "no operation '" + op + "' of so many words", "",
                   hint_for_name(op, {"identity", "add", "scale", "nonzero"}));
    }
    if (graph.outputs.size() == kMaxTensors) return Error(ErrorCode::kCorrupt, "too many outputs");
    graph.outputs.push_back(info);
    graph.ops.push_back(output);
    return {};
  }

  Status meta(const Words& words) {
    std::string value;
    for (std::size_t i = 2; i < words.size(); ++i) value += (i > 2 ? " " : "") + words[i];
    graph.metadata[words[1]] = value;
    return {};
  }
};

}  // namespace

Status FakeGraph::check_batch(const Shape& shape) const {
  if (max_batch == 0 || shape.rank() == 0 || shape[0] <= max_batch) return {};
  return Error(ErrorCode::kInvalidArgument,
               "the model refuses a batch of " + std::to_string(shape[0]) +
                   ", whatever its file declares; it takes up to " + std::to_string(max_batch));
}

Result<FakeGraph> parse_fake_graph(std::string_view text, const std::string& where) {
  Parser parser;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Words words = split(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line == 1) {
      if (words == split(kHeader)) continue;
      return Error(ErrorCode::kCorrupt, "this is not a fake model", where,
                   "it begins with '" + std::string(kHeader) + "'");
    }
    if (words.empty()) continue;
    if (Status status = parser.line(words); !status) {
      Error error = std::move(status).error();
      error.code = ErrorCode::kCorrupt;
      return std::move(error).at(where + ":" + std::to_string(line));
    }
  }
  if (parser.graph.inputs.empty() || parser.graph.outputs.empty()) {
    return Error(ErrorCode::kCorrupt, "a model needs an input and an output", where);
  }
  return std::move(parser.graph);
}

}  // namespace weir

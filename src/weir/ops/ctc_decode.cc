#include "weir/ops/ctc_decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kLanes = 16;

float larger(float a, float b) {
  return b > a ? b : a;  // a, if b is NaN
}

// In lanes, which the compiler turns into vectors: alphabets have up to 20,000 characters.
float largest(const float* row, std::size_t count) {
  std::array<float, kLanes> lanes;
  lanes.fill(-std::numeric_limits<float>::infinity());
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) lanes[k] = larger(lanes[k], row[i + k]);
  }
  float best = -std::numeric_limits<float>::infinity();
  for (const float lane : lanes) best = larger(best, lane);
  for (; i < count; ++i) best = larger(best, row[i]);
  return best;
}

// The lowest class with the largest score; the blank if there is none.
std::size_t best_class(const float* row, std::size_t classes) {
  const float best = largest(row, classes);
  const float* end = row + classes;
  const float* at = std::find(row, end, best);
  return at == end ? 0 : static_cast<std::size_t>(at - row);
}

// Finite, whatever the row holds.
float score_of(const float* row, std::size_t classes, std::size_t best, bool logits) {
  const float top = row[best];
  if (!logits || !std::isfinite(top)) return std::isnan(top) ? 0 : std::clamp(top, 0.0F, 1.0F);
  double sum = 0;
  for (std::size_t i = 0; i < classes; ++i) {
    if (!std::isnan(row[i])) sum += std::exp(static_cast<double>(row[i]) - top);
  }
  return static_cast<float>(1 / sum);
}

Result<std::pair<std::size_t, std::size_t>> steps_and_classes(const TensorView& tensor,
                                                              const CtcAlphabet& alphabet) {
  const Shape& shape = tensor.shape;
  const std::size_t rank = shape.rank();
  const bool fits = rank >= 2 && rank <= 3 && (rank == 2 || shape[0] == 1) &&
                    shape[rank - 2] >= 0 &&
                    shape[rank - 1] == static_cast<int64_t>(alphabet.classes());
  if (fits && tensor.dtype == DType::kFloat32 && tensor.device.is_cpu() && tensor.is_dense() &&
      (tensor.data != nullptr || shape[rank - 2] == 0)) {
    return std::pair(static_cast<std::size_t>(shape[rank - 2]), alphabet.classes());
  }
  return Error(
      ErrorCode::kInvalidArgument,
      "the scores of a text recogniser are " + std::string(name(tensor.dtype)) + " " +
          to_string(shape),
      "", "a dense float32 tensor of 1xTx" + std::to_string(alphabet.classes()) + " is expected");
}

bool is_space(std::string_view character) {
  return character == " " || character == "\xE3\x80\x80";  // also the wide one
}

struct Symbol {
  std::string_view character;
  float score;
  int32_t step;
};

}  // namespace

CtcAlphabet::CtcAlphabet(std::vector<std::string> characters)
    : characters_(std::move(characters)) {}

CtcAlphabet CtcAlphabet::from_lines(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (end != std::string_view::npos || !line.empty()) characters.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return CtcAlphabet(std::move(characters));
}

Status CtcAlphabet::fit(int64_t classes) {
  const auto have = static_cast<int64_t>(this->classes());
  if (classes == have) return {};
  if (classes == have + 1) {
    characters_.emplace_back(" ");
    return {};
  }
  return Error(ErrorCode::kInvalidArgument,
               "the model has " + std::to_string(classes) + " classes, its dictionary has " +
                   std::to_string(characters_.size()) + " characters",
               "",
               "the dictionary needs " + std::to_string(classes - 1) + " lines, or " +
                   std::to_string(classes - 2) + " where the last class is the space");
}

Status ctc_decode(const TensorView& tensor, const CtcAlphabet& alphabet, const CtcDecodeSpec& spec,
                  CtcText& line) {
  WEIR_ASSIGN(const auto size, steps_and_classes(tensor, alphabet));
  const auto [steps, classes] = size;
  thread_local std::vector<Symbol> symbols;
  symbols.clear();
  std::size_t before = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    const float* row = tensor.as<float>() + t * classes;
    const std::size_t best = best_class(row, classes);
    if (best != 0 && best != before) {
      symbols.push_back({alphabet[static_cast<int64_t>(best)],
                         score_of(row, classes, best, spec.logits), static_cast<int32_t>(t)});
    }
    before = best;
  }
  const auto kept = [&](const Symbol& symbol) { return !spec.trim || !is_space(symbol.character); };
  const auto first = std::find_if(symbols.begin(), symbols.end(), kept);
  const auto last = std::find_if(symbols.rbegin(), std::reverse_iterator(first), kept).base();
  line.text.clear();
  line.scores.clear();
  line.steps.clear();
  line.score = 0;
  double sum = 0;
  for (auto symbol = first; symbol != last; ++symbol) {
    line.text += symbol->character;
    line.scores.push_back(symbol->score);
    line.steps.push_back(symbol->step);
    sum += symbol->score;
  }
  if (first != last) line.score = static_cast<float>(sum / static_cast<double>(last - first));
  return {};
}

Result<CtcText> ctc_decode(const TensorView& tensor, const CtcAlphabet& alphabet,
                           const CtcDecodeSpec& spec) {
  CtcText line;
  WEIR_TRY(ctc_decode(tensor, alphabet, spec, line));
  return line;
}

}  // namespace weir

// Greedy reading of a CTC recogniser: the best class of every step, repeats and blanks left out.
//
//   const CtcAlphabet alphabet = CtcAlphabet::from_lines(text);          // blank, characters,
//   space WEIR_ASSIGN(const CtcText line, ctc_decode(scores, alphabet, {})); line.text;    //
//   "Plate ABC-1234"
//
// Plain values and pure functions: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/tensor.h"

namespace weir {

// What the classes of a recogniser stand for. Class 0 is the blank.
class CtcAlphabet {
 public:
  CtcAlphabet() = default;
  // The characters of class 1 and on.
  explicit CtcAlphabet(std::vector<std::string> characters);
  // One character a line, as PaddleOCR's key files and the metadata of its models have them. An
  // empty line at the end is none, nor is a carriage return.
  static CtcAlphabet from_lines(std::string_view text);

  // With the blank.
  std::size_t classes() const { return characters_.size() + 1; }
  // Fits it to the classes of a model: as it is, or with a space at the end where that has one
  // more, as PaddleOCR's have. An Error that says both numbers if they do not match.
  Status fit(int64_t classes);
  // Empty for the blank, and for what is no class.
  std::string_view operator[](int64_t id) const {
    return id < 1 || id > static_cast<int64_t>(characters_.size())
               ? std::string_view{}
               : std::string_view(characters_[static_cast<std::size_t>(id - 1)]);
  }

 private:
  std::vector<std::string> characters_;
};

struct CtcDecodeSpec {
  bool logits = false;  // the scores still have to go through a softmax
  bool trim = true;     // spaces at both ends are not text, and do not count in the score
};

struct CtcText {
  std::string text;
  float score =
      0;  // the mean of the characters' scores, each of its first step; 0 of an empty text
  std::vector<float> scores;   // of each character
  std::vector<int32_t> steps;  // where each was seen first
};

// `scores` is float32 of 1xTxC or TxC for T steps, dense and in host memory, C as the alphabet has.
// Of equal classes the lowest wins. NaN never does; a step of nothing else is a blank.
Result<CtcText> ctc_decode(const TensorView& scores, const CtcAlphabet& alphabet,
                           const CtcDecodeSpec& spec);
// The same over what was in `line`, whose memory is used again.
Status ctc_decode(const TensorView& scores, const CtcAlphabet& alphabet, const CtcDecodeSpec& spec,
                  CtcText& line);

}  // namespace weir

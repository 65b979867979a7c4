// A line of text in parts that are written in one direction and one script, from left to right as
// they stand on the line. Hides FriBidi (Unicode's algorithm for both directions) and HarfBuzz's
// table of scripts.
//
//   for (const TextRun& run : visual_runs(characters)) …
//
// Pure functions: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir {

struct TextRun {
  std::size_t begin = 0;  // of the characters, which keep the order in which they are read
  std::size_t end = 0;
  bool right_to_left = false;
  uint32_t script = 0;  // its four letters of ISO 15924, as HarfBuzz has them
  bool operator==(const TextRun&) const = default;
};

// False where characters stand side by side in the order of the text, whatever they are next to:
// Latin, Greek, Cyrillic, Chinese, Japanese, Korean, signs. That is quicker, and usual.
bool needs_shaping(const std::vector<char32_t>& characters);

std::vector<TextRun> visual_runs(const std::vector<char32_t>& characters);

}  // namespace weir

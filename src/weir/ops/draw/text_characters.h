// A text as characters: what drawing reads it as.
//
// Pure functions: any thread.
#pragma once

#include <string_view>
#include <vector>

namespace weir {

// Bytes that are not UTF-8 become U+FFFD; line feeds and other control characters become spaces.
// Of a text that is too long for a label only the beginning.
std::vector<char32_t> characters_of(std::string_view text);

// Joiners, marks of direction, variation selectors: they have no picture of their own, but say how
// others are drawn.
bool is_invisible(char32_t c);

}  // namespace weir

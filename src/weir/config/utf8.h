// Whether bytes are text that a config may hold.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir::config {

// The offset of the first byte that is not valid UTF-8 or is a control character other than tab,
// line feed and carriage return; npos if there is none.
std::size_t first_bad_byte(std::string_view text);

// At most `bytes` bytes of valid UTF-8 `text`, cut between characters.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

}  // namespace weir::config

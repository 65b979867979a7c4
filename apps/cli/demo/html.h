// The small change of writing HTML. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli::demo {

// Safe between tags and inside quoted attributes; control characters and bytes that are not UTF-8
// become U+FFFD.
std::string escape(std::string_view text);
std::string base64(const std::vector<uint8_t>& bytes);
// <name>escaped text</name>; `attributes` go in as they are.
std::string element(std::string_view name, std::string_view text, std::string_view attributes = {});

}  // namespace weir::cli::demo

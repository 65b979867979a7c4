// The two things about writing JSON that are easy to get wrong: strings and numbers.
//
//   std::string line = "{\"name\":";
//   append_json_string(line, name);     // quotes, escapes, and repairs what is not UTF-8
//   line += ",\"score\":";
//   append_json_number(line, 0.25F);    // the shortest text that reads back to the same number
//
// Pure functions: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// Appends `text` in quotes. A byte that is not part of valid UTF-8 becomes U+FFFD, so that the
// result is always valid JSON.
void append_json_string(std::string& out, std::string_view text);

// Append a number in the shortest form that reads back exactly. JSON has no word for NaN and the
// infinities: they are written as null, and whoever must not write null asks std::isfinite before.
void append_json_number(std::string& out, float value);
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, int64_t value);
void append_json_number(std::string& out, uint64_t value);

// The number of bytes (1 to 4) of the UTF-8 character at the start of `text`, or 0 if there is
// none: an empty text, a stray or missing continuation byte, an overlong form, a surrogate.
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace weir

// Text for people: numbers in units, and the width of UTF-8 on a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::cli {

// Columns that the text takes: wide characters (CJK, emoji) count two, combining marks and escape
// sequences of colour none. Bytes that are not UTF-8 count one each.
std::size_t display_width(std::string_view utf8);
// At most `columns` wide; what is cut away is shown by "…". Colour is closed at the cut.
std::string truncate(std::string_view utf8, std::size_t columns);

// A file may be called anything: line ends, and what a terminal would obey, become "?".
std::string on_one_line(std::string text);

// "512 B", "9.5 MB", "1.2 GB" (powers of 1000, as registries and disks count).
std::string format_bytes(uint64_t bytes);
// "0.012 ms", "1.23 ms", "45.6 ms", "1,234 ms": three significant digits.
std::string format_ms(double ms);
// "812", "3.54 k", "3.54 M", "1.20 G".
std::string format_count(double count);
// "1,234,567".
std::string with_commas(uint64_t number);
// What a person needs of a library's version: "2026.4.1" of "2026.4.1-22982-e213a147257".
std::string short_version(const std::string& version);
// A number with so many digits after the point, in the C locale.
std::string fixed(double number, int digits);

}  // namespace weir::cli

// Picture files as cameras, scanners and presses write them, made byte by byte. Test-only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace weir::test {

// A JPEG in the four inks of a press, one colour a square of 8x8 pixels, all in a row. The inks are
// cyan, magenta, yellow and black from 0 to 255; stored the wrong way round, as Photoshop does.
std::vector<uint8_t> cmyk_jpeg(const std::vector<std::array<int, 4>>& squares);

// `jpeg` with an EXIF segment that says how to turn it: 1 is upright, 3, 6 and 8 are turned by
// half, a quarter to the right, a quarter to the left.
std::vector<uint8_t> with_orientation(const std::vector<uint8_t>& jpeg, uint8_t orientation);

}  // namespace weir::test

// A PNG file without what it says of colour spaces (iCCP, sRGB, gAMA, cHRM): pixels are taken as
// they are, and the library that decodes them would print warnings about profiles on stderr.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weir {

// Empty if there is nothing to leave out. What is damaged is passed on as it is.
std::vector<uint8_t> without_colour_chunks(std::span<const uint8_t> png);

}  // namespace weir

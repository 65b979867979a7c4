#include "weir/media/png_chunks.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kFrame = 12;  // of a chunk, around its data: length, type, checksum

bool is_of_colour(std::string_view type) {
  constexpr std::array<std::string_view, 4> kColour = {"iCCP", "sRGB", "gAMA", "cHRM"};
  return std::find(kColour.begin(), kColour.end(), type) != kColour.end();
}

}  // namespace

std::vector<uint8_t> without_colour_chunks(std::span<const uint8_t> png) {
  std::vector<uint8_t> kept;
  std::size_t copied = 0;  // up to here
  std::size_t at = std::min(kSignature, png.size());
  while (png.size() - at >= kFrame) {
    const std::size_t length = std::size_t{png[at]} << 24 | std::size_t{png[at + 1]} << 16 |
                               std::size_t{png[at + 2]} << 8 | std::size_t{png[at + 3]};
    const std::string_view type(reinterpret_cast<const char*>(&png[at + 4]), 4);
    if (length > png.size() - at - kFrame) break;
    const std::size_t next = at + kFrame + length;
    if (is_of_colour(type)) {
      kept.insert(kept.end(), png.begin() + static_cast<std::ptrdiff_t>(copied),
                  png.begin() + static_cast<std::ptrdiff_t>(at));
      copied = next;
    }
    at = next;
  }
  if (copied == 0) return {};
  kept.insert(kept.end(), png.begin() + static_cast<std::ptrdiff_t>(copied), png.end());
  return kept;
}

}  // namespace weir

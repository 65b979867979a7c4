#include "weir/ops/draw/colour.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace weir {
namespace {

// Of linear light, as a screen wants it.
uint8_t screen_level(double light) {
  light = std::clamp(light, 0.0, 1.0);
  const double level =
      light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  return static_cast<uint8_t>(std::lround(255 * level));
}

double light_of(uint8_t level) {
  const double share = level / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

// From Oklab's lightness, chroma and hue, in which equal steps look equal.
Colour from_oklch(double lightness, double chroma, double hue) {
  const double a = chroma * std::cos(hue);
  const double b = chroma * std::sin(hue);
  const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return {screen_level(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          screen_level(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          screen_level(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

double luminance(Colour colour) {
  return 0.2126 * light_of(colour.red) + 0.7152 * light_of(colour.green) +
         0.0722 * light_of(colour.blue);
}

}  // namespace

Colour colour_of(int64_t number) {
  // Hues a golden section apart never repeat and keep neighbours distant. Every fifth is lighter or
  // darker, so that two that come near each other in hue still differ.
  const auto place = static_cast<double>(static_cast<uint64_t>(number) % 10007);
  const double turn = place * 0.61803398875 + 0.40;
  const int shade = static_cast<int>(static_cast<uint64_t>(number) / 5 % 3);
  constexpr double kLightness[] = {0.74, 0.83, 0.66};
  return from_oklch(kLightness[shade], 0.17, 2 * std::numbers::pi * (turn - std::floor(turn)));
}

Colour ink_on(Colour plate) {
  // Where contrast with black and white is equal; moved a little, as white looks bolder.
  return luminance(plate) > 0.22 ? Colour{16, 16, 16} : Colour{255, 255, 255};
}

Colour mixed(Colour from, Colour to, double share) {
  const auto mix = [&](uint8_t a, uint8_t b) {
    return static_cast<uint8_t>(std::lround(a + (b - a) * std::clamp(share, 0.0, 1.0)));
  };
  return {mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue)};
}

}  // namespace weir

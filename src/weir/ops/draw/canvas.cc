#include "weir/ops/draw/canvas.h"

#include <array>
#include <cmath>

namespace weir {
namespace {

// Farther away than any picture reaches; findings may lie anywhere.
constexpr double kFar = 1e6;
// From so many bytes on a row is mixed by vectors.
constexpr int kLongRun = 48;

bool is_usable(Point point) {
  return std::isfinite(point.x) && std::isfinite(point.y) && std::abs(point.x) < 1e30 &&
         std::abs(point.y) < 1e30;
}

// Cuts the line to |x| and |y| below kFar, so that later arithmetic stays exact. False: nothing is
// left of it.
bool cut_to_reach(Point& from, Point& to) {
  double first = 0;
  double last = 1;
  const Point delta{to.x - from.x, to.y - from.y};
  const double steps[4] = {-delta.x, delta.x, -delta.y, delta.y};
  const double rooms[4] = {from.x + kFar, kFar - from.x, from.y + kFar, kFar - from.y};
  for (int i = 0; i < 4; ++i) {
    if (steps[i] == 0) {
      if (rooms[i] < 0) return false;
    } else if (steps[i] < 0) {
      first = std::max(first, rooms[i] / steps[i]);
    } else {
      last = std::min(last, rooms[i] / steps[i]);
    }
  }
  if (first > last) return false;
  const Point start = from;
  from = {start.x + first * delta.x, start.y + first * delta.y};
  to = {start.x + last * delta.x, start.y + last * delta.y};
  return true;
}

void mix(uint8_t& level, uint8_t target, int alpha) {
  level = static_cast<uint8_t>((level * (255 - alpha) + target * alpha + 127) / 255);
}

uint8_t level_of(double value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

// How much a sample of colour takes from one of its four pixels, so that all four together make it
// what they are.
std::array<int, 256> chroma_alphas() {
  std::array<int, 256> alphas{};
  for (int i = 0; i < 256; ++i) {
    const double left = std::pow(1 - i / 255.0, 0.25);
    alphas[static_cast<std::size_t>(i)] = static_cast<int>(std::lround(255 * (1 - left)));
  }
  return alphas;
}
const std::array<int, 256> kChromaAlpha = chroma_alphas();

// A line as it is asked about pixel by pixel: how much of a pixel does it cover?
class Stroke {
 public:
  Stroke(Point from, Point to, double width, bool round_ends)
      : from_(from), radius_(std::max(0.5, width / 2)), round_(round_ends) {
    length_ = std::hypot(to.x - from.x, to.y - from.y);
    along_ =
        length_ > 0 ? Point{(to.x - from.x) / length_, (to.y - from.y) / length_} : Point{1, 0};
  }

  // 0 … 1, of the pixel whose centre this is.
  double covers(double x, double y) const {
    const double dx = x - from_.x;
    const double dy = y - from_.y;
    const double t = dx * along_.x + dy * along_.y;
    const double side = std::abs(dx * along_.y - dy * along_.x);
    if (round_) {
      const double over = t < 0 ? -t : std::max(0.0, t - length_);
      return std::clamp(radius_ + 0.5 - std::hypot(side, over), 0.0, 1.0);
    }
    const double inside = std::min(t, length_ - t) + 0.5;
    return std::clamp(radius_ + 0.5 - side, 0.0, 1.0) * std::clamp(inside, 0.0, 1.0);
  }

  // The pixels of row `y` that it may cover, clipped to 0 … `width`.
  void row(double y, int width, int& first, int& last) const {
    const double reach = radius_ + 1;
    const Point to{from_.x + length_ * along_.x, from_.y + length_ * along_.y};
    double low = std::min(from_.x, to.x) - reach;
    double high = std::max(from_.x, to.x) + reach;
    if (std::abs(along_.y) > 1e-3) {
      const double centre = from_.x + (y - from_.y) * along_.x / along_.y;
      const double half = reach / std::abs(along_.y) + reach;
      low = std::max(low, centre - half);
      high = std::min(high, centre + half);
    }
    first = static_cast<int>(std::clamp(std::floor(low), 0.0, static_cast<double>(width)));
    last = static_cast<int>(std::clamp(std::ceil(high), 0.0, static_cast<double>(width)));
  }

  double reach() const { return radius_ + 1; }

 private:
  Point from_;
  Point along_;
  double length_ = 0;
  double radius_ = 0;
  bool round_ = true;
};

}  // namespace

Canvas::Canvas(const ImageView& picture) : picture_(picture) {
  step_ = picture.format == PixelFormat::kBgr || picture.format == PixelFormat::kRgb ? 3 : 1;
  ink_ = {};
  taken_ = {};
  take_ink({1, 1, 1});  // another than the one that is taken
}

void Canvas::take_ink(Colour colour) {
  if (colour == taken_) return;
  taken_ = colour;
  switch (picture_.format) {
    case PixelFormat::kBgr:
      ink_ = {{colour.blue, colour.green, colour.red}};
      return;
    case PixelFormat::kRgb:
      ink_ = {{colour.red, colour.green, colour.blue}};
      return;
    default:
      break;
  }
  const bool grey = picture_.format == PixelFormat::kGrey;
  const bool hd = !grey && picture_.matrix == YuvMatrix::kBt709;
  const double red = hd ? 0.2126 : 0.299;
  const double blue = hd ? 0.0722 : 0.114;
  const double y = red * colour.red + (1 - red - blue) * colour.green + blue * colour.blue;
  const double u = (colour.blue - y) / (2 * (1 - blue));
  const double v = (colour.red - y) / (2 * (1 - red));
  const bool full = grey || picture_.full_range;
  ink_ = {{level_of(full ? y : 16 + y * 219 / 255), level_of(128 + (full ? u : u * 224 / 255)),
           level_of(128 + (full ? v : v * 224 / 255))}};
}

void Canvas::put(int x, int y, int alpha) {
  uint8_t* pixel = picture_.row(0, y) + step_ * x;
  for (int i = 0; i < step_; ++i) mix(pixel[i], ink_.level[i], alpha);
  if (is_yuv(picture_.format)) put_colour(x, y, kChromaAlpha[static_cast<std::size_t>(alpha)]);
}

void Canvas::put_colour(int x, int y, int alpha) {
  if (picture_.format == PixelFormat::kNv12) {
    uint8_t* pair = picture_.row(1, y / 2) + x / 2 * 2;
    mix(pair[0], ink_.level[1], alpha);
    mix(pair[1], ink_.level[2], alpha);
  } else {
    mix(picture_.row(1, y / 2)[x / 2], ink_.level[1], alpha);
    mix(picture_.row(2, y / 2)[x / 2], ink_.level[2], alpha);
  }
}

void Canvas::blend(int x, int y, Colour colour, int alpha) {
  if (x < 0 || y < 0 || x >= width() || y >= height()) return;
  take_ink(colour);
  put(x, y, alpha);
}

void Canvas::fill(const PixelRect& rect, Colour colour, int alpha) {
  const PixelRect seen = common(rect, bounds());
  if (seen.empty()) return;
  take_ink(colour);
  fill_luma(seen, alpha);
  if (is_yuv(picture_.format)) fill_colour(seen, alpha);
}

void Canvas::fill_luma(const PixelRect& seen, int alpha) {
  for (int y = seen.y1; y < seen.y2; ++y) {
    mix_run(0, picture_.row(0, y) + step_ * seen.x1, step_ * seen.width(), 0, step_, alpha);
  }
}

void Canvas::mix_run(int plane, uint8_t* out, int bytes, int first, int count, int alpha) {
  const uint8_t* const levels = ink_.level + first;
  if (bytes >= kLongRun) {
    mixers_[plane].take(levels, count, alpha);
    return mixers_[plane].mix(out, static_cast<std::size_t>(bytes));
  }
  for (int i = 0; i < bytes; i += count) {
    for (int k = 0; k < count; ++k) mix(out[i + k], levels[k], alpha);
  }
}

// Each sample of colour belongs to four pixels: it takes as much as they are covered.
void Canvas::fill_colour(const PixelRect& seen, int alpha) {
  const bool pairs = picture_.format == PixelFormat::kNv12;
  const int whole = (seen.x1 + 1) / 2;  // the first sample that is covered from left to right
  const int whole_end = seen.x2 / 2;    // behind the last
  for (int y = seen.y1 & ~1; y < seen.y2; y += 2) {
    const int share = alpha * (std::min(y + 2, seen.y2) - std::max(y, seen.y1)) / 2;
    if (whole * 2 > seen.x1) put_colour(seen.x1, y, share / 2);
    if (whole_end * 2 < seen.x2) put_colour(seen.x2 - 1, y, share / 2);
    if (pairs) {
      mix_run(1, picture_.row(1, y / 2) + 2 * whole, 2 * (whole_end - whole), 1, 2, share);
    } else {
      mix_run(1, picture_.row(1, y / 2) + whole, whole_end - whole, 1, 1, share);
      mix_run(2, picture_.row(2, y / 2) + whole, whole_end - whole, 2, 1, share);
    }
  }
}

void Canvas::fill_rounded(const PixelRect& rect, int radius, Colour colour, int alpha) {
  if (rect.empty()) return;
  radius = std::min({radius, rect.width() / 2, rect.height() / 2});
  fill({rect.x1, rect.y1 + radius, rect.x2, rect.y2 - radius}, colour, alpha);
  for (int row = 0; row < radius; ++row) {
    fill({rect.x1 + radius, rect.y1 + row, rect.x2 - radius, rect.y1 + row + 1}, colour, alpha);
    fill({rect.x1 + radius, rect.y2 - row - 1, rect.x2 - radius, rect.y2 - row}, colour, alpha);
    for (int column = 0; column < radius; ++column) {
      const double away = std::hypot(radius - column - 0.5, radius - row - 0.5);
      const double share = std::clamp(radius + 0.5 - away, 0.0, 1.0);
      const int edge = static_cast<int>(std::lround(alpha * share));
      blend(rect.x1 + column, rect.y1 + row, colour, edge);
      blend(rect.x2 - 1 - column, rect.y1 + row, colour, edge);
      blend(rect.x1 + column, rect.y2 - 1 - row, colour, edge);
      blend(rect.x2 - 1 - column, rect.y2 - 1 - row, colour, edge);
    }
  }
}

void Canvas::frame(const PixelRect& rect, int thickness, Colour colour, int alpha) {
  if (rect.empty()) return;
  if (2 * thickness >= std::min(rect.width(), rect.height())) return fill(rect, colour, alpha);
  fill({rect.x1, rect.y1, rect.x2, rect.y1 + thickness}, colour, alpha);
  fill({rect.x1, rect.y2 - thickness, rect.x2, rect.y2}, colour, alpha);
  fill({rect.x1, rect.y1 + thickness, rect.x1 + thickness, rect.y2 - thickness}, colour, alpha);
  fill({rect.x2 - thickness, rect.y1 + thickness, rect.x2, rect.y2 - thickness}, colour, alpha);
}

void Canvas::line(Point from, Point to, double width, Colour colour, int alpha, bool round_ends) {
  if (!is_usable(from) || !is_usable(to) || !cut_to_reach(from, to)) return;
  const Stroke stroke(from, to, std::clamp(width, 0.0, 1e4), round_ends);
  const double top = std::floor(std::min(from.y, to.y) - stroke.reach());
  const double bottom = std::ceil(std::max(from.y, to.y) + stroke.reach());
  take_ink(colour);
  const int first_row = static_cast<int>(std::clamp(top, 0.0, static_cast<double>(height())));
  const int last_row = static_cast<int>(std::clamp(bottom, 0.0, static_cast<double>(height())));
  for (int y = first_row; y < last_row; ++y) {
    int first = 0;
    int last = 0;
    stroke.row(y + 0.5, this->width(), first, last);
    for (int x = first; x < last; ++x) {
      const double share = stroke.covers(x + 0.5, y + 0.5);
      if (share > 0) put(x, y, static_cast<int>(std::lround(alpha * share)));
    }
  }
}

void Canvas::disc(Point centre, double radius, Colour colour, int alpha) {
  line(centre, centre, 2 * radius, colour, alpha);
}

void Canvas::stamp(const Coverage& coverage, int x, int y, Colour colour) {
  take_ink(colour);
  const PixelRect seen = common({x, y, x + coverage.width, y + coverage.height}, bounds());
  for (int row = seen.y1; row < seen.y2; ++row) {
    const uint8_t* from = coverage.pixels + (row - y) * coverage.stride + (seen.x1 - x);
    for (int column = seen.x1; column < seen.x2; ++column, ++from) {
      if (*from != 0) put(column, row, *from);
    }
  }
}

}  // namespace weir

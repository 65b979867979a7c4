#include "weir/ops/draw/mask_tint.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

namespace weir {
namespace {

constexpr int kBits = 64;
constexpr uint64_t kAll = ~uint64_t{0};

// The first of `to` places that shows place `at` of `from`: where i * from / to comes to `at`.
int first_shown(int64_t at, int from, int to) {
  return static_cast<int>((at * to + from - 1) / from);
}

// Where a mask lies in a picture, a bit a pixel: words of 64 columns, those of the first columns
// for all rows, then those of the next.
class MaskBits {
 public:
  MaskBits(const Mask& mask, int width, int height)
      : mask_(mask), width_(width), height_(height), strips_((width + kBits - 1) / kBits) {
    words_.resize(offset(strips_));
    first_ = strips_;
    int64_t start = 0;
    for (std::size_t i = 0; i < mask.counts.size(); ++i) {
      if (i % 2 == 1) add_run(start, start + mask.counts[i]);
      start += mask.counts[i];
    }
    repeat_last_column();
  }

  // Strips that may have something of the mask.
  int first_strip() const { return first_; }
  int end_strip() const { return end_; }

  uint64_t at(int strip, int y) const {
    return words_[offset(strip) + static_cast<std::size_t>(y)];
  }

  // Of the mask, and `edge` pixels or more from its end; beyond the picture it goes on as it is.
  uint64_t inside(int strip, int y, int edge) const {
    const uint64_t here = at(strip, y);
    if (here == 0 || edge == 0) return here;
    const uint64_t before = strip > 0 ? at(strip - 1, y) : (here & 1) != 0 ? kAll : 0;
    const uint64_t after = strip + 1 < strips_ ? at(strip + 1, y) : here >> 63U != 0 ? kAll : 0;
    const auto shift = static_cast<unsigned>(edge);
    const uint64_t left = here << shift | before >> (kBits - shift);
    const uint64_t right = here >> shift | after << (kBits - shift);
    return here & left & right & at(strip, std::max(0, y - edge)) &
           at(strip, std::min(height_ - 1, y + edge));
  }

 private:
  std::size_t offset(int strip) const {
    return static_cast<std::size_t>(strip) * static_cast<std::size_t>(height_);
  }

  // Pixels of the mask, in the order in which it counts them: down the columns.
  void add_run(int64_t start, int64_t end) {
    while (start < end) {
      const auto column = static_cast<int>(start / mask_.height);
      const int64_t top = int64_t{column} * mask_.height;
      const int64_t stop = std::min(end, top + mask_.height);
      const int x1 = first_shown(column, mask_.width, width_);
      const int x2 = first_shown(column + 1, mask_.width, width_);
      if (x1 < x2) {
        set(x1, x2, first_shown(start - top, mask_.height, height_),
            first_shown(stop - top, mask_.height, height_));
      }
      start = stop;
    }
  }

  void set(int x1, int x2, int y1, int y2) {
    first_ = std::min(first_, x1 / kBits);
    end_ = std::max(end_, (x2 - 1) / kBits + 1);
    while (x1 < x2) {
      const int strip = x1 / kBits;
      const int stop = std::min(x2, (strip + 1) * kBits);
      const uint64_t bits = kAll >> static_cast<unsigned>(kBits - (stop - x1))
                                        << static_cast<unsigned>(x1 % kBits);
      uint64_t* const column = words_.data() + offset(strip);
      for (int y = y1; y < y2; ++y) column[y] |= bits;
      x1 = stop;
    }
  }

  void repeat_last_column() {
    const auto used = static_cast<unsigned>(width_ % kBits);
    if (used == 0) return;
    uint64_t* const column = words_.data() + offset(strips_ - 1);
    for (int y = 0; y < height_; ++y) {
      if ((column[y] >> (used - 1) & 1) != 0) column[y] |= kAll << used;
    }
  }

  const Mask& mask_;
  int width_;
  int height_;
  int strips_;
  int first_ = 0;
  int end_ = 0;
  std::vector<uint64_t> words_;
};

// Fills those pixels of row `y` for which `word(strip)` has a bit, run by run.
template <class Word>
void fill_row(Canvas& canvas, const MaskBits& bits, int y, Colour colour, int alpha, Word word) {
  int start = -1;  // of the run that we are in
  for (int strip = bits.first_strip(); strip < bits.end_strip(); ++strip) {
    const uint64_t here = word(strip);
    // Where a pixel is not as the one before it.
    uint64_t changes = here ^ (here << 1U | (start >= 0 ? 1 : 0));
    for (; changes != 0; changes &= changes - 1) {
      const int x = strip * kBits + std::countr_zero(changes);
      if (start >= 0) canvas.fill({start, y, x, y + 1}, colour, alpha);
      start = start >= 0 ? -1 : x;
    }
  }
  if (start >= 0) canvas.fill({start, y, bits.end_strip() * kBits, y + 1}, colour, alpha);
}

}  // namespace

void tint_mask(Canvas& canvas, const Mask& mask, Colour colour, int alpha, int edge) {
  if (mask.width < 1 || mask.height < 1 || !mask.check()) return;
  const MaskBits bits(mask, canvas.width(), canvas.height());
  const int reach = std::clamp(edge, 0, kBits - 1);
  const auto inside = [&](int strip, int y) { return bits.inside(strip, y, reach); };
  for (int y = 0; y < canvas.height(); ++y) {
    fill_row(canvas, bits, y, colour, alpha, [&](int strip) { return inside(strip, y); });
  }
  const int firm = std::min(255, 2 * alpha + 40);
  for (int y = 0; y < canvas.height(); ++y) {
    fill_row(canvas, bits, y, colour, firm,
             [&](int strip) { return bits.at(strip, y) & ~inside(strip, y); });
  }
}

}  // namespace weir

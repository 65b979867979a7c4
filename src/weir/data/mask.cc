#include "weir/data/mask.h"

#include <algorithm>

namespace weir {
namespace {

Status check_size(int width, int height) {
  if (width >= 0 && height >= 0 && width <= Mask::kMaxSide && height <= Mask::kMaxSide) return {};
  return Error(ErrorCode::kInvalidArgument,
               "a mask of " + std::to_string(width) + "x" + std::to_string(height) + " cannot be",
               "", "sides are 0 to " + std::to_string(Mask::kMaxSide) + " pixels");
}

// Five bits a character, lowest first; bit 5 says that more follow, bit 4 of the last is the sign.
constexpr int kBits = 5;
constexpr int kMore = 0x20;
constexpr int kSign = 0x10;
constexpr int kZero = '0';

void append_number(std::string& text, int64_t value) {
  while (true) {
    const int low = static_cast<int>(value & 0x1F);
    value >>= kBits;
    const bool last = value == ((low & kSign) != 0 ? -1 : 0);
    text += static_cast<char>(kZero + (last ? low : low | kMore));
    if (last) return;
  }
}

// Takes one number off the front of `text`; false if it is cut off, too long or not of this form.
bool take_number(std::string_view& text, int64_t& value) {
  constexpr int kMaxDigits = 8;  // 40 bits: more than any run needs
  value = 0;
  for (int i = 0; i < kMaxDigits && !text.empty(); ++i) {
    const int digit = static_cast<unsigned char>(text.front()) - kZero;
    text.remove_prefix(1);
    if (digit < 0 || digit > 0x3F) return false;
    value |= static_cast<int64_t>(digit & 0x1F) << (kBits * i);
    if ((digit & kMore) != 0) continue;
    if ((digit & kSign) != 0) value -= int64_t{1} << (kBits * (i + 1));
    return true;
  }
  return false;
}

}  // namespace

Status Mask::check() const {
  WEIR_TRY(check_size(width, height));
  uint64_t sum = 0;
  for (const uint32_t count : counts) sum += count;
  if (sum == static_cast<uint64_t>(width) * static_cast<uint64_t>(height)) return {};
  return Error(ErrorCode::kCorrupt, "the runs of a mask of " + std::to_string(width) + "x" +
                                        std::to_string(height) + " have " + std::to_string(sum) +
                                        " pixels");
}

Result<Mask> Mask::encode(const uint8_t* pixels, std::ptrdiff_t stride, int width, int height) {
  WEIR_TRY(check_size(width, height));
  // Gathered where there is room already, so that the mask takes just what it needs, once.
  thread_local std::vector<uint32_t> counts;
  counts.clear();
  bool inside = false;
  uint32_t run = 0;
  for (int x = 0; x < width; ++x) {
    for (int y = 0; y < height; ++y) {
      if ((pixels[y * stride + x] != 0) != inside) {
        counts.push_back(run);
        run = 0;
        inside = !inside;
      }
      ++run;
    }
  }
  if (run > 0) counts.push_back(run);
  return Mask{width, height, counts};
}

Result<std::vector<uint8_t>> Mask::decode() const {
  WEIR_TRY(check());
  const auto w = static_cast<std::size_t>(width);
  const auto h = static_cast<std::size_t>(height);
  std::vector<uint8_t> pixels(w * h);
  std::size_t place = 0;  // counts down the columns
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::size_t end = place + counts[i];
    for (; place < end; ++place) pixels[place % h * w + place / h] = i % 2;
  }
  return pixels;
}

int64_t Mask::area() const {
  int64_t sum = 0;
  for (std::size_t i = 1; i < counts.size(); i += 2) sum += counts[i];
  return sum;
}

std::string Mask::to_text() const {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    // From the fourth run on only the difference to the run before the last is kept: neighbouring
    // columns of a shape are about as long.
    const int64_t before = i > 2 ? counts[i - 2] : 0;
    append_number(text, static_cast<int64_t>(counts[i]) - before);
  }
  return text;
}

Result<Mask> Mask::from_text(int width, int height, std::string_view text) {
  WEIR_TRY(check_size(width, height));
  Mask mask{width, height, {}};
  while (!text.empty()) {
    int64_t value = 0;
    const bool read = take_number(text, value);
    if (mask.counts.size() > 2) value += mask.counts[mask.counts.size() - 2];
    if (!read || value < 0 || value > int64_t{kMaxSide} * kMaxSide) {
      return Error(ErrorCode::kCorrupt, "the run lengths of a mask are damaged");
    }
    mask.counts.push_back(static_cast<uint32_t>(value));
  }
  WEIR_TRY(mask.check());
  return mask;
}

double iou(const Mask& a, const Mask& b) {
  if (a.width != b.width || a.height != b.height) return 0;
  const std::size_t n = a.counts.size();
  const std::size_t m = b.counts.size();
  int64_t both = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  uint64_t left_a = n > 0 ? a.counts[0] : 0;
  uint64_t left_b = m > 0 ? b.counts[0] : 0;
  while (i < n && j < m) {
    const uint64_t step = std::min(left_a, left_b);
    if (i % 2 == 1 && j % 2 == 1) both += static_cast<int64_t>(step);
    left_a -= step;
    left_b -= step;
    if (left_a == 0 && ++i < n) left_a = a.counts[i];
    if (left_b == 0 && ++j < m) left_b = b.counts[j];
  }
  const int64_t either = a.area() + b.area() - both;
  return either == 0 ? 1.0 : static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace weir

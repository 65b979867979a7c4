#include "tests/media/odd_pictures.h"

#include <cstdlib>
#include <string>

namespace weir::test {
namespace {

class BitWriter {
 public:
  void put(int value, int count) {
    for (int i = count; i-- > 0;) {
      current_ = static_cast<uint8_t>(current_ << 1 | (value >> i & 1));
      if (++filled_ < 8) continue;
      bytes_.push_back(current_);
      if (current_ == 0xFF) bytes_.push_back(0);
      current_ = 0;
      filled_ = 0;
    }
  }
  std::vector<uint8_t> finish() {
    while (filled_ != 0) put(1, 1);
    return bytes_;
  }

 private:
  std::vector<uint8_t> bytes_;
  uint8_t current_ = 0;
  int filled_ = 0;
};

void append(std::vector<uint8_t>& bytes, const std::vector<uint8_t>& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void segment(std::vector<uint8_t>& bytes, uint8_t marker, const std::vector<uint8_t>& content) {
  const std::size_t length = content.size() + 2;
  append(bytes, {0xFF, marker, static_cast<uint8_t>(length >> 8), static_cast<uint8_t>(length)});
  append(bytes, content);
}

// The first coefficient of a block, as the difference to the one before, and then no other. The
// codes of the difference's length have four bits each; the end of a block has the one bit 0.
void put_block(BitWriter& bits, int difference) {
  int length = 0;
  while (std::abs(difference) >> length != 0) ++length;
  bits.put(length, 4);
  bits.put(difference < 0 ? difference + (1 << length) - 1 : difference, length);
  bits.put(0, 1);
}

}  // namespace

std::vector<uint8_t> cmyk_jpeg(const std::vector<std::array<int, 4>>& squares) {
  const auto width = static_cast<uint8_t>(8 * squares.size());
  std::vector<uint8_t> bytes = {0xFF, 0xD8};
  segment(bytes, 0xEE, {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0});
  std::vector<uint8_t> steps(65, 8);  // of 8, so that a coefficient is the mean of its block - 128
  steps[0] = 0;
  segment(bytes, 0xDB, steps);
  segment(bytes, 0xC0, {8, 0, 8, 0, width, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0});
  segment(bytes, 0xC4, {0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0,
                        0, 0, 0, 1, 2,  3, 4, 5, 6, 7, 8, 9, 10, 11});
  segment(bytes, 0xC4, {0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  segment(bytes, 0xDA, {4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0});
  BitWriter bits;
  std::array<int, 4> before{};
  for (const std::array<int, 4>& inks : squares) {
    for (std::size_t i = 0; i < 4; ++i) {
      const int level = 255 - inks[i] - 128;
      put_block(bits, level - before[i]);
      before[i] = level;
    }
  }
  append(bytes, bits.finish());
  append(bytes, {0xFF, 0xD9});
  return bytes;
}

std::vector<uint8_t> with_orientation(const std::vector<uint8_t>& jpeg, uint8_t orientation) {
  std::vector<uint8_t> bytes(jpeg.begin(), jpeg.begin() + 2);
  segment(bytes, 0xE1, {'E',  'x',  'i', 'f', 0, 0, 'M', 'M', 0, 42,          0, 0, 0, 8, 0, 1,
                        0x01, 0x12, 0,   3,   0, 0, 0,   1,   0, orientation, 0, 0, 0, 0, 0, 0});
  bytes.insert(bytes.end(), jpeg.begin() + 2, jpeg.end());
  return bytes;
}

}  // namespace weir::test

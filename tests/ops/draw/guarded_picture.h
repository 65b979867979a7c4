// A BGR picture with bytes around it and between its rows that nobody may write.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/data/image.h"
#include "weir/ops/draw/colour.h"

namespace weir::testing {

class GuardedPicture {
 public:
  GuardedPicture(int width, int height, uint8_t level = 0)
      : stride_(3 * width + 2 * kGuard),
        bytes_(static_cast<std::size_t>(stride_ * (height + 2)), kMark) {
    view_.width = width;
    view_.height = height;
    view_.planes[0] = {bytes_.data() + stride_ + kGuard, stride_};
    for (int y = 0; y < height; ++y) std::fill_n(view_.row(0, y), 3 * width, level);
    clean_ = bytes_;
  }

  const ImageView& view() const { return view_; }
  Colour at(int x, int y) const {
    const uint8_t* p = view_.row(0, y) + 3 * x;
    return {p[2], p[1], p[0]};
  }
  // Pixels that differ from how the picture began.
  int painted() const {
    int count = 0;
    for (int y = 0; y < view_.height; ++y) {
      for (int x = 0; x < view_.width; ++x) count += at(x, y) != began(x, y);
    }
    return count;
  }
  bool is_painted(int x, int y) const { return at(x, y) != began(x, y); }
  bool guards_hold() const {
    std::vector<uint8_t> outside = bytes_;
    for (int y = 0; y < view_.height; ++y) {
      const auto row = outside.begin() + (y + 1) * stride_ + kGuard;
      std::copy_n(clean_.begin() + (y + 1) * stride_ + kGuard, 3 * view_.width, row);
    }
    return outside == clean_;
  }

 private:
  static constexpr int kGuard = 64;
  static constexpr uint8_t kMark = 0xA5;

  Colour began(int x, int y) const {
    const uint8_t* p = clean_.data() + (y + 1) * stride_ + kGuard + 3 * x;
    return {p[2], p[1], p[0]};
  }

  int stride_;
  std::vector<uint8_t> bytes_;
  std::vector<uint8_t> clean_;
  ImageView view_;
};

}  // namespace weir::testing

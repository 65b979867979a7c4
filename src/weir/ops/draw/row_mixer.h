// A colour mixed into rows of bytes, with the vector instructions that this CPU has.
//
//   RowMixer mixer;
//   mixer.take(ink, 3, 96);             // levels of B, G and R again and again, 96 of 255
//   mixer.mix(row, 3 * pixels);
//
// Each byte becomes (byte * (255 - alpha) + level * alpha + 127) / 255. Owned by one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir {

class RowMixer {
 public:
  // `count` levels, 1 to 3. Cheap if they and `alpha` are those that were taken before.
  void take(const uint8_t* levels, int count, int alpha);
  // Begins with the first level.
  void mix(uint8_t* row, std::size_t bytes) const;

  // After so many bytes the levels repeat, whatever their number and the vectors' length.
  static constexpr std::size_t kPeriod = 192;

 private:
  std::array<uint16_t, kPeriod> added_{};  // level * alpha + 127
  std::array<uint8_t, 3> levels_{};
  int count_ = 0;  // 0: none taken yet
  int alpha_ = 0;
};

}  // namespace weir

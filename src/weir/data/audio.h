// A stretch of sound: samples of one or more channels, interleaved.
//
// Like Image, an Audio shares: copies look at the same samples, which live as long as the last of
// them. Concurrent readers are fine, a writer is alone.
//
//   WEIR_ASSIGN(Audio second, Audio::allocate(SampleFormat::kFloat32, 1, 16000, 16000));
//   float* samples = second.as<float>();
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>

#include "weir/base/result.h"

namespace weir {

enum class SampleFormat : uint8_t {
  kInt16,    // -32768 to 32767
  kFloat32,  // -1 to 1
};

// "int16", "float32".
std::string_view name(SampleFormat format);
std::size_t size_of(SampleFormat format);

struct AudioView {
  void* data = nullptr;
  SampleFormat format = SampleFormat::kFloat32;
  int channels = 1;
  int sample_rate = 16000;  // frames a second
  int64_t frames = 0;       // a frame has one sample of each channel

  int64_t samples() const { return frames * channels; }
  double duration_ms() const {
    return 1000.0 * static_cast<double>(frames) / static_cast<double>(sample_rate);
  }
};

// An Error if there is no memory, or a number is absurd.
Status check(const AudioView& view);

class Audio {
 public:
  static constexpr int kMaxChannels = 64;
  static constexpr int kMaxSampleRate = 768000;
  static constexpr int64_t kMaxSamples = int64_t{1} << 33;

  Audio() = default;
  // Memory of our own, not cleared.
  static Result<Audio> allocate(SampleFormat format, int channels, int sample_rate, int64_t frames);
  // Memory of somebody else, kept alive by `owner`.
  static Result<Audio> shared(const AudioView& view, std::shared_ptr<const void> owner);
  // Memory of somebody else, who promises that it outlives every copy of this Audio.
  static Result<Audio> borrowed(const AudioView& view);

  const AudioView& view() const { return view_; }
  bool empty() const { return view_.frames == 0; }
  // T is int16_t or float, as the format says.
  template <class T>
  T* as() const {
    static_assert(std::is_same_v<T, int16_t> || std::is_same_v<T, float>);
    assert(view_.format ==
           (std::is_same_v<T, float> ? SampleFormat::kFloat32 : SampleFormat::kInt16));
    return static_cast<T*>(view_.data);
  }

 private:
  AudioView view_;
  std::shared_ptr<const void> owner_;
};

}  // namespace weir

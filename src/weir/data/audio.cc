#include "weir/data/audio.h"

#include <string>
#include <utility>

#include "weir/data/host_memory.h"

namespace weir {
namespace {

Status check_numbers(const AudioView& view) {
  const bool right = view.channels >= 1 && view.channels <= Audio::kMaxChannels &&
                     view.sample_rate >= 1 && view.sample_rate <= Audio::kMaxSampleRate &&
                     view.frames >= 0 && view.frames <= Audio::kMaxSamples / view.channels;
  if (right) return {};
  return Error(ErrorCode::kInvalidArgument,
               "sound of " + std::to_string(view.channels) + " channels, " +
                   std::to_string(view.sample_rate) + " Hz and " + std::to_string(view.frames) +
                   " frames cannot be",
               "", "1 to 64 channels, 1 to 768000 Hz, at most 2^33 samples");
}

}  // namespace

std::string_view name(SampleFormat format) {
  return format == SampleFormat::kInt16 ? "int16" : "float32";
}

std::size_t size_of(SampleFormat format) {
  return format == SampleFormat::kInt16 ? 2 : 4;
}

Status check(const AudioView& view) {
  WEIR_TRY(check_numbers(view));
  if (view.data == nullptr && view.frames > 0) {
    return Error(ErrorCode::kInvalidArgument, "sound without samples");
  }
  return {};
}

Result<Audio> Audio::allocate(SampleFormat format, int channels, int sample_rate, int64_t frames) {
  AudioView view{nullptr, format, channels, sample_rate, frames};
  WEIR_TRY(check_numbers(view));
  const std::size_t bytes = static_cast<std::size_t>(view.samples()) * size_of(format);
  WEIR_ASSIGN(std::shared_ptr<void> memory, allocate_host(bytes));
  view.data = memory.get();
  return shared(view, memory);
}

Result<Audio> Audio::shared(const AudioView& view, std::shared_ptr<const void> owner) {
  WEIR_TRY(check(view));
  Audio audio;
  audio.view_ = view;
  audio.owner_ = std::move(owner);
  return audio;
}

Result<Audio> Audio::borrowed(const AudioView& view) {
  return shared(view, nullptr);
}

}  // namespace weir

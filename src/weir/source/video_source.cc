#include "weir/source/video_source.h"

#include <algorithm>
#include <utility>

#include "weir/media/video_reader.h"
#include "weir/source/frame_gate.h"

namespace weir {
namespace {

class VideoSource final : public Source {
 public:
  VideoSource(VideoReader video, const SourceSpec& spec, const VideoReadSpec& read,
              ThreadLease threads)
      : video_(std::move(video)),
        spec_(spec),
        read_(read),
        threads_(std::move(threads)),
        gate_(spec),
        rounds_left_(spec.loop) {}

  std::optional<SourceInput> next() override {
    while (!ended_) {
      auto frame = video_.read();
      if (!frame) return fail(std::move(frame).error());
      if (!*frame) {
        if (rounds_left_ == 1 || frames_in_round_ == 0) break;
        if (Status again = go_round(); !again) return end(std::move(again).error());
        continue;
      }
      const int64_t number = number_++;
      if (frames_in_round_++ == 0) first_ms_ = (*frame)->time_ms;
      last_ms_ = (*frame)->time_ms;
      const double time_ms = rounds_ms_ + last_ms_;
      if (!gate_.takes(number, time_ms)) continue;
      SourceInput input;
      input.input = std::move((*frame)->image);
      input.time_ms = time_ms;
      input.number = number;
      return input;
    }
    ended_ = true;
    return std::nullopt;
  }

  int64_t expected() const override {
    const VideoInfo& info = video_.info();
    if (spec_.loop == 0 || info.frames <= 0) return 0;
    double share = 1;
    if (info.duration_ms > 0 && (spec_.start > 0 || spec_.end > 0)) {
      const double end_ms = spec_.end > 0 ? spec_.end * 1000 : info.duration_ms;
      share = (std::min(end_ms, info.duration_ms) - spec_.start * 1000) / info.duration_ms;
    }
    const double frames = static_cast<double>(info.frames) * std::max(0.0, share) * spec_.loop;
    const double taken = spec_.fps > 0 && info.fps > spec_.fps ? spec_.fps / info.fps : 1;
    return static_cast<int64_t>(frames * taken / spec_.every);
  }

 private:
  // The file is opened again, so that the next round is as the first.
  Status go_round() {
    WEIR_ASSIGN(VideoReader again, VideoReader::open(spec_.video.path, read_));
    if (rounds_left_ > 0) --rounds_left_;
    const double fps = video_.info().fps;
    rounds_ms_ += last_ms_ - first_ms_ + (fps > 0 ? 1000 / fps : 40);
    frames_in_round_ = 0;
    video_ = std::move(again);
    return {};
  }

  // The file has gone, or is another by now.
  std::optional<SourceInput> end(Error why) {
    ended_ = true;
    why.message = "the video cannot be gone through again: " + why.message;
    return fail(std::move(why));
  }

  std::optional<SourceInput> fail(Error why) {
    SourceInput input;
    input.error = std::move(why);
    input.number = number_++;
    input.time_ms = rounds_ms_ + last_ms_;
    return input;
  }

  VideoReader video_;
  const SourceSpec spec_;
  const VideoReadSpec read_;
  const ThreadLease threads_;
  FrameGate gate_;
  int32_t rounds_left_;  // 0: for ever
  int64_t number_ = 0;
  int64_t frames_in_round_ = 0;  // a round without any would be followed by others for ever
  double first_ms_ = 0;          // of the round
  double last_ms_ = 0;
  double rounds_ms_ = 0;  // what the rounds before took
  bool ended_ = false;
};

// More than these are hardly faster, and each holds frames of its own.
constexpr int kMostDecoderThreads = 4;

int decoder_threads(const SourceSpec& spec, const SourceOptions& options) {
  if (spec.threads > 0) return spec.threads;
  if (options.budget == nullptr) return 1;
  const int left = options.budget->total() - options.budget->claimed();
  return std::clamp(left / std::max(1, options.sharing), 1, kMostDecoderThreads);
}

}  // namespace

Result<std::unique_ptr<Source>> open_video_source(const SourceSpec& spec,
                                                  const SourceOptions& options) {
  VideoReadSpec read;
  read.start_ms = spec.start * 1000;
  read.end_ms = spec.end * 1000;
  read.threads = decoder_threads(spec, options);
  WEIR_ASSIGN(VideoReader video, VideoReader::open(spec.video.path, read));
  // With one thread the caller decodes, who has claimed itself.
  ThreadLease lease;
  if (options.budget != nullptr && read.threads > 1) {
    lease = options.budget->claim("decode:" + options.name, read.threads);
  }
  return std::unique_ptr<Source>(
      std::make_unique<VideoSource>(std::move(video), spec, read, std::move(lease)));
}

}  // namespace weir

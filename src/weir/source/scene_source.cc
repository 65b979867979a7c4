#include "weir/source/scene_source.h"

#include <cmath>
#include <limits>
#include <utility>

#include "weir/source/frame_gate.h"

namespace weir {
namespace {

// Frames are numbered from the beginning of the scene, so that the same number is the same picture
// wherever one begins.
class SceneSource final : public Source {
 public:
  explicit SceneSource(const SourceSpec& spec)
      : spec_(spec),
        scene_(*spec.scene),
        gate_(spec),
        first_(first_from(spec.start)),
        end_(spec.end > 0 ? first_from(spec.end) : std::numeric_limits<int64_t>::max()),
        frame_(first_),
        rounds_left_(spec.loop) {}

  std::optional<SourceInput> next() override {
    while (true) {
      if (frame_ >= end_ && !go_round()) return std::nullopt;
      const int64_t frame = frame_++;
      const int64_t number = round_ * (end_ - first_) + frame - first_;
      const double time_ms = scene_.time_ms(first_ + number);
      if (!gate_.takes(number, time_ms)) continue;
      return input_of(frame, number, time_ms);
    }
  }

  int64_t expected() const override {
    if (spec_.end <= 0 || spec_.loop == 0) return 0;
    const int64_t frames = (end_ - first_) * spec_.loop;
    if (spec_.fps <= 0 || spec_.fps >= scene_.spec().fps)
      return (frames + spec_.every - 1) / spec_.every;
    return static_cast<int64_t>(
        std::ceil(static_cast<double>(frames) / scene_.spec().fps * spec_.fps));
  }

 private:
  // The first frame at that second or later; a time that is meant to be a frame's is that frame.
  int64_t first_from(double seconds) const {
    return static_cast<int64_t>(std::ceil(seconds * scene_.spec().fps - 1e-6));
  }

  bool go_round() {
    if (rounds_left_ == 1 || end_ <= first_) return false;
    if (rounds_left_ > 0) --rounds_left_;
    frame_ = first_;
    ++round_;
    return true;
  }

  SourceInput input_of(int64_t frame, int64_t number, double time_ms) const {
    SourceInput input;
    input.number = number;
    input.time_ms = time_ms;
    auto picture = scene_.picture(frame);
    if (picture) {
      input.input = std::move(picture).value();
      input.truth = scene_.truth(frame);
    } else {
      input.error = std::move(picture).error();
    }
    return input;
  }

  const SourceSpec spec_;
  const SyntheticScene scene_;
  FrameGate gate_;
  const int64_t first_;
  const int64_t end_;
  int64_t frame_;
  int32_t rounds_left_;  // 0: for ever
  int64_t round_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_scene_source(const SourceSpec& spec) {
  return std::make_unique<SceneSource>(spec);
}

}  // namespace weir

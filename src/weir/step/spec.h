// What a user writes about a step of a pipeline: a model, a tracker or the source's own truth; what
// it looks at, when.
//
//   steps:
//     objects: {model: detector, score: 0.4, keep: {labels: [Person, Car]}}
//     people:  {track: bytetrack, on: objects, keep: {labels: [Person]}}
//     faces:   {model: face, on: people, every: 5, per: track}
//
// Plain values. docs/pipelines.md has every key, and is made from the tables in spec.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/config/fields.h"

namespace weir {

// Which findings count. What is not set lets everything through.
struct KeepSpec {
  std::vector<std::string> labels = {};
  std::optional<double> min_score = {};
  double min_side = 0;    // pixels of the source
  int32_t max_count = 0;  // the surest ones; 0: all
  // Corners, as parts of the width and height. A finding is inside where it stands: the middle of
  // the lower edge of its box.
  std::vector<std::array<double, 2>> zone = {};
};

// How often: `5` is every fifth task of a stream, `0.5 s` every half second of its time.
struct EverySpec {
  int64_t frames = 1;
  double seconds = 0;  // above 0: instead of frames

  bool is_always() const { return frames <= 1 && seconds <= 0; }
  bool operator==(const EverySpec&) const = default;
};

// Who remembers an answer.
enum class PerSpec : uint8_t {
  kFrame,  // nobody, or with `every` the stream
  kTrack,  // each track has its own
};

struct TrackSpec {
  enum class By : uint8_t { kNone, kByteTrack, kSort };

  By by = By::kNone;
  double high = 0.5;         // bytetrack: what is surer is matched first
  double low = 0.1;          // bytetrack: and what is less sure not at all
  double start = 0.6;        // bytetrack: a new track begins at
  double match = 0.8;        // bytetrack: the largest cost (1 - IoU x score)
  double score = 0.5;        // sort: findings below are not looked at
  double iou = 0.3;          // sort: the least overlap
  int32_t min_hits = 3;      // sort: seen so often before it is told
  int32_t lost_frames = 30;  // remembered so long without being seen
  bool per_label = true;     // a track keeps its label
};

struct StepSpec {
  // Exactly one of the three.
  std::string model = {};  // a name under `models`
  TrackSpec track = {};
  bool truth = false;  // what the source knows

  std::vector<std::string> on = {};  // steps whose findings it looks at; none: the whole frame
  std::optional<double> score = {};  // instead of the model's threshold
  KeepSpec keep = {};
  EverySpec every = {};
  PerSpec per = PerSpec::kFrame;
  int32_t priority = 0;  // higher goes first; equal: the one nearest the end

  bool tracks() const { return track.by != TrackSpec::By::kNone; }
};

namespace config {
template <>
struct Codec<EverySpec> {
  static TypeDoc type();
  static Status read(const Node& node, const std::string& name, const Rules& rules, EverySpec& out);
  static Node write(const EverySpec& value);
};
}  // namespace config

std::vector<config::EnumName<PerSpec>> config_names(PerSpec);
std::vector<config::EnumName<TrackSpec::By>> config_names(TrackSpec::By);
const config::Fields<KeepSpec>& config_fields(const KeepSpec*);
const config::Fields<TrackSpec>& config_fields(const TrackSpec*);
const config::Fields<StepSpec>& config_fields(const StepSpec*);

}  // namespace weir

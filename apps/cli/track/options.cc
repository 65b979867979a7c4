#include "apps/cli/track/options.h"

#include "apps/cli/text.h"

namespace weir::cli {
namespace {

constexpr int kMostFrames = 100'000;

std::string name_of(Follower::By by) {
  return by == Follower::By::kSort ? "sort" : "bytetrack";
}

}  // namespace

std::vector<Option> TrackOptions::table() {
  return {
      {"detections", &input, "MOT text or JSON Lines, sorted by frame; - is standard input", "FILE",
       true},
      {"--tracker", &tracker, "Which one; default: bytetrack", "bytetrack|sort"},
      {"-o,--out", &out,
       "Where to write: MOT, or JSON Lines where it ends in .jsonl; default: stdout", "FILE"},
      {"--step", &step, "JSON Lines: follow what this step found; default: whatever has no parent",
       "NAME"},
      {"--label", &labels, "JSON Lines: follow this class only; may be given again", "LABEL"},
      {"--any-label", &any_label, "A track may change its class"},
      {"--boxes", &boxes, "What is written: boxes as they were found, or as the filter sees them",
       "found|filtered"},
      {"--lost-frames", &lost_frames,
       "How long a track is remembered that is not seen; default: 30", "FRAMES"},
      {"--high", &high, "bytetrack: findings from here on are matched first; default: 0.5",
       "SCORE"},
      {"--low", &low, "bytetrack: findings below are not looked at; default: 0.1", "SCORE"},
      {"--start", &start, "bytetrack: a track begins at this score; default: 0.6", "SCORE"},
      {"--match", &match, "bytetrack: the largest cost (1 - IoU x score) of a match; default: 0.8",
       "COST"},
      {"--match-low", &match_low, "bytetrack: the same for findings below --high; default: 0.5",
       "COST"},
      {"--match-new", &match_new,
       "bytetrack: the same for tracks that were seen once; default: 0.7", "COST"},
      {"--plain-overlap", &plain_overlap, "bytetrack: the cost is 1 - IoU, without the score"},
      {"--last-box", &last_box,
       "bytetrack: overlap with where a track was, not where it should be"},
      {"--last-pixel", &last_pixel, "bytetrack: boxes name their last pixel, not its outer edge"},
      {"--score", &score, "sort: findings below are not looked at; default: 0.5", "SCORE"},
      {"--iou", &iou, "sort: the least overlap of a track with its finding; default: 0.3", "IOU"},
      {"--min-hits", &min_hits, "sort: seen so often in a row before it is told; default: 3",
       "FRAMES"}};
}

Follower::By TrackOptions::by() const {
  return tracker == "sort" ? Follower::By::kSort : Follower::By::kByteTrack;
}

Status TrackOptions::only(const char* flag, bool set, Follower::By of) const {
  if (!set || of == by()) return {};
  return Error(ErrorCode::kInvalidArgument,
               std::string("is an option of ") + name_of(of) + ", and the tracker is " + tracker,
               flag, "leave it out, or say --tracker " + name_of(of));
}

Status TrackOptions::take(const char* flag, double value, double least, double most,
                          Follower::By of, float& target) const {
  if (value == kNotSet) return {};
  WEIR_TRY(only(flag, true, of));
  // Not `value < least`: NaN is no number from … to … either.
  if (!(value >= least && value <= most)) {
    return Error(ErrorCode::kInvalidArgument,
                 "takes a number from " + fixed(least, 0) + " to " + fixed(most, 0), flag);
  }
  target = static_cast<float>(value);
  return {};
}

Status TrackOptions::take_frames(const char* flag, int value, int& target) const {
  if (value == static_cast<int>(kNotSet)) return {};
  if (value < 1 || value > kMostFrames) {
    return Error(ErrorCode::kInvalidArgument, "takes 1 to 100000 frames", flag);
  }
  target = value;
  return {};
}

Result<Follower::Spec> TrackOptions::spec() const {
  using By = Follower::By;
  Follower::Spec spec;
  spec.by = by();
  ByteTrackParams& byte = spec.byte;
  // Scores of detectors that give no probabilities may be any number.
  constexpr double kAny = 1e6;
  WEIR_TRY(take("--high", high, -kAny, kAny, By::kByteTrack, byte.high));
  WEIR_TRY(take("--low", low, -kAny, kAny, By::kByteTrack, byte.low));
  WEIR_TRY(take("--start", start, -kAny, kAny, By::kByteTrack, byte.start));
  WEIR_TRY(take("--match", match, 0, 1, By::kByteTrack, byte.match));
  WEIR_TRY(take("--match-low", match_low, 0, 1, By::kByteTrack, byte.match_low));
  WEIR_TRY(take("--match-new", match_new, 0, 1, By::kByteTrack, byte.match_new));
  WEIR_TRY(only("--plain-overlap", plain_overlap, By::kByteTrack));
  WEIR_TRY(only("--last-box", last_box, By::kByteTrack));
  WEIR_TRY(only("--last-pixel", last_pixel, By::kByteTrack));
  WEIR_TRY(take("--score", score, -kAny, kAny, By::kSort, spec.sort.score));
  WEIR_TRY(take("--iou", iou, 0, 1, By::kSort, spec.sort.iou));
  WEIR_TRY(only("--min-hits", min_hits != static_cast<int>(kNotSet), By::kSort));
  WEIR_TRY(take_frames("--min-hits", min_hits, spec.sort.min_hits));
  spec.sort.max_age = byte.lost_frames;
  WEIR_TRY(take_frames("--lost-frames", lost_frames, byte.lost_frames));
  WEIR_TRY(take_frames("--lost-frames", lost_frames, spec.sort.max_age));
  byte.fuse_score = !plain_overlap;
  byte.predicted = !last_box;
  byte.last_pixel = last_pixel;
  byte.per_label = spec.sort.per_label = !any_label;
  spec.step = step;
  spec.labels = labels;
  spec.filtered = boxes == "filtered";
  if (byte.low > byte.high) {
    return Error(ErrorCode::kInvalidArgument, "is above --high", "--low",
                 "findings from --high on are strong, those from --low to it weak");
  }
  return spec;
}

}  // namespace weir::cli

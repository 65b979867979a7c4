// ByteTrack: every detection box is associated, the strong ones first, then the weak ones with the
// tracks that nothing strong was found for.
//
//   ByteTracker tracker;
//   for (frame…) for (const Track& track : tracker.update(detections)) use(track.id, track.box);
//
// One object per stream, one thread at a time; what update() returns is good until the next call.
// Memory is bounded by the tracks of the last `lost_frames` frames, and in the steady state nothing
// is allocated. Results depend on the calls alone, never on time: frames that were dropped in
// between are said by `frames`, and then motion and ageing pass over them.
//
// A track's life:
//
//   (detection) -> tentative -> tracked <-> lost -> gone
//                      |                     ^ not seen for lost_frames
//                      +-> gone: not seen again in the very next frame
//
// In the first frame a track is confirmed at once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/ops/track/assignment.h"
#include "weir/ops/track/kalman_axis.h"
#include "weir/ops/track/track.h"

namespace weir {

struct ByteTrackParams {
  // Both include the value itself, which the published tracker leaves to neither side.
  float high = 0.5F;        // detections from here on are strong
  float low = 0.1F;         // and below here are not looked at
  float start = 0.6F;       // a new track begins at this score
  float match = 0.8F;       // cost limit (1 - IoU) for strong detections
  float match_low = 0.5F;   // for weak ones
  float match_new = 0.7F;   // for tracks that are not confirmed yet
  int lost_frames = 30;     // how long a lost track is remembered
  bool fuse_score = true;   // cost = 1 - IoU * score instead of 1 - IoU
  bool predicted = true;    // associate with where a track should be now, not where it was last
  bool last_pixel = false;  // boxes name their last pixel, not its outer edge
  bool per_label = false;   // a track keeps its label: others never match it
};

class ByteTracker {
 public:
  explicit ByteTracker(const ByteTrackParams& params = {}) : params_(params) {}

  // `frames`: how many frames of the source have passed since the last call, 1 if none was dropped.
  // The tracks that are seen and confirmed, in the order of their ids.
  std::span<const Track> update(std::span<const Detection> detections, int64_t frames = 1);
  // Tracks in memory, lost and tentative ones too.
  std::size_t size() const { return tracks_.size(); }

 private:
  enum class State : uint8_t { kTentative, kTracked, kLost, kGone };
  struct Record {
    KalmanAxis x, y, aspect, height;
    Box box;  // what detections are associated with
    State state = State::kTentative;
    bool matched = false;  // in this frame
    int64_t id = 0;
    int64_t first_frame = 0;
    int64_t last_frame = 0;
    float score = 0;
    int32_t label_id = -1;
    int32_t detection = -1;
  };

  void predict(Record& track, int64_t frames) const;
  void split(std::span<const Detection> detections);
  // Associates the tracks of candidates_ with those of `indices` that are still free.
  void associate(std::span<const Detection> detections, std::vector<int>& indices, float limit,
                 bool fuse);
  void correct(Record& track, const Detection& detection, int index);
  void begin_track(const Detection& detection, int index);
  void drop_duplicates();
  void report();

  const ByteTrackParams params_;
  int64_t frame_ = 0;
  int64_t first_frame_ = 0;
  int64_t next_id_ = 1;
  std::vector<Record> tracks_;
  std::vector<Track> seen_;
  // Scratch of one call.
  Assignment assignment_;
  std::vector<int> candidates_;  // indices into tracks_
  std::vector<int> strong_;      // indices into the detections
  std::vector<int> weak_;
};

}  // namespace weir

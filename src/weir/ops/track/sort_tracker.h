// SORT: a constant-velocity filter per box, associated with the detections by overlap alone. Simple
// and fast; for crowded scenes byte_tracker.h loses fewer tracks.
//
//   SortTracker tracker;
//   for (frame…) for (const Track& track : tracker.update(detections)) use(track.id, track.box);
//
// One object per stream, one thread at a time; what update() returns is good until the next call.
// Frames that were dropped in between are said by `frames`: motion and ageing pass over them, and a
// track is looked for where it is by then, however few frames it survives unseen.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/ops/track/assignment.h"
#include "weir/ops/track/kalman_axis.h"
#include "weir/ops/track/track.h"

namespace weir {

struct SortParams {
  float score = 0.5F;      // detections below are not looked at
  float iou = 0.3F;        // the least overlap of a track with its detection
  int max_age = 1;         // frames that a track survives without a detection
  int min_hits = 3;        // detections in a row before a track is reported
  bool per_label = false;  // a track keeps its label
};

class SortTracker {
 public:
  explicit SortTracker(const SortParams& params = {}) : params_(params) {}

  // `frames`: how many frames of the source have passed since the last call, 1 if none was dropped.
  std::span<const Track> update(std::span<const Detection> detections, int64_t frames = 1);
  std::size_t size() const { return tracks_.size(); }

 private:
  struct Record {
    KalmanAxis x, y, area, ratio;
    Box box;
    int64_t id = 0;
    int64_t first_frame = 0;
    int64_t unseen = 0;  // frames since the last detection
    int hits = 0;        // detections in a row
    float score = 0;
    int32_t label_id = -1;
    int32_t detection = -1;
  };

  void predict(Record& track, int64_t frames) const;
  void correct(Record& track, const Detection& detection, int index) const;
  void begin_track(const Detection& detection, int index);
  void report();

  const SortParams params_;
  int64_t frame_ = 0;
  int64_t next_id_ = 1;
  std::vector<Record> tracks_;
  std::vector<Track> seen_;
  Assignment assignment_;
  std::vector<int> usable_;  // indices into the detections
};

}  // namespace weir

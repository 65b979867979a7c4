#include "weir/ops/track/byte_tracker.h"

#include <algorithm>

#include "weir/ops/box.h"

namespace weir {
namespace {

// The filter's noises: standard deviations relative to the box height, and of the aspect ratio.
constexpr double kPositionStd = 1.0 / 20;
constexpr double kVelocityStd = 1.0 / 160;
constexpr double kAspectStd = 1e-2;
constexpr double kAspectVelocityStd = 1e-5;
constexpr double kAspectMeasuredStd = 1e-1;
// Below this distance (1 - IoU) a tracked and a lost track are the same thing seen twice.
constexpr float kDuplicateDistance = 0.15F;

constexpr double square(double x) {
  return x * x;
}

Box box_of(double x, double y, double aspect, double height) {
  const double half_width = aspect * height / 2;
  return {static_cast<float>(x - half_width), static_cast<float>(y - height / 2),
          static_cast<float>(x + half_width), static_cast<float>(y + height / 2)};
}

}  // namespace

void ByteTracker::predict(Record& track, int64_t frames) const {
  // A lost track keeps its height: nobody measures it.
  if (track.state != State::kTracked) track.height.velocity = 0;
  // Also beyond what a lost track survives: frames that nobody looked at do not make it lost.
  const int64_t steps = std::min(frames, kMostPredicted);
  for (int64_t i = 0; i < steps; ++i) {
    const double position = square(kPositionStd * track.height.position);
    const double velocity = square(kVelocityStd * track.height.position);
    track.x.predict(position, velocity);
    track.y.predict(position, velocity);
    track.aspect.predict(square(kAspectStd), square(kAspectVelocityStd));
    track.height.predict(position, velocity);
  }
  if (!params_.predicted) return;
  track.box =
      box_of(track.x.position, track.y.position, track.aspect.position, track.height.position);
}

void ByteTracker::correct(Record& track, const Detection& detection, int index) {
  const double noise = square(kPositionStd * track.height.position);
  const Box& box = detection.box;
  const double height = static_cast<double>(box.height());
  track.x.correct((static_cast<double>(box.x1) + static_cast<double>(box.x2)) / 2, noise);
  track.y.correct((static_cast<double>(box.y1) + static_cast<double>(box.y2)) / 2, noise);
  track.aspect.correct(static_cast<double>(box.width()) / height, square(kAspectMeasuredStd));
  track.height.correct(height, noise);
  track.box =
      box_of(track.x.position, track.y.position, track.aspect.position, track.height.position);
  track.state = State::kTracked;
  track.matched = true;
  track.last_frame = frame_;
  track.score = detection.score;
  track.label_id = detection.label_id;
  track.detection = index;
}

void ByteTracker::begin_track(const Detection& detection, int index) {
  const Box& box = detection.box;
  const double height = static_cast<double>(box.height());
  const double position = square(2 * kPositionStd * height);
  const double velocity = square(10 * kVelocityStd * height);
  Record track;
  track.x = KalmanAxis::start((static_cast<double>(box.x1) + static_cast<double>(box.x2)) / 2,
                              position, velocity);
  track.y = KalmanAxis::start((static_cast<double>(box.y1) + static_cast<double>(box.y2)) / 2,
                              position, velocity);
  track.aspect = KalmanAxis::start(static_cast<double>(box.width()) / height, square(kAspectStd),
                                   square(kAspectVelocityStd));
  track.height = KalmanAxis::start(height, position, velocity);
  track.box = box;
  track.state = frame_ == first_frame_ ? State::kTracked : State::kTentative;
  track.matched = true;
  track.id = next_id_++;
  track.first_frame = track.last_frame = frame_;
  track.score = detection.score;
  track.label_id = detection.label_id;
  track.detection = index;
  tracks_.push_back(track);
}

void ByteTracker::split(std::span<const Detection> detections) {
  strong_.clear();
  weak_.clear();
  for (int i = 0; i < static_cast<int>(detections.size()); ++i) {
    const Detection& detection = detections[i];
    if (!is_proper(detection.box)) continue;
    if (detection.score >= params_.high) {
      strong_.push_back(i);
    } else if (detection.score >= params_.low) {
      weak_.push_back(i);
    }
  }
}

void ByteTracker::associate(std::span<const Detection> detections, std::vector<int>& indices,
                            float limit, bool fuse) {
  const int rows = static_cast<int>(candidates_.size());
  const int columns = static_cast<int>(indices.size());
  if (rows == 0 || columns == 0) return;
  const float extra = params_.last_pixel ? 1.0F : 0.0F;
  assignment_.begin(rows, columns, limit);
  for (int row = 0; row < rows; ++row) {
    const Record& track = tracks_[candidates_[row]];
    for (int column = 0; column < columns; ++column) {
      const Detection& detection = detections[indices[column]];
      if (params_.per_label && track.label_id != detection.label_id) continue;
      const float overlap = iou(track.box, detection.box, extra);
      if (overlap <= 0) continue;
      assignment_.add(row, column, 1 - (fuse ? overlap * detection.score : overlap));
    }
  }
  assignment_.solve();
  for (int row = 0; row < rows; ++row) {
    const int column = assignment_.column_of(row);
    if (column == Assignment::kUnmatched) continue;
    correct(tracks_[candidates_[row]], detections[indices[column]], indices[column]);
  }
  std::size_t kept = 0;
  for (int column = 0; column < columns; ++column) {
    if (assignment_.row_of(column) == Assignment::kUnmatched) indices[kept++] = indices[column];
  }
  indices.resize(kept);
}

std::span<const Track> ByteTracker::update(std::span<const Detection> detections, int64_t frames) {
  frames = std::max<int64_t>(frames, 1);
  if (frame_ == 0) first_frame_ = frames;
  frame_ += frames;
  split(detections);

  // Confirmed tracks, seen or lost, against the strong detections.
  candidates_.clear();
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    Record& track = tracks_[i];
    track.matched = false;
    if (track.state == State::kTentative) continue;
    predict(track, frames);
    candidates_.push_back(static_cast<int>(i));
  }
  associate(detections, strong_, params_.match, params_.fuse_score);

  // What was seen last time and not now, against the weak ones.
  std::erase_if(candidates_,
                [&](int i) { return tracks_[i].matched || tracks_[i].state != State::kTracked; });
  associate(detections, weak_, params_.match_low, false);
  for (const int i : candidates_) {
    if (!tracks_[i].matched) tracks_[i].state = State::kLost;
  }

  // Tentative tracks against the strong ones that are left; who is not seen again is gone.
  candidates_.clear();
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (tracks_[i].state == State::kTentative) candidates_.push_back(static_cast<int>(i));
  }
  associate(detections, strong_, params_.match_new, params_.fuse_score);
  for (const int i : candidates_) {
    if (!tracks_[i].matched) tracks_[i].state = State::kGone;
  }

  for (const int index : strong_) {
    if (detections[index].score >= params_.start) begin_track(detections[index], index);
  }
  for (Record& track : tracks_) {
    const bool expired = frame_ - track.last_frame > params_.lost_frames;
    if (track.state == State::kLost && expired) track.state = State::kGone;
  }
  drop_duplicates();
  std::erase_if(tracks_, [](const Record& track) { return track.state == State::kGone; });
  report();
  return seen_;
}

// Of a seen and a lost one in the same place, the younger goes.
void ByteTracker::drop_duplicates() {
  const float extra = params_.last_pixel ? 1.0F : 0.0F;
  for (Record& lost : tracks_) {
    if (lost.state != State::kLost) continue;
    for (Record& seen : tracks_) {
      if (!seen.matched || seen.state == State::kGone) continue;
      if (params_.per_label && seen.label_id != lost.label_id) continue;
      if (1 - iou(seen.box, lost.box, extra) >= kDuplicateDistance) continue;
      const int64_t seen_life = seen.last_frame - seen.first_frame;
      const int64_t lost_life = lost.last_frame - lost.first_frame;
      (seen_life > lost_life ? lost : seen).state = State::kGone;
      if (lost.state == State::kGone) break;
    }
  }
}

void ByteTracker::report() {
  seen_.clear();
  for (const Record& track : tracks_) {  // in the order of their ids: they are appended
    if (track.state != State::kTracked || !track.matched) continue;
    seen_.push_back({track.id, track.box, track.score, track.label_id, track.detection,
                     frame_ - track.first_frame});
  }
}

}  // namespace weir

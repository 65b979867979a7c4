#include "weir/ops/track/sort_tracker.h"

#include <algorithm>
#include <cmath>

#include "weir/ops/box.h"

namespace weir {
namespace {

// The filter's variances: of a new track, of motion, of a measurement.
constexpr double kStartPosition = 10;
constexpr double kStartVelocity = 10'000;
constexpr double kMotionPosition = 1;
constexpr double kMotionVelocity = 0.01;
constexpr double kMotionAreaVelocity = 0.0001;
constexpr double kMeasuredCentre = 1;
constexpr double kMeasuredArea = 10;

Box box_of(double x, double y, double area, double ratio) {
  const double width = std::sqrt(std::max(area * ratio, 0.0));
  const double height = width > 0 ? area / width : 0;
  return {static_cast<float>(x - width / 2), static_cast<float>(y - height / 2),
          static_cast<float>(x + width / 2), static_cast<float>(y + height / 2)};
}

}  // namespace

void SortTracker::predict(Record& track, int64_t frames) const {
  const int64_t steps = std::min(frames, kMostPredicted);
  for (int64_t i = 0; i < steps; ++i) {
    // An area never becomes negative.
    if (track.area.position + track.area.velocity <= 0) track.area.velocity = 0;
    track.x.predict(kMotionPosition, kMotionVelocity);
    track.y.predict(kMotionPosition, kMotionVelocity);
    track.area.predict(kMotionPosition, kMotionAreaVelocity);
    track.ratio.predict(kMotionPosition, 0);
  }
  if (track.unseen > 0) track.hits = 0;
  track.unseen += frames;
  track.box = box_of(track.x.position, track.y.position, track.area.position, track.ratio.position);
}

void SortTracker::correct(Record& track, const Detection& detection, int index) const {
  const Box& box = detection.box;
  track.x.correct((static_cast<double>(box.x1) + static_cast<double>(box.x2)) / 2, kMeasuredCentre);
  track.y.correct((static_cast<double>(box.y1) + static_cast<double>(box.y2)) / 2, kMeasuredCentre);
  track.area.correct(static_cast<double>(box.area()), kMeasuredArea);
  track.ratio.correct(static_cast<double>(box.width() / box.height()), kMeasuredArea);
  track.box = box_of(track.x.position, track.y.position, track.area.position, track.ratio.position);
  track.unseen = 0;
  ++track.hits;
  track.score = detection.score;
  track.label_id = detection.label_id;
  track.detection = index;
}

void SortTracker::begin_track(const Detection& detection, int index) {
  const Box& box = detection.box;
  Record track;
  track.x = KalmanAxis::start((static_cast<double>(box.x1) + static_cast<double>(box.x2)) / 2,
                              kStartPosition, kStartVelocity);
  track.y = KalmanAxis::start((static_cast<double>(box.y1) + static_cast<double>(box.y2)) / 2,
                              kStartPosition, kStartVelocity);
  track.area = KalmanAxis::start(static_cast<double>(box.area()), kStartPosition, kStartVelocity);
  track.ratio =
      KalmanAxis::start(static_cast<double>(box.width() / box.height()), kStartPosition, 0);
  track.box = box;
  track.id = next_id_++;
  track.first_frame = frame_;
  track.score = detection.score;
  track.label_id = detection.label_id;
  track.detection = index;
  tracks_.push_back(track);
}

std::span<const Track> SortTracker::update(std::span<const Detection> detections, int64_t frames) {
  frames = std::max<int64_t>(frames, 1);
  frame_ += frames;
  for (Record& track : tracks_) predict(track, frames);
  usable_.clear();
  for (int i = 0; i < static_cast<int>(detections.size()); ++i) {
    if (detections[i].score >= params_.score && is_proper(detections[i].box)) usable_.push_back(i);
  }
  const int rows = static_cast<int>(tracks_.size());
  const int columns = static_cast<int>(usable_.size());
  // Just above the limit, so that an overlap of exactly `iou` counts.
  assignment_.begin(rows, columns, std::nextafter(1 - params_.iou, 2.0F));
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const Detection& detection = detections[usable_[column]];
      if (params_.per_label && tracks_[row].label_id != detection.label_id) continue;
      assignment_.add(row, column, 1 - iou(tracks_[row].box, detection.box));
    }
  }
  assignment_.solve();
  for (int column = 0; column < columns; ++column) {
    const int index = usable_[column];
    const int row = assignment_.row_of(column);
    if (row == Assignment::kUnmatched) {
      begin_track(detections[index], index);
    } else {
      correct(tracks_[row], detections[index], index);
    }
  }
  std::erase_if(tracks_, [&](const Record& track) { return track.unseen > params_.max_age; });
  report();
  return seen_;
}

void SortTracker::report() {
  seen_.clear();
  for (const Record& track : tracks_) {
    const bool early = frame_ <= params_.min_hits;
    if (track.unseen > 0 || (track.hits < params_.min_hits && !early)) continue;
    seen_.push_back({track.id, track.box, track.score, track.label_id, track.detection,
                     frame_ - track.first_frame});
  }
}

}  // namespace weir

#include "weir/ops/draw/trails.h"

#include "weir/ops/box.h"

namespace weir {

void Trails::add(const Task& task) {
  ++tasks_;
  for (const Finding& finding : task.findings) {
    if (finding.track == Finding::kNone || !finding.box || !is_finite(*finding.box)) continue;
    Trail& trail = tracks_[finding.track];
    if (trail.last == tasks_) continue;  // a further step's finding of the same track
    const Box& box = *finding.box;
    trail.places.push_back({(box.x1 + box.x2) / 2.0, static_cast<double>(box.y2)});
    if (trail.places.size() > static_cast<std::size_t>(length_)) trail.places.pop_front();
    trail.last = tasks_;
  }
  std::erase_if(tracks_, [&](const auto& entry) { return entry.second.last < tasks_ - length_; });
}

const std::deque<Point>& Trails::of(int64_t track) const {
  static const std::deque<Point> kNowhere;
  const auto found = tracks_.find(track);
  return found == tracks_.end() ? kNowhere : found->second.places;
}

}  // namespace weir

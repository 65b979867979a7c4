// Where tracks have been: the last places of each, to be drawn as a fading line behind it.
//
//   Trails trails(40);
//   trails.add(task);
//   for (const Point& place : trails.of(finding.track)) …
//
// Of one stream; one thread. Memory is bounded by the tracks of the last tasks.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "weir/data/task.h"
#include "weir/ops/draw/canvas.h"

namespace weir {

class Trails {
 public:
  // Keeps `length` places of a track, and a track for as many tasks after it was last seen.
  explicit Trails(int length) : length_(length) {}

  // Notes where the tracks of this task stand: the middle of the lower edge of their boxes.
  void add(const Task& task);
  // Oldest first; empty for a track that is not known.
  const std::deque<Point>& of(int64_t track) const;
  std::size_t size() const { return tracks_.size(); }

 private:
  struct Trail {
    std::deque<Point> places;
    int64_t last = 0;  // the task in which it was seen
  };
  int length_;
  int64_t tasks_ = 0;
  std::unordered_map<int64_t, Trail> tracks_;
};

}  // namespace weir

// When a step is due, by `every` and `per: track`: one object for each stream.
//
//   if (cadence.is_due(cadence.of_track(7), seq, time_ms)) …
//
// Depends on the tasks' numbers and times alone, so a recording gives the same every time. One
// thread at a time.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "weir/step/spec.h"

namespace weir {

class Cadence {
 public:
  // `forget_after`: a track that was not seen in so many tasks never comes back.
  Cadence(const EverySpec& every, bool once, int64_t forget_after)
      : every_(every), once_(once), forget_after_(forget_after) {}

  // Says yes to all that ask for the same track in the same task. `track` -1: the whole frame.
  bool is_due(int64_t track, int64_t seq, double time_ms);
  // After all tracks of a task have asked.
  void end_task(int64_t seq);
  std::size_t tracks() const { return entries_.size(); }

 private:
  struct Entry {
    int64_t asked_seq = 0;
    double asked_ms = 0;
    int64_t seen_seq = 0;
  };

  EverySpec every_;
  bool once_;  // without `every`: one answer is enough
  int64_t forget_after_;
  int64_t swept_seq_ = 0;
  std::unordered_map<int64_t, Entry> entries_;
};

}  // namespace weir

// When a step is due, by `every` and `per: track`: one object for each stream.
//
//   if (cadence.is_due(cadence.of_track(7), seq, time_ms)) …
//
// Depends on the tasks' numbers and times alone, so a recording gives the same every time. One
// thread at a time.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "weir/base/mutex.h"
#include "weir/step/spec.h"

namespace weir {

class Cadence {
 public:
  // `forget_after`: a track that was not seen in so many tasks never comes back.
  Cadence(const EverySpec& every, bool once, int64_t forget_after)
      : every_(every), once_(once), forget_after_(forget_after) {}

  // Says yes to all that ask for the same track in the same task. `track` -1: the whole frame.
  bool is_due(int64_t track, int64_t seq, double time_ms);
  // What was asked in that task never got its answer, so that it is due at once.
  void take_back(int64_t track, int64_t seq);
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

// What was asked and not answered, because its item or its task failed or was dropped: on its way
// from a step's join to its split, which may be some tasks ahead. Any thread.
class Unanswered {
 public:
  void add(int64_t track, int64_t seq);
  void take_back_all(Cadence& cadence);

 private:
  struct Asked {
    int64_t track;
    int64_t seq;
  };
  Mutex mutex_;
  std::vector<Asked> asked_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir

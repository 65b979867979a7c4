// Gives what is found in one frame after the other the same number: a tracker for each stream, and
// the tasks that go through it.
//
//   Follower follower({.by = Follower::By::kSort});
//   while (…) follower.follow(task);            // sets `track` of what is followed
//
// One thread; the tasks of a stream in their order.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "weir/data/task.h"
#include "weir/ops/track/byte_tracker.h"
#include "weir/ops/track/sort_tracker.h"

namespace weir::cli {

class Follower {
 public:
  enum class By { kByteTrack, kSort };

  struct Spec {
    By by = By::kByteTrack;
    ByteTrackParams byte = {};
    SortParams sort = {};
    std::string step = {};  // what this step found; empty: whatever has a box and no parent
    std::vector<std::string> labels = {};  // only these classes; empty: all
    bool filtered = false;                 // boxes are the filter's estimate, not what was found
    bool gap_is_empty = false;  // a frame that is missing had nothing in it; else nobody looked
  };

  explicit Follower(Spec spec) : spec_(std::move(spec)) {}

  // Whatever `track` the findings had is replaced; who belongs to a finding has its track, too. A
  // task that failed or was dropped stays as it is: nobody looked.
  void follow(Task& task);

  uint64_t frames() const { return frames_; }
  uint64_t boxes() const { return boxes_; }
  uint64_t tracks() const { return tracks_; }
  // The step and the classes that it was to follow and never met, each in words, with the nearest
  // that it did: "no finding is called 'persn'; did you mean 'person'?"
  std::vector<std::string> never_met() const;

 private:
  using Tracker = std::variant<ByteTracker, SortTracker>;
  struct Stream {
    Tracker tracker;
    int64_t last_seq = -1;
    std::vector<bool> told = {};  // by number: one bit a track
  };

  Stream& stream_of(const std::string& name);
  void meet(const Task& task, const Finding& finding);
  bool counts(const Task& task, const Finding& finding) const;
  int32_t class_of(const Task& task, const Finding& finding);
  int64_t pass_gap(Stream& stream, int64_t seq) const;
  void note(Stream& stream, int64_t track);

  const Spec spec_;
  std::map<std::string, Stream, std::less<>> streams_;
  std::map<std::string, int32_t, std::less<>> classes_;
  using Names = std::set<std::string, std::less<>>;
  Names steps_met_, labels_met_;  // where not all are followed
  std::vector<Detection> detections_;
  std::vector<std::size_t> places_;  // of the detections in the task's findings
  uint64_t frames_ = 0;
  uint64_t boxes_ = 0;
  uint64_t tracks_ = 0;
};

}  // namespace weir::cli

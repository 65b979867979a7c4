// Which frames of a run are worth showing: spread over each stream, and of those near each other
// the one in which most was found.
//
//   FramePicker picker(6);
//   options.on_task = [&](const Task& task) { picker.see(task); };
//   for (const Task& task : picker.take()) …
//
// Keeps at most twice as many frames as it will give. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "weir/data/task.h"

namespace weir::cli {

class FramePicker {
 public:
  explicit FramePicker(std::size_t per_stream) : per_stream_(per_stream) {}

  void see(const Task& task);
  // Of each stream, in the order of its frames; the streams in the order in which they began.
  std::vector<Task> take();

 private:
  struct Candidate {
    int64_t slot = 0;
    int worth = 0;
    Task task;
  };
  struct Stream {
    std::string name;
    int64_t slot_frames = 1;  // how many frames share a place; doubles when there are too many
    std::vector<Candidate> kept;
  };

  Stream& stream_of(const std::string& name);
  void thin_out(Stream& stream) const;

  const std::size_t per_stream_;
  std::vector<Stream> streams_;
};

// How much there is to see: kinds of findings count more than their number.
int worth_of(const Task& task);

}  // namespace weir::cli

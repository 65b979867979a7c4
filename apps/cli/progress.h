// How far a long piece of work has come, on stderr.
//
// On a terminal one line that is rewritten at most ten times a second; elsewhere nothing until the
// end, and then one line. Silent with --quiet. Not thread-safe: whoever reports from other threads
// holds a lock.
#pragma once

#include <cstdint>
#include <string>

#include "apps/cli/command.h"
#include "weir/base/clock.h"

namespace weir::cli {

class Progress {
 public:
  explicit Progress(const Context& context, const Clock& clock = SteadyClock::instance());
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0 = not known. `unit` is how numbers are shown: bytes, or plain.
  void update(const std::string& label, uint64_t done, uint64_t total, bool bytes = true);
  // Removes the line and prints `line` in its place (nothing if it is empty).
  void finish(const std::string& line = {});

 private:
  void clear();

  const Context& context_;
  const Clock& clock_;
  int64_t next_ns_ = 0;
  bool shown_ = false;
  // What the time left is reckoned from: where this label began.
  std::string label_;
  uint64_t first_done_ = 0;
  int64_t first_ns_ = 0;
};

// "[#####.....]  50 %", as wide as it is told; exposed for the tests.
std::string bar(uint64_t done, uint64_t total, std::size_t columns);
// "  12 s left", if `done` of `total` took so long; empty while that tells nothing.
std::string time_left(uint64_t done, uint64_t total, double seconds);

}  // namespace weir::cli

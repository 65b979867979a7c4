// Ctrl-C as a stop token, for work that must leave nothing half done.
//
//   const Interrupt interrupt;
//   options.stop = interrupt.token();
//
// While it lives, the first Ctrl-C (or SIGTERM) asks the token's holders to stop; the second ends
// the process at once, as it would without this. One at a time, on the main thread.
#pragma once

#include <stop_token>
#include <thread>

namespace weir::cli {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void watch();

  std::stop_source stop_;
  int wake_ = -1;  // the end of the pipe that the watcher reads
  std::thread watcher_;
};

}  // namespace weir::cli

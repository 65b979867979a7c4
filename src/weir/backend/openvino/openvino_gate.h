// Keeps the making of a request and the running of others of the same model apart. OpenVINO's CPU
// device reads the graph's memory when it makes a request, while a run of another request may
// replace that memory: without this, 8 threads that open their lanes while others run already
// crashed once in fifty to a thousand models (2026.1; the conformance case of 200 runs, repeated).
//
//   OpenVinoGate::Run run(gate);   // any number at once; may end on another thread
//   OpenVinoGate::Making making(gate);   // alone; waits for the runs, and new runs wait for it
//
// Any thread. A run that hangs holds up new lanes of its model.
#pragma once

#include <utility>

#include "weir/base/mutex.h"

namespace weir {

class OpenVinoGate {
 public:
  class Run {
   public:
    Run() = default;
    explicit Run(OpenVinoGate& gate) : gate_(&gate) { gate.begin_run(); }
    Run(Run&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Run& operator=(Run&& other) noexcept {
      std::swap(gate_, other.gate_);
      return *this;
    }
    ~Run() {
      if (gate_ != nullptr) gate_->end_run();
    }

   private:
    OpenVinoGate* gate_ = nullptr;
  };

  class Making {
   public:
    explicit Making(OpenVinoGate& gate) : gate_(gate) { gate_.begin_making(); }
    ~Making() { gate_.end_making(); }
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;

   private:
    OpenVinoGate& gate_;
  };

 private:
  void begin_run() {
    MutexLock lock(mutex_);
    while (makers_ > 0) changed_.wait(mutex_);
    ++runs_;
  }
  void end_run() {
    MutexLock lock(mutex_);
    if (--runs_ == 0 && makers_ > 0) changed_.notify_all();
  }
  void begin_making() {
    MutexLock lock(mutex_);
    ++makers_;
    while (runs_ > 0 || making_) changed_.wait(mutex_);
    making_ = true;
  }
  void end_making() {
    MutexLock lock(mutex_);
    making_ = false;
    --makers_;
    changed_.notify_all();
  }

  Mutex mutex_;
  CondVar changed_;
  int runs_ WEIR_GUARDED_BY(mutex_) = 0;
  int makers_ WEIR_GUARDED_BY(mutex_) = 0;  // that wait, and the one that makes
  bool making_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir

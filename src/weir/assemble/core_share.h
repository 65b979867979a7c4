// The cores of a Runtime, shared by its pipelines: each has workers of its own, asleep while it has
// nothing to do, and where several have work their models take turns.
//
//   CoreShare cores(budget);
//   const CoreShare::Member member = cores.join(2);      // a pipeline with two workers
//   share_cores(graph, cores);                           // its prepare and infer stages
//
// No more models run at the same time than the pipelines have workers, nor than there are cores
// (but as many as the largest pipeline was given): that number is what counts in the thread budget.
// Whoever waits longest goes next, so that each pipeline gets its part. A pipeline that is alone
// never waits, and takes no lock. What is quick (choosing, joining, tracking) goes without a turn.
//
// Any thread. Members and graphs end before the CoreShare.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <vector>

#include "weir/base/mutex.h"
#include "weir/base/thread_budget.h"
#include "weir/flow/graph.h"

namespace weir {

class CoreShare {
 public:
  explicit CoreShare(ThreadBudget& budget) : budget_(budget) {}
  CoreShare(const CoreShare&) = delete;
  CoreShare& operator=(const CoreShare&) = delete;

  // One pipeline, for as long as it lives. Move-only.
  class Member {
   public:
    Member() = default;
    Member(Member&& other) noexcept;
    Member& operator=(Member&& other) noexcept;
    ~Member() { leave(); }
    void leave();

   private:
    friend class CoreShare;
    CoreShare* share_ = nullptr;
    int workers_ = 0;
  };
  Member join(int workers);

  // Held while a thread works; waits for it where others have all of them.
  class Turn {
   public:
    explicit Turn(CoreShare& share);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    CoreShare* share_ = nullptr;  // null: none was needed
  };

  // Held while a thread waits for what others do: it lets go of its turn, if it has one. Without it
  // a step that asks another pipeline could wait for ever.
  class Pause {
   public:
    Pause();
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    CoreShare* share_ = nullptr;
  };

  // How many may work at the same time, and how many wait for it.
  int limit() const;
  std::size_t waiting() const;

 private:
  struct Waiter {
    CondVar changed;
    bool goes = false;
  };
  void take();
  void give_back();
  void let_in() WEIR_REQUIRES(mutex_);
  void count_again() WEIR_REQUIRES(mutex_);

  ThreadBudget& budget_;
  std::atomic<int> members_{0};
  mutable Mutex mutex_;
  std::vector<int> workers_ WEIR_GUARDED_BY(mutex_);  // of each member
  int limit_ WEIR_GUARDED_BY(mutex_) = 0;
  int working_ WEIR_GUARDED_BY(mutex_) = 0;
  std::deque<Waiter*> waiting_ WEIR_GUARDED_BY(mutex_);
  ThreadLease lease_ WEIR_GUARDED_BY(mutex_);
};

// The stages that run a model on the cores, or prepare for it, take turns.
void share_cores(flow::GraphSpec& graph, CoreShare& cores);

}  // namespace weir

// Destroys what others have let go, on a thread of its own: closing a model takes a while, and the
// last to let it go may be a worker that has something better to do.
//
//   auto reaper = std::make_shared<Reaper>();
//   std::shared_ptr<const ModelVersion> version = reaper->adopt(std::move(made));
//   version.reset();                       // from any thread: returns at once
//   reaper->close();                       // by its owner, at the end
//
// Any thread may adopt and let go. The thread is started when there is something to do, and joined
// by close(); what is let go after that is destroyed by whoever lets go.
#pragma once

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "weir/base/mutex.h"

namespace weir {

class Reaper : public std::enable_shared_from_this<Reaper> {
 public:
  ~Reaper() { close(); }

  // A pointer whose last owner hands the object to us.
  template <class T>
  std::shared_ptr<const T> adopt(std::unique_ptr<const T> object) {
    const T* bare = object.release();
    return std::shared_ptr<const T>(bare, [self = shared_from_this()](const T* gone) {
      self->take(std::shared_ptr<const void>(
          gone, [](const void* last) { delete static_cast<const T*>(last); }));
    });
  }

  // Until everything that was let go before has been destroyed. Not from a destructor that we run.
  void drain();
  // Destroys the rest and joins the thread.
  void close();

 private:
  void take(std::shared_ptr<const void> gone);
  void run();

  Mutex mutex_;
  CondVar changed_;
  std::vector<std::shared_ptr<const void>> waiting_ WEIR_GUARDED_BY(mutex_);
  bool busy_ WEIR_GUARDED_BY(mutex_) = false;
  bool closed_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir

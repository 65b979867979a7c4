// What travels through the flow: something that the flow owns, moves, and never looks into.
//
//   Payload p = Payload::own(std::make_unique<Frame>(...));
//   p.as<Frame>()->width;                       // whoever put it in knows what it is
//   Payload q = Payload::lent(frame, +[](void* f) { pool_put(f); });   // no allocation
//
// Move-only; the release function runs once, on the thread that drops the payload (never under a
// lock of the flow). Not thread-safe, like any value.
#pragma once

#include <memory>
#include <utility>

namespace weir::flow {

class Payload {
 public:
  using Release = void (*)(void*);

  Payload() = default;
  template <class T>
  static Payload own(std::unique_ptr<T> object) {
    return Payload(object.release(), [](void* p) { delete static_cast<T*>(p); });
  }
  // `release` may be null: then the object is only borrowed, and must outlive its task.
  static Payload lent(void* object, Release release = nullptr) { return Payload(object, release); }

  Payload(Payload&& other) noexcept
      : object_(std::exchange(other.object_, nullptr)),
        release_(std::exchange(other.release_, nullptr)) {}
  Payload& operator=(Payload&& other) noexcept {
    if (this == &other) return *this;
    reset();
    object_ = std::exchange(other.object_, nullptr);
    release_ = std::exchange(other.release_, nullptr);
    return *this;
  }
  ~Payload() { reset(); }

  template <class T>
  T* as() const {
    return static_cast<T*>(object_);
  }
  explicit operator bool() const { return object_ != nullptr; }
  bool needs_release() const { return release_ != nullptr; }
  void reset() {
    if (release_ != nullptr) release_(object_);
    object_ = nullptr;
    release_ = nullptr;
  }

 private:
  Payload(void* object, Release release) : object_(object), release_(release) {}
  void* object_ = nullptr;
  Release release_ = nullptr;
};

}  // namespace weir::flow

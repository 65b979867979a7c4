#include "apps/cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>

namespace weir::cli {
namespace {

constexpr std::array<int, 2> kSignals = {SIGINT, SIGTERM};
constexpr char kStop = 's';
constexpr char kEnd = 'e';

// The other end of the pipe: all that a signal handler may safely touch.
std::atomic<int> signal_end = -1;
static_assert(std::atomic<int>::is_always_lock_free);

void on_signal(int) {
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(signal_end.load(), &kStop, 1);
  errno = error;
}

void set_handlers(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  // The handler serves once, so that a second Ctrl-C does what it always does.
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  assert(signal_end.load() == -1 && "one at a time");
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return;  // Ctrl-C then ends the process, as always
  wake_ = ends[0];
  signal_end.store(ends[1]);
  watcher_ = std::thread([this] { watch(); });
  set_handlers(on_signal);
}

Interrupt::~Interrupt() {
  if (wake_ < 0) return;
  set_handlers(SIG_DFL);
  [[maybe_unused]] const ssize_t written = write(signal_end.load(), &kEnd, 1);
  watcher_.join();
  close(signal_end.exchange(-1));
  close(wake_);
}

void Interrupt::watch() {
  char what = 0;
  while (true) {
    const ssize_t bytes = read(wake_, &what, 1);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes != 1 || what == kEnd) return;
    stop_.request_stop();
  }
}

}  // namespace weir::cli

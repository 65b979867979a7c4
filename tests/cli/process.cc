#include "tests/cli/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>

namespace weir::cli {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
};

[[noreturn]] void become(const Process& process, const Pipe& out, const Pipe& err) {
  const int input = open(process.input.empty() ? "/dev/null" : process.input.c_str(), O_RDONLY);
  if (input < 0) _exit(125);
  dup2(input, 0);
  close(input);
  if (process.closed_input) close(0);
  dup2(out.ends[1], 1);
  dup2(err.ends[1], 2);
  if (!process.folder.empty() && chdir(process.folder.c_str()) != 0) _exit(126);
  for (const std::string& entry : process.environment) putenv(const_cast<char*>(entry.c_str()));
  std::vector<char*> words;
  for (const std::string& word : process.command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words[0], words.data());
  _exit(127);
}

// Reads what is there; false at the end.
bool read_some(Pipe& pipe, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t bytes = read(pipe.ends[0], buffer.data(), buffer.size());
  if (bytes > 0) text.append(buffer.data(), static_cast<std::size_t>(bytes));
  if (bytes <= 0) pipe.close_end(0);
  return bytes > 0;
}

int left_ms(SteadyTime deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<int64_t>(0, left.count()));
}

// Until both streams have ended; false when the time is over. Interrupts it once, at `text`.
bool read_all(Pipe& out, Pipe& err, ProcessResult& result, SteadyTime deadline, pid_t child,
              std::string text) {
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    std::array<pollfd, 2> polled{{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
    if (poll(polled.data(), polled.size(), left_ms(deadline)) <= 0) return false;
    if (polled[0].revents != 0) read_some(out, result.out);
    if (polled[1].revents != 0) read_some(err, result.err);
    if (!text.empty() && (result.out + result.err).find(text) != std::string::npos) {
      kill(child, SIGINT);
      text.clear();
    }
  }
  return true;
}

// Waits until something is written to the FIFO, or the time is over.
void wait_for_fifo(const std::string& path, SteadyTime deadline) {
  const int fifo = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  pollfd polled{fifo, POLLIN, 0};
  poll(&polled, 1, left_ms(deadline));
  close(fifo);
}

}  // namespace

ProcessResult Process::run() const {
  Pipe out;
  Pipe err;
  const pid_t child = fork();
  if (child == 0) become(*this, out, err);
  out.close_end(1);
  err.close_end(1);
  ProcessResult result;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  if (!interrupt_after.empty()) {
    wait_for_fifo(interrupt_after, deadline);
    kill(child, SIGINT);
  }
  if (!read_all(out, err, result, deadline, child, interrupt_at)) {
    result.timed_out = true;
    kill(child, SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace weir::cli

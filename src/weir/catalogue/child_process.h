// One run of another program: no shell, a time limit, its words kept for the error message.
//
//   WEIR_ASSIGN(ChildProcess child, ChildProcess::start({{"npm", "pack", "x"}, folder, 60'000}));
//   WEIR_TRY(child.finish());        // kUnavailable with what the program said, if it failed
//
// Standard input is /dev/null; standard error is kept (the last part of it), and so is standard
// output, unless `stream_output` asks for it to be read through read(). The child has a process
// group of its own, which is killed at the time limit, when the stop token says so, and by the
// destructor: nothing that was started outlives its owner. One thread; waiting is real time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/catalogue/byte_source.h"
#include "weir/catalogue/unique_fd.h"

namespace weir::catalogue {

struct Command {
  std::vector<std::string> argv;      // argv[0] is looked up in PATH unless it has a slash
  std::filesystem::path folder = {};  // to run in; empty: here
  int64_t limit_ms = 0;               // 0: no limit
  std::stop_token stop = {};
  bool stream_output = false;
};

class ChildProcess final : public ByteSource {
 public:
  // kNotFound when there is no such program.
  static Result<ChildProcess> start(Command command);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess() override;

  // The next bytes of its standard output (only with stream_output).
  Result<std::size_t> read(std::span<std::byte> into) override;
  // read() has come to the end of it.
  bool output_ended() const { return output_ended_; }
  // Waits for the end. kUnavailable when it failed, kDeadline or kCancelled when it was killed.
  Status finish();
  // What it said so far, the last few kilobytes, with the addresses of servers taken out: they may
  // hold passwords, and are nobody's business but the machine's.
  std::string words() const;

 private:
  ChildProcess() = default;
  // kDeadline or kCancelled, when it is time to kill.
  Status still_wanted() const;
  void kill_group();

  std::string name_;
  int64_t limit_ms_ = 0;
  std::chrono::steady_clock::time_point until_;
  std::stop_token stop_;
  pid_t pid_ = -1;
  bool output_ended_ = false;
  UniqueFd words_;
  UniqueFd output_;
};

// The first of these programs that is in PATH (or is a path to an executable file).
std::optional<std::string> find_program(const std::vector<std::string>& names);

// Replaces "https://user:secret@host/path" by "https://…" and "host='name'" by "host=…".
std::string without_addresses(std::string text);

}  // namespace weir::catalogue

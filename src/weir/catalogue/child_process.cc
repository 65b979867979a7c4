#include "weir/catalogue/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

extern char** environ;

namespace weir::catalogue {
namespace {

constexpr int kTickMs = 20;
constexpr off_t kMostWords = 16 << 20;
constexpr off_t kShownWords = 4096;

Error failed(const std::string& what, int code) {
  return Error(ErrorCode::kUnavailable, what + ": " + std::strerror(code));
}

// What a client says again at each try, it says once: the last time.
std::string without_retries(const std::string& text) {
  constexpr std::size_t kAlike = 24;
  std::istringstream lines(text);
  std::string kept, last;
  for (std::string line; std::getline(lines, line); last = line) {
    const bool again =
        !last.empty() && line.size() > kAlike && line.compare(0, kAlike, last, 0, kAlike) == 0;
    if (again) kept.resize(kept.size() - last.size() - 1);
    kept += line + '\n';
  }
  if (!kept.empty()) kept.pop_back();
  return kept;
}

// An anonymous file, so that a talkative child never blocks on a full pipe.
Result<UniqueFd> open_scratch() {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return failed("cannot make a temporary file", errno);
  UniqueFd fd(fcntl(fileno(file), F_DUPFD_CLOEXEC, 3));
  std::fclose(file);
  if (!fd) return failed("cannot make a temporary file", errno);
  return fd;
}

class SpawnSetup {
 public:
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigfillset(&defaults);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  void send(int stream, const UniqueFd& to) {
    posix_spawn_file_actions_adddup2(&actions_, to.get(), stream);
  }
  void run_in(const std::filesystem::path& folder) {
    if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
  }
  int spawn(pid_t* pid, const std::vector<std::string>& argv) {
    std::vector<char*> words;
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    return posix_spawnp(pid, words[0], &actions_, &attributes_, words.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

Result<ChildProcess> ChildProcess::start(Command command) {
  ChildProcess child;
  child.name_ = command.argv.at(0);
  child.limit_ms_ = command.limit_ms;
  child.until_ = command.limit_ms == 0 ? std::chrono::steady_clock::time_point::max()
                                       : std::chrono::steady_clock::now() +
                                             std::chrono::milliseconds(command.limit_ms);
  child.stop_ = command.stop;
  WEIR_ASSIGN(child.words_, open_scratch());
  SpawnSetup setup;
  UniqueFd write_end;
  if (command.stream_output) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return failed("cannot make a pipe", errno);
    child.output_ = UniqueFd(ends[0]);
    write_end = UniqueFd(ends[1]);
    fcntl(child.output_.get(), F_SETFL, O_NONBLOCK);
  }
  setup.send(1, command.stream_output ? write_end : child.words_);
  setup.send(2, child.words_);
  setup.run_in(command.folder);
  const int code = setup.spawn(&child.pid_, command.argv);
  if (code == ENOENT) {
    child.pid_ = -1;
    return Error(ErrorCode::kNotFound, "the program '" + child.name_ + "' is not installed");
  }
  if (code != 0) {
    child.pid_ = -1;
    return failed("cannot start '" + child.name_ + "'", code);
  }
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : name_(std::move(other.name_)),
      limit_ms_(other.limit_ms_),
      until_(other.until_),
      stop_(std::move(other.stop_)),
      pid_(std::exchange(other.pid_, -1)),
      output_ended_(other.output_ended_),
      words_(std::move(other.words_)),
      output_(std::move(other.output_)) {}

ChildProcess::~ChildProcess() {
  kill_group();
}

void ChildProcess::kill_group() {
  if (pid_ < 0) return;
  // The child made itself the leader of a group before it did anything else.
  ::kill(-pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

Status ChildProcess::still_wanted() const {
  if (stop_.stop_requested()) return Error(ErrorCode::kCancelled, "'" + name_ + "' was cancelled");
  if (std::chrono::steady_clock::now() >= until_) {
    return Error(ErrorCode::kDeadline,
                 "'" + name_ + "' did not end within " + std::to_string(limit_ms_ / 1000) + " s");
  }
  struct stat info = {};
  if (fstat(words_.get(), &info) == 0 && info.st_size > kMostWords) {
    return Error(ErrorCode::kExhausted, "'" + name_ + "' does not stop printing");
  }
  return {};
}

Result<std::size_t> ChildProcess::read(std::span<std::byte> into) {
  while (true) {
    const ssize_t count = ::read(output_.get(), into.data(), into.size());
    if (count == 0) output_ended_ = !into.empty();
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EINTR) return failed("cannot read from '" + name_ + "'", errno);
    WEIR_TRY(still_wanted());
    pollfd ready = {output_.get(), POLLIN, 0};
    poll(&ready, 1, kTickMs);
  }
}

Status ChildProcess::finish() {
  int state = 0;
  while (true) {
    const pid_t ended = waitpid(pid_, &state, WNOHANG);
    if (ended == pid_) break;
    if (ended < 0 && errno != EINTR) return failed("cannot wait for '" + name_ + "'", errno);
    if (Status wanted = still_wanted(); !wanted) {
      kill_group();
      return wanted;
    }
    poll(nullptr, 0, kTickMs);
  }
  pid_ = -1;
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return {};
  const std::string how = WIFSIGNALED(state)
                              ? "was killed by signal " + std::to_string(WTERMSIG(state))
                              : "ended with code " + std::to_string(WEXITSTATUS(state));
  const std::string said = words();
  return Error(ErrorCode::kUnavailable,
               "'" + name_ + "' " + how + (said.empty() ? "" : ": " + said));
}

std::string ChildProcess::words() const {
  struct stat info = {};
  if (fstat(words_.get(), &info) != 0) return {};
  std::string text(static_cast<std::size_t>(std::min(info.st_size, kShownWords)), '\0');
  const off_t from = std::max<off_t>(0, info.st_size - kShownWords);
  const ssize_t count = pread(words_.get(), text.data(), text.size(), from);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  return without_addresses(without_retries(text));
}

std::optional<std::string> find_program(const std::vector<std::string>& names) {
  const char* path = std::getenv("PATH");
  for (const std::string& name : names) {
    if (name.find('/') != std::string::npos) {
      if (access(name.c_str(), X_OK) == 0) return name;
      continue;
    }
    std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
      const std::string full = (folder.empty() ? "." : folder) + "/" + name;
      if (access(full.c_str(), X_OK) == 0) return full;
    }
  }
  return std::nullopt;
}

std::string without_addresses(std::string text) {
  const auto cut = [&text](std::string_view mark, std::string_view ends) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
      at += mark.size();
      const std::size_t end = std::min(text.find_first_of(ends, at), text.size());
      text.replace(at, end - at, "…");
    }
  };
  cut("://", " \t\r\n\"'<>)],;");
  cut("host='", "'");
  return text;
}

}  // namespace weir::catalogue

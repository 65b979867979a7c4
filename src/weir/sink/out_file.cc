#include "weir/sink/out_file.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

namespace weir {

namespace {

constexpr int kTickMs = 50;

bool has_reader(int fd) {
  struct stat info = {};
  return ::fstat(fd, &info) == 0 && !S_ISREG(info.st_mode);
}

// A pipe is opened without waiting, and -1 with ENXIO while nobody reads it.
int open_to_write(const std::string& path) {
  struct stat info = {};
  const bool pipe = ::stat(path.c_str(), &info) == 0 && S_ISFIFO(info.st_mode);
  const int fd =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (pipe ? O_NONBLOCK : 0), 0666);
  if (fd >= 0 && pipe) ::fcntl(fd, F_SETFL, O_WRONLY);
  return fd;
}

// File systems without locks let everybody write.
bool is_locked_by_another(int fd) {
  return !has_reader(fd) && ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

Error file_error(int number, const std::string& path) {
  const std::string reason = std::generic_category().message(number);
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Error(ErrorCode::kExhausted, "the file cannot be written: " + reason, path,
                   "make room, or write elsewhere");
    case EPIPE:
      return Error(ErrorCode::kCancelled, "nobody reads what is written any more", path);
    case EACCES:
    case EPERM:
    case EROFS:
      return Error(ErrorCode::kUnavailable, "the file cannot be written: " + reason, path,
                   "name a folder that you may write to");
    default:
      return Error(ErrorCode::kUnavailable, "the file cannot be written: " + reason, path);
  }
}

Status make_folders_to(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return {};
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code && !std::filesystem::is_directory(folder)) {
    return Error(ErrorCode::kUnavailable, "the folder cannot be made: " + code.message(),
                 folder.string(), "name a folder that you may write to");
  }
  return {};
}

Result<OutFile> OutFile::create(const std::string& path, std::stop_token give_up) {
  if (path == "-") {
    const int out = ::dup(STDOUT_FILENO);
    if (out < 0) return file_error(errno, "the standard output");
    return OutFile(out, "the standard output", std::move(give_up));
  }
  WEIR_TRY(make_folders_to(path));
  WEIR_ASSIGN(OutFile file, open(path, std::move(give_up)));
  if (!file.has_reader_ && ::ftruncate(file.fd_, 0) != 0) return file_error(errno, path);
  return file;
}

Result<OutFile> OutFile::reopen(const std::string& path, std::stop_token give_up) {
  WEIR_ASSIGN(OutFile file, open(path, std::move(give_up)));
  if (!file.unread_) file.size_ = std::max<int64_t>(0, ::lseek(file.fd_, 0, SEEK_END));
  return file;
}

Result<OutFile> OutFile::open(const std::string& path, std::stop_token give_up) {
  const int fd = open_to_write(path);
  if (fd < 0 && errno != ENXIO) return file_error(errno, path);
  OutFile file(fd, path, std::move(give_up));
  file.unread_ = fd < 0;
  file.has_reader_ = file.has_reader_ || file.unread_;
  if (!file.has_reader_ && is_locked_by_another(fd)) {
    return Error(ErrorCode::kUnavailable, "another run is writing this file", path,
                 "wait for its end, or write elsewhere");
  }
  return file;
}

OutFile::OutFile(int fd, std::string path, std::stop_token give_up, int64_t size)
    : fd_(fd),
      has_reader_(has_reader(fd)),
      size_(size),
      path_(std::move(path)),
      give_up_(std::move(give_up)) {}

OutFile::OutFile(OutFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      has_reader_(other.has_reader_),
      unread_(std::exchange(other.unread_, false)),
      size_(other.size_),
      path_(std::move(other.path_)),
      give_up_(std::move(other.give_up_)) {}

OutFile& OutFile::operator=(OutFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(has_reader_, other.has_reader_);
  std::swap(unread_, other.unread_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  std::swap(give_up_, other.give_up_);
  return *this;
}

OutFile::~OutFile() {
  if (fd_ >= 0) ::close(fd_);
}

Status OutFile::wait_for_first_reader() {
  while (!give_up_.stop_requested()) {
    fd_ = open_to_write(path_);
    unread_ = fd_ < 0 && errno == ENXIO;
    if (!unread_) return fd_ < 0 ? Status(file_error(errno, path_)) : Status();
    std::this_thread::sleep_for(std::chrono::milliseconds(kTickMs));
  }
  return Error(ErrorCode::kCancelled, "nobody reads what is written: given up", path_);
}

// So that the write behind it does not block: what a pipe says it takes is PIPE_BUF bytes.
Status OutFile::wait_for_reader() const {
  pollfd ready = {fd_, POLLOUT, 0};
  while (!give_up_.stop_requested()) {
    // Whatever else is wrong the write will tell.
    const int count = ::poll(&ready, 1, kTickMs);
    if (count > 0 || (count < 0 && errno != EINTR)) return {};
  }
  return Error(ErrorCode::kCancelled, "nobody reads what is written: given up", path_);
}

Status OutFile::append(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (unread_) WEIR_TRY(wait_for_first_reader());
  if (fd_ < 0) return Error(ErrorCode::kInternal, "the file is closed", path_);
  std::size_t done = 0;
  while (done < bytes.size()) {
    std::size_t count = bytes.size() - done;
    if (has_reader_) {
      WEIR_TRY(wait_for_reader());
      count = std::min<std::size_t>(count, PIPE_BUF);
    }
    const ssize_t written = ::write(fd_, bytes.data() + done, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int reason = written < 0 ? errno : ENOSPC;
      cut(size_);
      return file_error(reason, path_);
    }
    done += static_cast<std::size_t>(written);
  }
  size_ += static_cast<int64_t>(bytes.size());
  return {};
}

void OutFile::cut(int64_t size) {
  if (fd_ < 0 || ::ftruncate(fd_, size) != 0) return;
  ::lseek(fd_, size, SEEK_SET);
  size_ = size;
}

Status OutFile::close() {
  unread_ = false;
  if (fd_ < 0) return {};
  const int fd = std::exchange(fd_, -1);
  if (::close(fd) != 0 && errno != EINTR) return file_error(errno, path_);
  return {};
}

Status replace_file(const std::string& path, std::string_view bytes) {
  const std::string aside = path + ".part";
  WEIR_ASSIGN(OutFile file, OutFile::create(aside));
  Status written = file.append(bytes);
  if (written) written = file.close();
  if (written && std::rename(aside.c_str(), path.c_str()) != 0) written = file_error(errno, path);
  if (!written) std::remove(aside.c_str());
  return written;
}

}  // namespace weir

#include "weir/sink/out_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace weir {

Error file_error(int number, const std::string& path) {
  const std::string reason = std::generic_category().message(number);
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Error(ErrorCode::kExhausted, "the file cannot be written: " + reason, path,
                   "make room, or write elsewhere");
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

Result<OutFile> OutFile::create(const std::string& path) {
  if (path == "-") {
    const int out = ::dup(STDOUT_FILENO);
    if (out < 0) return file_error(errno, "the standard output");
    return OutFile(out, "the standard output");
  }
  WEIR_TRY(make_folders_to(path));
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return file_error(errno, path);
  return OutFile(fd, path);
}

Result<OutFile> OutFile::reopen(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) return file_error(errno, path);
  return OutFile(fd, path, std::max<int64_t>(0, ::lseek(fd, 0, SEEK_END)));
}

OutFile::OutFile(OutFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_(other.size_), path_(std::move(other.path_)) {}

OutFile& OutFile::operator=(OutFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  return *this;
}

OutFile::~OutFile() {
  if (fd_ >= 0) ::close(fd_);
}

Status OutFile::append(std::string_view bytes) {
  if (fd_ < 0) return Error(ErrorCode::kInternal, "the file is closed", path_);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::write(fd_, bytes.data() + done, bytes.size() - done);
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

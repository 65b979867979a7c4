#include "weir/graph/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace weir::graph {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{16} << 10U;

}  // namespace

Result<ByteSource> ByteSource::open(const std::string& path) {
  ByteSource source;
  source.file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (source.file_ < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable;
    return Error(code, std::string("cannot open the model: ") + std::strerror(errno), path);
  }
  struct stat info = {};
  if (fstat(source.file_, &info) != 0 || !S_ISREG(info.st_mode)) {
    return Error(ErrorCode::kInvalidArgument, "not a file", path, "name one model file");
  }
  source.size_ = static_cast<uint64_t>(info.st_size);
  return source;
}

ByteSource ByteSource::of(std::string_view bytes) {
  ByteSource source;
  source.memory_ = bytes;
  source.size_ = bytes.size();
  return source;
}

ByteSource::ByteSource(ByteSource&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      size_(other.size_),
      memory_(other.memory_),
      window_(std::move(other.window_)),
      window_begin_(other.window_begin_),
      window_size_(other.window_size_) {}

ByteSource::~ByteSource() {
  if (file_ >= 0) ::close(file_);
}

Result<std::string_view> ByteSource::peek(uint64_t offset, std::size_t count) {
  if (offset >= size_) return std::string_view();
  count = static_cast<std::size_t>(std::min<uint64_t>(count, size_ - offset));
  if (file_ < 0) return memory_.substr(static_cast<std::size_t>(offset), count);
  const bool inside =
      offset >= window_begin_ && offset + count <= window_begin_ + uint64_t{window_size_};
  if (!inside) WEIR_TRY(fill(offset, std::max(count, kWindowBytes)));
  return std::string_view(window_.data() + (offset - window_begin_), count);
}

Status ByteSource::fill(uint64_t offset, std::size_t count) {
  count = static_cast<std::size_t>(std::min<uint64_t>(count, size_ - offset));
  if (window_.size() < count) window_.resize(count);
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got =
        pread(file_, window_.data() + have, count - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      window_size_ = 0;
      return Error(ErrorCode::kUnavailable,
                   got == 0 ? "the file became shorter while it was read"
                            : std::string("cannot read the model: ") + std::strerror(errno));
    }
    have += static_cast<std::size_t>(got);
  }
  window_begin_ = offset;
  window_size_ = count;
  return {};
}

}  // namespace weir::graph

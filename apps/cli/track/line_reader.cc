#include "apps/cli/track/line_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace weir::cli {
namespace {

Error read_error(int number, const std::string& path) {
  if (number == ENOENT) return {ErrorCode::kNotFound, "there is no such file", path};
  const char* hint = number == EISDIR ? "name a file of detections" : "";
  return {ErrorCode::kUnavailable, std::string("cannot be read: ") + std::strerror(number), path,
          hint};
}

}  // namespace

LineReader::LineReader(File file, std::string path)
    : file_(std::move(file)), path_(std::move(path)), buffer_(std::size_t{64} << 10) {}

Result<LineReader> LineReader::open(const std::string& path) {
  if (path == "-") return LineReader(File(stdin), "standard input");
  File file(std::fopen(path.c_str(), "rb"));
  if (!file) return read_error(errno, path);
  return LineReader(std::move(file), path);
}

Status LineReader::refill() {
  at_ = 0;
  errno = 0;
  filled_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
  if (filled_ == 0 && std::ferror(file_.get()) != 0) return read_error(errno, path_);
  ended_ = filled_ == 0;
  return {};
}

Result<bool> LineReader::next(std::string& line) {
  line.clear();
  bool any = false;
  while (!ended_) {
    if (at_ == filled_) WEIR_TRY(refill());
    if (ended_) break;
    if (!any) ++number_;
    any = true;
    const char* begin = buffer_.data() + at_;
    const auto* feed = static_cast<const char*>(std::memchr(begin, '\n', filled_ - at_));
    const std::size_t length =
        feed != nullptr ? static_cast<std::size_t>(feed - begin) : filled_ - at_;
    if (line.size() + length > kMaxLine) {
      return Error(ErrorCode::kExhausted, "a line of more than 64 MiB", place(),
                   "name a file of detections: MOT, or JSON Lines");
    }
    line.append(begin, length);
    at_ += length;
    if (feed == nullptr) continue;
    ++at_;
    return true;
  }
  return any;
}

}  // namespace weir::cli

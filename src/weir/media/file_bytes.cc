#include "weir/media/file_bytes.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace weir {

Result<std::vector<uint8_t>> read_file_bytes(const std::string& path, std::string_view what,
                                             std::size_t max_bytes) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) {
    return Error(ErrorCode::kNotFound, "there is no such file", path);
  }
  if (!std::filesystem::is_regular_file(status)) {
    return Error(ErrorCode::kInvalidArgument, "not a file", path,
                 "name a " + std::string(what) + " file");
  }
  const uintmax_t size = std::filesystem::file_size(path, code);
  if (code || size > max_bytes) {
    return Error(ErrorCode::kExhausted,
                 "a " + std::string(what) + " file of " + std::to_string(size) + " bytes", path,
                 "at most " + std::to_string(max_bytes >> 20) + " MiB are read");
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  std::vector<uint8_t> bytes(static_cast<std::size_t>(size));
  if (!file || std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
    const std::string why = std::generic_category().message(errno);
    return Error(ErrorCode::kUnavailable, "the file cannot be read: " + why, path);
  }
  return bytes;
}

}  // namespace weir

#include "weir/backend/model_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kHeadBytes = 64;

struct Kind {
  std::string_view magic;
  std::string_view what;
};

constexpr std::array<Kind, 12> kNoModels = {{{"\x89PNG", "a PNG picture"},
                                             {"\xff\xd8\xff", "a JPEG picture"},
                                             {"GIF8", "a GIF picture"},
                                             {"PK\x03\x04", "a ZIP archive"},
                                             {"\x1f\x8b", "a gzip archive"},
                                             {"\x7f"
                                              "ELF",
                                              "a program or shared library"},
                                             {"%PDF", "a PDF document"},
                                             {"<!DOCTYPE", "an HTML page"},
                                             {"<html", "an HTML page"},
                                             {"{\"", "a JSON text"},
                                             {"RIFF", "a sound, picture or video file"},
                                             {"version https://git-lfs", "a Git LFS pointer"}}};

Status check_size(std::uintmax_t size, const BackendSpec& spec) {
  if (size == 0) return Error(ErrorCode::kCorrupt, "the model is empty", spec.where());
  if (size > spec.max_model_bytes) {
    return Error(ErrorCode::kExhausted,
                 "the model has " + std::to_string(size) + " bytes, and the limit is " +
                     std::to_string(spec.max_model_bytes),
                 spec.where(), "raise max_model_bytes if the file is right");
  }
  return {};
}

Result<std::uintmax_t> size_of_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return Error(ErrorCode::kNotFound, "there is no such model file", path);
  }
  if (std::filesystem::is_directory(status)) {
    return Error(ErrorCode::kInvalidArgument, "this is a folder, not a model file", path);
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return Error(ErrorCode::kUnavailable, error.message(), path);
  return size;
}

Result<std::string> read_bytes(const std::string& path, std::size_t count) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(count, '\0');
  if (!file || !file.read(bytes.data(), static_cast<std::streamsize>(count))) {
    return Error(ErrorCode::kUnavailable, "the model file cannot be read", path);
  }
  return bytes;
}

}  // namespace

Status check_head(std::string_view head, const std::string& where) {
  for (const Kind& kind : kNoModels) {
    if (head.substr(0, kind.magic.size()) != kind.magic) continue;
    const bool lfs = kind.what == "a Git LFS pointer";
    return Error(ErrorCode::kCorrupt, "this is " + std::string(kind.what) + ", not a model", where,
                 lfs ? "fetch the real file with git lfs pull" : "");
  }
  return {};
}

Result<std::size_t> check_model(const BackendSpec& spec) {
  if (spec.bytes) {
    WEIR_TRY(check_size(spec.bytes->size(), spec));
    WEIR_TRY(check_head(*spec.bytes, spec.where()));
    return spec.bytes->size();
  }
  if (spec.file.empty()) {
    return Error(ErrorCode::kInvalidArgument, "no model was named", "", "give a file or bytes");
  }
  WEIR_ASSIGN(const std::uintmax_t size, size_of_file(spec.file));
  WEIR_TRY(check_size(size, spec));
  WEIR_ASSIGN(const std::string head,
              read_bytes(spec.file, std::min<std::size_t>(kHeadBytes, size)));
  WEIR_TRY(check_head(head, spec.file));
  return static_cast<std::size_t>(size);
}

Result<std::shared_ptr<const std::string>> read_model(const BackendSpec& spec) {
  WEIR_ASSIGN(const std::size_t size, check_model(spec));
  if (spec.bytes) return spec.bytes;
  WEIR_ASSIGN(std::string bytes, read_bytes(spec.file, size));
  return std::shared_ptr<const std::string>(std::make_shared<std::string>(std::move(bytes)));
}

}  // namespace weir

// Where the archive readers get their bytes: in order (a pipe, a gzip stream) or at an offset.
//
// Implementations live in archive.cc; the fuzzer and the tests read from memory. One thread at a
// time; a source is borrowed by the reader that uses it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "weir/base/result.h"

namespace weir::catalogue {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills at most `into`, returns how much; 0 only at the end.
  virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
};

class RandomAccess {
 public:
  virtual ~RandomAccess() = default;
  virtual uint64_t size() const = 0;
  // Fills the whole of `into` or fails with kCorrupt: never short.
  virtual Status read_at(uint64_t offset, std::span<std::byte> into) = 0;
};

// Bytes that somebody else keeps alive, for both.
class MemorySource final : public ByteSource, public RandomAccess {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}

  Result<std::size_t> read(std::span<std::byte> into) override {
    const std::size_t count = std::min(into.size(), bytes_.size() - at_);
    if (count > 0) std::memcpy(into.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }
  uint64_t size() const override { return bytes_.size(); }
  Status read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset) {
      return Error(ErrorCode::kCorrupt, "the archive ends too early");
    }
    if (!into.empty()) std::memcpy(into.data(), bytes_.data() + offset, into.size());
    return {};
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

}  // namespace weir::catalogue

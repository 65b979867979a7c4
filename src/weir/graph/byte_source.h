// Bytes of a file or of memory, read by position: what is skipped is never touched, so a model with
// gigabytes of weights is read as fast as a small one. Not thread-safe: one reader, one source.
//
// A file is read with pread and not mapped: one that shrinks meanwhile must give an error, not a
// signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir::graph {

class ByteSource {
 public:
  static Result<ByteSource> open(const std::string& path);
  // Borrows: `bytes` must outlive the source.
  static ByteSource of(std::string_view bytes);

  ByteSource(ByteSource&& other) noexcept;
  ByteSource& operator=(ByteSource&&) = delete;
  ~ByteSource();

  uint64_t size() const { return size_; }
  // The bytes from `offset` on: `count` of them, or fewer at the end. They are valid until the next
  // call. The caller has bounded `count`.
  Result<std::string_view> peek(uint64_t offset, std::size_t count);

 private:
  ByteSource() = default;
  Status fill(uint64_t offset, std::size_t count);

  int file_ = -1;
  uint64_t size_ = 0;
  std::string_view memory_;
  std::vector<char> window_;
  uint64_t window_begin_ = 0;
  std::size_t window_size_ = 0;
};

}  // namespace weir::graph

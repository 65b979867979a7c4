// Numbers and marks at a place in the bytes of a file. Reads nothing outside of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/error.h"

namespace weir {

using HeaderBytes = std::span<const uint8_t>;

inline bool has_mark(HeaderBytes bytes, std::string_view mark, std::size_t at = 0) {
  return at <= bytes.size() && bytes.size() - at >= mark.size() &&
         std::memcmp(bytes.data() + at, mark.data(), mark.size()) == 0;
}

// The number of `count` bytes at `at`, which the caller has checked to be there.
inline int64_t big_endian(HeaderBytes bytes, std::size_t at, int count) {
  int64_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
  return value;
}
inline int64_t little_endian(HeaderBytes bytes, std::size_t at, int count) {
  int64_t value = 0;
  for (int i = count; i-- > 0;) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
  return value;
}

inline Error damaged_file(std::string_view kind, std::string_view what) {
  return Error(ErrorCode::kCorrupt,
               "a damaged " + std::string(kind) + " file: " + std::string(what));
}

}  // namespace weir

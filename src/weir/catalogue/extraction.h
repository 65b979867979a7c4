// What is wanted from an archive, and the bounds that no archive may exceed.
//
// An Extraction names one member (or a byte range of it) and where its bytes go. The readers never
// make a path from a name that an archive holds: the caller decides where a sink writes. Readers
// offer regular files only; a link, a device or a name that leads out of the archive is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir::catalogue {

struct ArchiveLimits {
  uint64_t member_bytes = uint64_t{4} << 30;   // of one member that is extracted
  uint64_t stream_bytes = uint64_t{16} << 30;  // of everything that a stream unpacks to
  std::size_t members = 1'000'000;
  std::size_t name_bytes = 4096;
  std::size_t header_bytes =
      1 << 20;  // of one extended tar header, of a zip's whole directory × 64
};

struct ByteRange {
  uint64_t first = 0;
  uint64_t count = std::numeric_limits<uint64_t>::max();  // to the end

  bool whole() const { return first == 0 && count == std::numeric_limits<uint64_t>::max(); }
  bool operator==(const ByteRange&) const = default;
};

using Sink = std::function<Status(std::span<const std::byte>)>;

struct Extraction {
  std::string member;  // as `tar t` or `unzip -l` prints it; a leading "./" does not matter
  ByteRange range;
  Sink sink;
  // Set by the reader. kNotFound until the member was met; then how it went. One that failed does
  // not keep the others from being extracted.
  Status outcome = Error(ErrorCode::kNotFound, "not in the archive");
};

// Takes the leading "./" off.
std::string_view normal_member(std::string_view name);
// Not empty, not absolute, no "..", no backslash, no NUL, not longer than the limit.
bool safe_member(std::string_view name, const ArchiveLimits& limits);

// Cuts the range out of the bytes of one member as they pass, and hands them to the sink.
class RangeCutter {
 public:
  RangeCutter(const ByteRange& range, const Sink& sink) : range_(range), sink_(sink) {}
  Status take(std::span<const std::byte> bytes);
  // Nothing after this position is wanted.
  bool satisfied() const { return taken_ == range_.count; }
  // Was the range inside the member? Call at its end.
  Status finish() const;

 private:
  const ByteRange& range_;
  const Sink& sink_;
  uint64_t passed_ = 0;
  uint64_t taken_ = 0;
};

}  // namespace weir::catalogue

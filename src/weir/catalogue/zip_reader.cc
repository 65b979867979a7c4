#include "weir/catalogue/zip_reader.h"

#include <zlib.h>

#include <array>
#include <optional>

namespace weir::catalogue {
namespace {

constexpr uint32_t kEndMark = 0x06054b50;
constexpr uint32_t kDirectoryMark = 0x02014b50;
constexpr uint32_t kLocalMark = 0x04034b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kDirectoryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kMostComment = 65535;
constexpr uint16_t kEncrypted = 1;
constexpr std::size_t kPiece = 1 << 16;

Error corrupt(std::string text) {
  return Error(ErrorCode::kCorrupt, "not a sound zip file: " + std::move(text));
}

uint16_t u16(const std::byte* at) {
  return static_cast<uint16_t>(std::to_integer<unsigned>(at[0]) | std::to_integer<unsigned>(at[1])
                                                                      << 8);
}
uint32_t u32(const std::byte* at) {
  return uint32_t{u16(at)} | uint32_t{u16(at + 2)} << 16;
}

struct Directory {
  uint64_t at = 0;
  uint64_t bytes = 0;
  std::size_t members = 0;
};

// The end record is the last thing in the file, but for a comment of unknown length.
Result<Directory> find_directory(RandomAccess& file) {
  if (file.size() < kEndBytes) return corrupt("too short");
  const std::size_t tail_bytes = std::min<uint64_t>(file.size(), kEndBytes + kMostComment);
  std::vector<std::byte> tail(tail_bytes);
  WEIR_TRY(file.read_at(file.size() - tail_bytes, tail));
  for (std::size_t at = tail_bytes - kEndBytes + 1; at-- > 0;) {
    const std::byte* end = tail.data() + at;
    if (u32(end) != kEndMark || at + kEndBytes + u16(end + 20) != tail_bytes) continue;
    if (u16(end + 4) != 0 || u16(end + 6) != 0) return corrupt("it has several volumes");
    Directory found{u32(end + 16), u32(end + 12), u16(end + 10)};
    if (found.at == 0xffffffff || found.members == 0xffff) {
      return Error(ErrorCode::kUnsupported, "zip64 files are not read");
    }
    if (found.at + found.bytes > file.size() - tail_bytes + at) {
      return corrupt("its directory lies outside");
    }
    return found;
  }
  return corrupt("no end record");
}

bool is_regular(const std::byte* entry) {
  const unsigned made_on = u16(entry + 4) >> 8;
  constexpr unsigned kUnix = 3;
  if (made_on != kUnix) return true;
  const unsigned file_type = (u32(entry + 38) >> 16) & 0170000;
  return file_type == 0 || file_type == 0100000;
}

// Inflates raw deflate data piece by piece; owns its z_stream.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Calls `out` with what `packed` unpacks to. Stops early when `out` says so by returning false.
  template <class Out>
  Status feed(std::span<const std::byte> packed, const Out& out) {
    if (!ready_) return Error(ErrorCode::kExhausted, "no memory for inflating");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (!ended_) {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return corrupt("a member cannot be inflated");
      }
      ended_ = code == Z_STREAM_END;
      const std::size_t count = buffer_.size() - stream_.avail_out;
      if (count == 0) break;
      WEIR_ASSIGN(const bool more, out(std::span<const std::byte>(buffer_).first(count)));
      if (!more) break;
    }
    return {};
  }
  bool ended() const { return ended_; }

 private:
  z_stream stream_ = {};
  std::array<std::byte, kPiece> buffer_;
  bool ready_ = false;
  bool ended_ = false;
};

Status extract_one(RandomAccess& file, const ZipMember& member, const Extraction& wanted,
                   const ArchiveLimits& limits) {
  if (!member.regular) return Error(ErrorCode::kUnsupported, "it is not a regular file");
  if (member.flags & kEncrypted) return Error(ErrorCode::kUnsupported, "it is encrypted");
  if (member.method != 0 && member.method != Z_DEFLATED) {
    return Error(ErrorCode::kUnsupported,
                 "compression method " + std::to_string(member.method) + " is not read");
  }
  if (member.bytes > limits.member_bytes) {
    return Error(ErrorCode::kExhausted, "it has " + std::to_string(member.bytes) +
                                            " bytes, more than the limit of " +
                                            std::to_string(limits.member_bytes));
  }
  std::array<std::byte, kLocalBytes> local;
  WEIR_TRY(file.read_at(member.header_at, local));
  if (u32(local.data()) != kLocalMark) return corrupt("a member is not where it should be");
  uint64_t at = member.header_at + kLocalBytes + u16(&local[26]) + u16(&local[28]);

  RangeCutter cutter(wanted.range, wanted.sink);
  uint64_t unpacked = 0;
  uLong crc = crc32(0, nullptr, 0);
  // True while more is wanted.
  const auto take = [&](std::span<const std::byte> bytes) -> Result<bool> {
    unpacked += bytes.size();
    if (unpacked > member.bytes) return corrupt("a member is longer than it says");
    crc = crc32(crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    WEIR_TRY(cutter.take(bytes));
    return !cutter.satisfied();
  };
  Inflater inflater;
  std::vector<std::byte> piece(kPiece);
  for (uint64_t left = member.packed_bytes; left > 0 && !cutter.satisfied();) {
    const std::span<std::byte> part = std::span(piece).first(std::min<uint64_t>(left, kPiece));
    WEIR_TRY(file.read_at(at, part));
    at += part.size();
    left -= part.size();
    if (member.method == 0) {
      WEIR_TRY(take(part));
    } else {
      WEIR_TRY(inflater.feed(part, take));
      if (inflater.ended()) break;
    }
  }
  // What was left unread cannot be checked here: the caller's hash of the range does that.
  if (!cutter.satisfied() && (unpacked != member.bytes || crc != member.crc)) {
    return corrupt("a member does not have the size or checksum that it says");
  }
  return cutter.finish();
}

}  // namespace

Result<std::vector<ZipMember>> read_zip_directory(RandomAccess& file, const ArchiveLimits& limits) {
  WEIR_ASSIGN(const Directory directory, find_directory(file));
  if (directory.members > limits.members || directory.bytes > limits.header_bytes * 64) {
    return Error(ErrorCode::kExhausted, "the zip file has too many members");
  }
  std::vector<std::byte> bytes(directory.bytes);
  WEIR_TRY(file.read_at(directory.at, bytes));
  std::vector<ZipMember> members;
  std::size_t at = 0;
  for (std::size_t i = 0; i < directory.members; ++i) {
    const std::byte* entry = bytes.data() + at;
    if (bytes.size() - at < kDirectoryBytes || u32(entry) != kDirectoryMark) {
      return corrupt("its directory is damaged");
    }
    const std::size_t name_bytes = u16(entry + 28);
    const std::size_t entry_bytes =
        kDirectoryBytes + name_bytes + u16(entry + 30) + u16(entry + 32);
    if (bytes.size() - at < entry_bytes) return corrupt("its directory is damaged");
    const std::string_view name(reinterpret_cast<const char*>(entry + kDirectoryBytes), name_bytes);
    at += entry_bytes;
    if (!safe_member(name, limits) || name.ends_with('/')) continue;
    members.push_back({std::string(normal_member(name)), u16(entry + 10), u16(entry + 8),
                       is_regular(entry), u32(entry + 16), u32(entry + 20), u32(entry + 24),
                       u32(entry + 42)});
  }
  return members;
}

Status extract_from_zip(RandomAccess& file, std::span<Extraction> wanted,
                        const ArchiveLimits& limits) {
  WEIR_ASSIGN(const std::vector<ZipMember> members, read_zip_directory(file, limits));
  for (Extraction& extraction : wanted) {
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const ZipMember& candidate) {
          return candidate.name == normal_member(extraction.member);
        });
    if (member != members.end()) {
      extraction.outcome = extract_one(file, *member, extraction, limits);
    }
  }
  return {};
}

}  // namespace weir::catalogue

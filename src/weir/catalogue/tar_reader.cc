#include "weir/catalogue/tar_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace weir::catalogue {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kPiece = 1 << 16;

Error corrupt(std::string text) {
  return Error(ErrorCode::kCorrupt, "not a sound tar archive: " + std::move(text));
}

// One header with what the extended headers before it said.
struct Entry {
  std::string name;
  uint64_t bytes = 0;
  char type = '0';
};

// What an extended header said about the entry that follows it.
struct Extended {
  std::optional<std::string> name;
  std::optional<uint64_t> bytes;
};

class TarStream {
 public:
  TarStream(ByteSource& source, const ArchiveLimits& limits) : source_(source), limits_(limits) {}

  // The next member that is no extended header; nothing at the end. Its data must then be taken.
  Result<std::optional<Entry>> next();
  // Passes the data of the member to `out` until that returns false, and skips the rest.
  template <class Out>
  Status data(const Entry& entry, const Out& out);
  Status skip(const Entry& entry) {
    return data(entry, [](std::span<const std::byte>) -> Result<bool> { return true; });
  }

 private:
  // False at a clean end of the stream.
  Result<bool> read_block(std::span<std::byte, kBlock> block);
  Result<std::size_t> read_some(std::span<std::byte> into);
  Result<Entry> parse(std::span<const std::byte, kBlock> block) const;
  Result<std::string> read_text(const Entry& entry);
  Status read_pax(const Entry& entry, Extended& extended);

  ByteSource& source_;
  const ArchiveLimits& limits_;
  uint64_t passed_ = 0;
  std::size_t members_ = 0;
  std::array<std::byte, kPiece> piece_;
};

Result<std::size_t> TarStream::read_some(std::span<std::byte> into) {
  if (passed_ > limits_.stream_bytes) {
    return Error(ErrorCode::kExhausted, "the archive unpacks to more than " +
                                            std::to_string(limits_.stream_bytes) + " bytes");
  }
  WEIR_ASSIGN(const std::size_t count, source_.read(into));
  passed_ += count;
  return count;
}

Result<bool> TarStream::read_block(std::span<std::byte, kBlock> block) {
  std::size_t filled = 0;
  while (filled < kBlock) {
    WEIR_ASSIGN(const std::size_t count, read_some(block.subspan(filled)));
    if (count == 0) break;
    filled += count;
  }
  if (filled == 0) return false;
  if (filled < kBlock) return corrupt("it ends in the middle");
  return true;
}

std::string_view field(std::span<const std::byte, kBlock> block, std::size_t at, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(block.data()) + at, size);
  return text.substr(0, std::min(text.find('\0'), text.size()));
}

// Octal digits with spaces around, or (first bit set) a big-endian binary number.
std::optional<uint64_t> number(std::span<const std::byte, kBlock> block, std::size_t at,
                               std::size_t size) {
  if (std::to_integer<unsigned>(block[at]) == 0x80) {
    uint64_t value = 0;
    for (std::size_t i = 1; i < size; ++i) {
      if (value >> 55) return std::nullopt;
      value = value << 8 | std::to_integer<uint64_t>(block[at + i]);
    }
    return value;
  }
  std::string_view text = field(block, at, size);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  uint64_t value = 0;
  if (text.empty()) return value;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool checksum_holds(std::span<const std::byte, kBlock> block) {
  uint64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool in_the_sum_itself = i >= 148 && i < 156;
    sum += in_the_sum_itself ? ' ' : std::to_integer<uint64_t>(block[i]);
  }
  return number(block, 148, 8) == sum;
}

Result<Entry> TarStream::parse(std::span<const std::byte, kBlock> block) const {
  if (!checksum_holds(block)) return corrupt("a header's checksum is wrong");
  const std::optional<uint64_t> bytes = number(block, 124, 12);
  if (!bytes) return corrupt("a size is no number");
  Entry entry{std::string(field(block, 0, 100)), *bytes, static_cast<char>(block[156])};
  const std::string_view magic(reinterpret_cast<const char*>(block.data()) + 257, 6);
  const std::string_view prefix = field(block, 345, 155);
  if (magic == std::string_view("ustar\0", 6) && !prefix.empty()) {
    entry.name = std::string(prefix) + "/" + entry.name;
  }
  return entry;
}

template <class Out>
Status TarStream::data(const Entry& entry, const Out& out) {
  bool wanted = true;
  uint64_t left = entry.bytes;
  while (left > 0) {
    const auto part = std::span(piece_).first(std::min<uint64_t>(left, kPiece));
    WEIR_ASSIGN(const std::size_t count, read_some(part));
    if (count == 0) return corrupt("it ends in the middle");
    left -= count;
    if (wanted) {
      WEIR_ASSIGN(wanted, out(std::span<const std::byte>(part.first(count))));
    }
  }
  for (std::size_t padding = (kBlock - entry.bytes % kBlock) % kBlock; padding > 0;) {
    WEIR_ASSIGN(const std::size_t count, read_some(std::span(piece_).first(padding)));
    if (count == 0) return corrupt("it ends in the middle");
    padding -= count;
  }
  return {};
}

Result<std::string> TarStream::read_text(const Entry& entry) {
  if (entry.bytes > limits_.header_bytes) {
    return Error(ErrorCode::kExhausted,
                 "a tar header has " + std::to_string(entry.bytes) + " bytes");
  }
  std::string text;
  WEIR_TRY(data(entry, [&](std::span<const std::byte> bytes) -> Result<bool> {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return true;
  }));
  return text;
}

// Records of the form "27 path=some/long/name\n", where 27 counts the whole record.
Status TarStream::read_pax(const Entry& entry, Extended& extended) {
  WEIR_ASSIGN(const std::string text, read_text(entry));
  std::string_view left = text;
  while (!left.empty() && left.front() != '\0') {
    std::size_t length = 0;
    const auto [end, code] = std::from_chars(left.data(), left.data() + left.size(), length);
    const std::size_t digits = static_cast<std::size_t>(end - left.data());
    if (code != std::errc() || length > left.size() || length < digits + 2 || left[digits] != ' ' ||
        left[length - 1] != '\n') {
      return corrupt("an extended header is damaged");
    }
    const std::string_view record = left.substr(digits + 1, length - digits - 2);
    left.remove_prefix(length);
    if (record.starts_with("path=")) extended.name = record.substr(5);
    if (record.starts_with("size=")) {
      const std::string_view value = record.substr(5);
      uint64_t bytes = 0;
      const auto parsed = std::from_chars(value.data(), value.data() + value.size(), bytes);
      if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size()) {
        return corrupt("an extended header is damaged");
      }
      extended.bytes = bytes;
    }
  }
  return {};
}

Result<std::optional<Entry>> TarStream::next() {
  Extended extended;
  alignas(8) std::array<std::byte, kBlock> block;
  while (true) {
    WEIR_ASSIGN(const bool more, read_block(block));
    if (!more) return std::optional<Entry>();
    if (std::all_of(block.begin(), block.end(), [](std::byte b) { return b == std::byte{0}; })) {
      return std::optional<Entry>();
    }
    if (++members_ > limits_.members) {
      return Error(ErrorCode::kExhausted, "the tar archive has too many members");
    }
    WEIR_ASSIGN(Entry entry, parse(block));
    if (entry.type == 'x') {
      WEIR_TRY(read_pax(entry, extended));
    } else if (entry.type == 'L') {
      WEIR_ASSIGN(const std::string name, read_text(entry));
      extended.name = name.substr(0, std::min(name.find('\0'), name.size()));
    } else if (entry.type == 'g' || entry.type == 'K') {
      WEIR_TRY(skip(entry));
    } else {
      if (extended.name) entry.name = *extended.name;
      if (extended.bytes) entry.bytes = *extended.bytes;
      // Links, devices and folders have no data, whatever their size says.
      if (entry.type >= '1' && entry.type <= '6') entry.bytes = 0;
      return std::optional<Entry>(std::move(entry));
    }
  }
}

bool regular(const Entry& entry) {
  return entry.type == '0' || entry.type == '\0' || entry.type == '7';
}

// Hands the one member to everybody who wants it or a part of it. Only the stream can fail here.
Status extract_entry(TarStream& stream, const Entry& entry, std::span<Extraction*> takers,
                     const ArchiveLimits& limits) {
  for (Extraction* taker : takers) {
    taker->outcome = Status();
    if (!regular(entry)) {
      taker->outcome = Error(ErrorCode::kUnsupported, "it is a link or not a regular file");
    } else if (entry.bytes > limits.member_bytes) {
      taker->outcome = Error(ErrorCode::kExhausted, "it has " + std::to_string(entry.bytes) +
                                                        " bytes, more than the limit of " +
                                                        std::to_string(limits.member_bytes));
    }
  }
  std::vector<RangeCutter> cutters;
  for (const Extraction* taker : takers) cutters.emplace_back(taker->range, taker->sink);
  WEIR_TRY(stream.data(entry, [&](std::span<const std::byte> bytes) -> Result<bool> {
    bool more = false;
    for (std::size_t i = 0; i < takers.size(); ++i) {
      if (takers[i]->outcome) takers[i]->outcome = cutters[i].take(bytes);
      more |= takers[i]->outcome.has_value() && !cutters[i].satisfied();
    }
    return more;
  }));
  for (std::size_t i = 0; i < takers.size(); ++i) {
    if (takers[i]->outcome) takers[i]->outcome = cutters[i].finish();
  }
  return {};
}

}  // namespace

Status extract_from_tar(ByteSource& source, std::span<Extraction> wanted,
                        const ArchiveLimits& limits) {
  TarStream stream(source, limits);
  std::vector<Extraction*> waiting;
  for (Extraction& extraction : wanted) waiting.push_back(&extraction);
  while (!waiting.empty()) {
    WEIR_ASSIGN(const std::optional<Entry> entry, stream.next());
    if (!entry) return {};
    const auto others =
        std::stable_partition(waiting.begin(), waiting.end(), [&](const Extraction* extraction) {
          return safe_member(entry->name, limits) &&
                 normal_member(extraction->member) == normal_member(entry->name);
        });
    const std::span<Extraction*> takers(waiting.begin(), others);
    WEIR_TRY(takers.empty() ? stream.skip(*entry) : extract_entry(stream, *entry, takers, limits));
    waiting.erase(waiting.begin(), others);
  }
  return {};
}

Result<std::vector<TarMember>> list_tar(ByteSource& source, const ArchiveLimits& limits) {
  TarStream stream(source, limits);
  std::vector<TarMember> members;
  while (true) {
    WEIR_ASSIGN(const std::optional<Entry> entry, stream.next());
    if (!entry) return members;
    if (regular(*entry) && safe_member(entry->name, limits) && !entry->name.ends_with('/')) {
      members.push_back({std::string(normal_member(entry->name)), entry->bytes});
    }
    WEIR_TRY(stream.skip(*entry));
  }
}

}  // namespace weir::catalogue

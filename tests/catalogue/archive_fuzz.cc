// Any bytes as a zip and as a tar: an error or members, within the bounds. The first byte says how
// much of the member is wanted, so that ranges are tried too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "weir/catalogue/tar_reader.h"
#include "weir/catalogue/zip_reader.h"

namespace {

using namespace weir::catalogue;

constexpr ArchiveLimits kLimits = {.member_bytes = 1 << 20,
                                   .stream_bytes = 1 << 20,
                                   .members = 1000,
                                   .name_bytes = 256,
                                   .header_bytes = 1 << 16};

// Wants every member by its name, then a part of each.
template <class Names, class Extract>
void extract_all(const Names& members, uint8_t first, const Extract& run) {
  std::vector<Extraction> wanted;
  std::vector<uint64_t> taken(members.size() * 2);
  for (const auto& member : members) {
    if (!safe_member(member.name, kLimits)) std::abort();
    for (const ByteRange range : {ByteRange{}, ByteRange{first, 7}}) {
      uint64_t& count = taken[wanted.size()];
      wanted.push_back(
          {member.name, range, [&count, range](std::span<const std::byte> bytes) -> weir::Status {
             count += bytes.size();
             if (count > kLimits.member_bytes || count > range.count) std::abort();
             return {};
           }});
    }
  }
  (void)run(wanted).has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
  MemorySource file(bytes);
  if (const auto members = read_zip_directory(file, kLimits)) {
    extract_all(*members, data[0], [&](std::vector<Extraction>& wanted) {
      return extract_from_zip(file, wanted, kLimits);
    });
  }
  MemorySource listed(bytes);
  if (const auto members = list_tar(listed, kLimits)) {
    MemorySource stream(bytes);
    extract_all(*members, data[0], [&](std::vector<Extraction>& wanted) {
      return extract_from_tar(stream, wanted, kLimits);
    });
  }
  return 0;
}

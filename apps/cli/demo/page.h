// The page of `weir demo`: one HTML file that needs nothing else, readable on a phone, in the dark
// and by a screen reader.
#pragma once

#include <string>

#include "apps/cli/demo/report.h"

namespace weir::cli::demo {

std::string page(const Report& report);

}  // namespace weir::cli::demo

// A whole file in memory, if it is not larger than it may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir {

// `what` names the kind of file in an Error: "picture".
Result<std::vector<uint8_t>> read_file_bytes(const std::string& path, std::string_view what,
                                             std::size_t max_bytes);

}  // namespace weir

// A device of a back end, as `weir doctor` tells of it to people and to programs.
#pragma once

#include <string>
#include <string_view>

#include "apps/cli/json.h"
#include "weir/backend/backend.h"

namespace weir::cli {

// What is said of whatever nobody could try: ", not verified on hardware"; else nothing.
std::string unverified_text(bool verified);

std::string device_text(std::string_view backend, const DeviceInfo& device);
Json device_json(std::string_view backend, const DeviceInfo& device);

}  // namespace weir::cli

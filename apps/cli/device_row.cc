#include "apps/cli/device_row.h"

#include "apps/cli/text.h"

namespace weir::cli {

std::string unverified_text(bool verified) {
  return verified ? "" : ", not verified on hardware";
}

namespace {

std::string memory_use(const DeviceInfo& device) {
  if (device.memory_bytes == 0) return "";
  return ", " + format_bytes(device.memory_used_bytes) + " of " +
         format_bytes(device.memory_bytes) + " used";
}

}  // namespace

// What the driver tells of a device is of use also where the back end cannot reach it.
std::string device_text(std::string_view backend, const DeviceInfo& device) {
  std::string text = device.name;
  if (!device.usable) {
    text += memory_use(device);
    return text + (text.empty() ? "" : ", ") + "not usable through " + std::string(backend);
  }
  if (!device.through.empty()) text += (text.empty() ? "through " : ", through ") + device.through;
  text += " (" + std::string(backend) + ")" + memory_use(device);
  return text + unverified_text(device.verified_on_hardware);
}

Json device_json(std::string_view backend, const DeviceInfo& device) {
  return {{"device", to_string(device.device)},
          {"backend", backend},
          {"name", device.name},
          {"through", device.through},
          {"memory_bytes", device.memory_bytes},
          {"memory_used_bytes", device.memory_used_bytes},
          {"usable", device.usable},
          {"verified_on_hardware", device.verified_on_hardware},
          {"missing", device.missing}};
}

}  // namespace weir::cli

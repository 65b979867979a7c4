#include "weir/data/device.h"

#include <array>
#include <charconv>
#include <cstddef>

namespace weir {
namespace {

// In the order of Device::Kind.
constexpr std::array<std::string_view, 6> kNames = {"cpu", "cuda", "gpu", "npu", "mps", "fake"};

bool parse_index(std::string_view text, int& index) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), index);
  return code == std::errc() && end == text.data() + text.size() && index >= 0;
}

}  // namespace

std::string to_string(const Device& device) {
  const std::string kind(kNames[static_cast<std::size_t>(device.kind)]);
  const bool single = device.kind == Device::Kind::kCpu || device.kind == Device::Kind::kMps;
  return single && device.index == 0 ? kind : kind + ":" + std::to_string(device.index);
}

Result<Device> parse_device(std::string_view text) {
  Device device;
  if (parse_index(text, device.index)) {
    device.kind = Device::Kind::kCuda;
    return device;
  }
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] != kind) continue;
    device.kind = static_cast<Device::Kind>(i);
    device.index = 0;
    if (colon == std::string_view::npos) return device;
    if (parse_index(text.substr(colon + 1), device.index)) return device;
  }
  return Error(ErrorCode::kInvalidArgument, "unknown device '" + std::string(text) + "'", "",
               "write cpu, cuda:0, gpu:0, npu:0 or mps; a bare 3 means cuda:3");
}

}  // namespace weir

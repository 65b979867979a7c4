// Where memory lies and where a model runs: "cpu", "cuda:0", "npu:1", "mps"; a bare "3" is
// "cuda:3".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir {

struct Device {
  enum class Kind : uint8_t { kCpu, kCuda, kGpu, kNpu, kMps, kFake };
  Kind kind = Kind::kCpu;
  int index = 0;

  bool is_cpu() const { return kind == Kind::kCpu; }
  bool operator==(const Device&) const = default;
};

std::string to_string(const Device& device);
// Names what it knows when it does not know `text`.
Result<Device> parse_device(std::string_view text);

}  // namespace weir

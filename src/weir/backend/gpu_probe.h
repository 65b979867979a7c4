// Which NVIDIA GPUs the driver of this machine sees, without linking anything of NVIDIA's: its
// libraries are opened by name and closed again. For `weir doctor` and the devices() of back ends.
// Any thread; takes milliseconds.
#pragma once

#include <string>
#include <vector>

#include "weir/backend/backend.h"
#include "weir/base/result.h"

namespace weir {

struct GpuDriver {
  std::string version;              // "550.54.14", or empty if only libcuda is there
  std::vector<DeviceInfo> devices;  // memory and use filled where NVML is there
};

// An Error says what is missing: kUnavailable for no driver, or a driver without a device. The
// names of the two libraries are a parameter for tests.
Result<GpuDriver> probe_gpus(const std::string& nvml = "libnvidia-ml.so.1",
                             const std::string& cuda = "libcuda.so.1");

}  // namespace weir

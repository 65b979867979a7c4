// OpenVINO's devices by our names: cpu, gpu:N (Intel's), npu:N.
#pragma once

#include <string>
#include <vector>

#include <openvino/runtime/core.hpp>

#include "weir/backend/backend.h"
#include "weir/base/result.h"

namespace weir {

// "CPU", "GPU.0"; an Error for a kind of device that OpenVINO does not reach, or one that is not
// there.
Result<std::string> openvino_device(const ov::Core& core, const BackendSpec& spec);
std::vector<DeviceInfo> openvino_devices(const ov::Core& core);

// The element type to compute in; an Error where the device cannot.
Result<ov::element::Type> openvino_precision(const ov::Core& core, const std::string& device,
                                             const BackendSpec& spec);

}  // namespace weir

#include "weir/backend/openvino/openvino_devices.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <openvino/runtime/properties.hpp>

#include "weir/backend/openvino/openvino_guard.h"

namespace weir {
namespace {

// "GPU.1" and "NPU" -> gpu:1 and npu:0. False for what has no name of ours (AUTO, HETERO).
bool parse_name(const std::string& text, Device& device) {
  const std::size_t dot = text.find('.');
  const std::string kind = text.substr(0, dot);
  if (kind == "CPU") {
    device.kind = Device::Kind::kCpu;
  } else if (kind == "GPU") {
    device.kind = Device::Kind::kGpu;
  } else if (kind == "NPU") {
    device.kind = Device::Kind::kNpu;
  } else {
    return false;
  }
  if (dot != text.npos) {
    std::from_chars(text.data() + dot + 1, text.data() + text.size(), device.index);
  }
  return true;
}

std::vector<std::string> available(const ov::Core& core) {
  auto found =
      openvino_guard("", ErrorCode::kUnavailable, [&] { return core.get_available_devices(); });
  return std::move(found).value_or(std::vector<std::string>{"CPU"});
}

bool has_capability(const ov::Core& core, const std::string& device, const char* capability) {
  const auto found = openvino_guard("", ErrorCode::kUnavailable, [&] {
    return core.get_property(device, ov::device::capabilities);
  });
  return found && std::find(found->begin(), found->end(), capability) != found->end();
}

DeviceInfo missing_device(Device::Kind kind, const char* what) {
  DeviceInfo info;
  info.device.kind = kind;
  info.through = "OpenVINO";
  info.missing = what;
  info.verified_on_hardware = false;
  return info;
}

}  // namespace

Result<std::string> openvino_device(const ov::Core& core, const BackendSpec& spec) {
  const Device wanted = spec.device;
  if (wanted.is_cpu() && wanted.index == 0) return std::string("CPU");
  const bool reachable = wanted.kind == Device::Kind::kGpu || wanted.kind == Device::Kind::kNpu;
  std::string known = "cpu";
  if (reachable) {
    for (const std::string& name : available(core)) {
      Device device;
      if (!parse_name(name, device)) continue;
      if (device == wanted) return name;
      if (!device.is_cpu()) known += ", " + to_string(device);
    }
  }
  const std::string why = reachable ? "OpenVINO finds no " + to_string(wanted) +
                                          " (not there, or its driver is not installed)"
                                    : "OpenVINO does not reach " + to_string(wanted);
  return Error(ErrorCode::kUnavailable, why, spec.where(), "it has: " + known);
}

std::vector<DeviceInfo> openvino_devices(const ov::Core& core) {
  std::vector<DeviceInfo> found;
  bool gpu = false;
  bool npu = false;
  for (const std::string& name : available(core)) {
    DeviceInfo info;
    if (!parse_name(name, info.device)) continue;
    gpu |= info.device.kind == Device::Kind::kGpu;
    npu |= info.device.kind == Device::Kind::kNpu;
    auto full = openvino_guard("", ErrorCode::kUnavailable,
                               [&] { return core.get_property(name, ov::device::full_name); });
    info.name = std::move(full).value_or(name);
    info.through = "OpenVINO " + name;
    info.usable = true;
    info.verified_on_hardware = info.device.is_cpu();
    found.push_back(std::move(info));
  }
  if (!gpu) {
    found.push_back(missing_device(Device::Kind::kGpu,
                                   "no Intel GPU, or its driver (intel-opencl-icd) is missing"));
  }
  if (!npu) {
    found.push_back(
        missing_device(Device::Kind::kNpu, "no Intel NPU, or its driver (intel-npu) is missing"));
  }
  return found;
}

Result<ov::element::Type> openvino_precision(const ov::Core& core, const std::string& device,
                                             const BackendSpec& spec) {
  const auto refuse = [&](const std::string& hint) {
    return Error(ErrorCode::kUnsupported,
                 to_string(spec.device) + " cannot compute in " +
                     std::string(name(spec.precision)) + " through OpenVINO",
                 spec.where(), hint);
  };
  switch (spec.precision) {
    case Precision::kDefault:
    case Precision::kFloat32:
      return ov::element::Type(ov::element::f32);
    case Precision::kBFloat16:
      if (has_capability(core, device, "BF16")) return ov::element::Type(ov::element::bf16);
      return refuse("it needs AVX-512 BF16 or AMX; write precision: float32");
    case Precision::kFloat16:
      if (has_capability(core, device, "FP16")) return ov::element::Type(ov::element::f16);
      return refuse("it needs AVX-512 FP16 or an Arm CPU; write precision: float32");
    case Precision::kInt8:
      break;
  }
  return refuse("use a quantised model: its int8 parts run as int8 under any precision");
}

}  // namespace weir

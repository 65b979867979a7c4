#include "weir/backend/gpu_probe.h"

#include <dlfcn.h>

#include <array>
#include <memory>
#include <utility>

namespace weir {
namespace {

struct CloseLibrary {
  void operator()(void* library) const { dlclose(library); }
};
using Library = std::unique_ptr<void, CloseLibrary>;

template <class F>
F* find(const Library& library, const char* name) {
  return reinterpret_cast<F*>(dlsym(library.get(), name));
}

Error no_driver(const std::string& what) {
  return Error(ErrorCode::kUnavailable, what, "",
               "install NVIDIA's driver (nvidia-driver) and see that nvidia-smi lists the device");
}

DeviceInfo gpu(int index, std::string name) {
  DeviceInfo info;
  info.device = {Device::Kind::kCuda, index};
  info.name = std::move(name);
  info.usable = true;
  info.verified_on_hardware = false;
  return info;
}

// The public C interface of NVML, as far as it is used; 0 is success everywhere.
struct Memory {
  unsigned long long total, free, used;
};
using Simple = int();
using Text = int(char*, unsigned);
using Count = int(unsigned*);
using Handle = int(unsigned, void**);
using Name = int(void*, char*, unsigned);
using Usage = int(void*, Memory*);

DeviceInfo read_device(const Library& nvml, unsigned index, void* handle) {
  std::array<char, 96> text{};
  if (auto* get_name = find<Name>(nvml, "nvmlDeviceGetName")) {
    get_name(handle, text.data(), static_cast<unsigned>(text.size() - 1));
  }
  DeviceInfo info = gpu(static_cast<int>(index), text.data());
  Memory memory{};
  auto* get_memory = find<Usage>(nvml, "nvmlDeviceGetMemoryInfo");
  if (get_memory != nullptr && get_memory(handle, &memory) == 0) {
    info.memory_bytes = memory.total;
    info.memory_used_bytes = memory.used;
  }
  return info;
}

Result<GpuDriver> probe_nvml(const Library& nvml) {
  auto* const init = find<Simple>(nvml, "nvmlInit_v2");
  auto* const shutdown = find<Simple>(nvml, "nvmlShutdown");
  auto* const count_devices = find<Count>(nvml, "nvmlDeviceGetCount_v2");
  auto* const get_handle = find<Handle>(nvml, "nvmlDeviceGetHandleByIndex_v2");
  if (!init || !shutdown || !count_devices || !get_handle || init() != 0) {
    return no_driver("NVIDIA's management library is there, and the driver does not answer");
  }
  GpuDriver driver;
  std::array<char, 96> version{};
  if (auto* get_version = find<Text>(nvml, "nvmlSystemGetDriverVersion")) {
    get_version(version.data(), static_cast<unsigned>(version.size() - 1));
  }
  driver.version = version.data();
  unsigned count = 0;
  count_devices(&count);
  for (unsigned i = 0; i < count; ++i) {
    void* handle = nullptr;
    if (get_handle(i, &handle) == 0) driver.devices.push_back(read_device(nvml, i, handle));
  }
  shutdown();
  return driver;
}

// Without NVML, the driver's own interface tells at least how many there are.
Result<GpuDriver> probe_cuda(const Library& cuda) {
  using Init = int(unsigned);
  using CountInt = int(int*);
  using NameInt = int(char*, int, int);
  using Bytes = int(std::size_t*, int);
  auto* const init = find<Init>(cuda, "cuInit");
  auto* const count_devices = find<CountInt>(cuda, "cuDeviceGetCount");
  auto* const get_name = find<NameInt>(cuda, "cuDeviceGetName");
  auto* const get_bytes = find<Bytes>(cuda, "cuDeviceTotalMem_v2");
  int count = 0;
  if (!init || !count_devices || !get_name || init(0) != 0 || count_devices(&count) != 0) {
    return no_driver("NVIDIA's driver library is there, and the driver does not answer");
  }
  GpuDriver driver;
  for (int i = 0; i < count; ++i) {
    std::array<char, 96> text{};
    get_name(text.data(), static_cast<int>(text.size() - 1), i);
    DeviceInfo info = gpu(i, text.data());
    if (get_bytes != nullptr) get_bytes(&info.memory_bytes, i);
    driver.devices.push_back(std::move(info));
  }
  return driver;
}

}  // namespace

Result<GpuDriver> probe_gpus(const std::string& nvml_name, const std::string& cuda_name) {
  const Library nvml(dlopen(nvml_name.c_str(), RTLD_NOW | RTLD_LOCAL));
  const Library cuda(nvml ? nullptr : dlopen(cuda_name.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!nvml && !cuda) {
    return no_driver("no NVIDIA driver: neither " + nvml_name + " nor " + cuda_name +
                     " can be opened");
  }
  WEIR_ASSIGN(GpuDriver driver, nvml ? probe_nvml(nvml) : probe_cuda(cuda));
  if (driver.devices.empty()) return no_driver("NVIDIA's driver sees no device");
  const std::string through =
      driver.version.empty() ? "cuda driver" : "nvidia driver " + driver.version;
  for (DeviceInfo& device : driver.devices) device.through = through;
  return driver;
}

}  // namespace weir

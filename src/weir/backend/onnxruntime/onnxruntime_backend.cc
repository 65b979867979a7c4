#include "weir/backend/onnxruntime/onnxruntime_backend.h"

#include <algorithm>
#include <utility>

#include "weir/backend/gpu_probe.h"
#include "weir/backend/onnxruntime/ort_model.h"
#include "weir/backend/onnxruntime/ort_providers.h"
#include "weir/backend/onnxruntime/ort_runtime.h"
#include "weir/backend/onnxruntime/ort_session_options.h"
#include "weir/backend/option_reader.h"
#include "weir/base/cpu.h"

namespace weir {
namespace {

ModelReport make_report(const OnnxRuntimeBackend& backend, const BackendSpec& spec,
                        const std::vector<OrtProvider>& providers) {
  ModelReport report;
  report.backend = backend.name();
  report.version = backend.version();
  report.device = spec.device;
  report.precision = "as in the file";
  report.intra_op_threads = spec.intra_op_threads;
  const bool cpu_only = providers.empty();
  if (!cpu_only) report.notes.push_back("execution providers are not verified on hardware");
  if (cpu_only && !spec.cache_folder.empty()) {
    report.notes.push_back("the CPU provider has no cache of compiled models");
  }
  return report;
}

// Every GPU of the driver, or one line that says what is missing.
void add_gpus(const std::string& provider, bool built_in, std::vector<DeviceInfo>& devices) {
  Result<GpuDriver> driver = probe_gpus();
  const std::string lacks = "this ONNX Runtime library was built without " + provider;
  if (!driver) {
    DeviceInfo none;
    none.device = {Device::Kind::kCuda, 0};
    none.name = "NVIDIA GPU";
    none.through = provider;
    none.verified_on_hardware = false;
    none.missing =
        (built_in ? "" : lacks + "; ") + driver.error().message + "; " + driver.error().hint;
    devices.push_back(std::move(none));
    return;
  }
  for (DeviceInfo& device : driver->devices) {
    device.through = provider + ", " + device.through;
    device.usable = built_in;
    if (!built_in) device.missing = lacks;
    devices.push_back(std::move(device));
  }
}

}  // namespace

OnnxRuntimeBackend::OnnxRuntimeBackend() : runtime_(std::make_shared<OrtRuntime>()) {}
OnnxRuntimeBackend::~OnnxRuntimeBackend() = default;

std::string OnnxRuntimeBackend::version() const {
  return OrtGetApiBase()->GetVersionString();
}

const Capabilities& OnnxRuntimeBackend::capabilities() const {
  static const Capabilities capabilities = [] {
    Capabilities able;
    for (std::size_t i = 0; i < kDTypeCount; ++i) able.dtypes.push_back(static_cast<DType>(i));
    able.precisions = {Precision::kFloat32};
    able.dynamic_shapes = able.unknown_outputs = able.from_bytes = true;
    able.async = able.cancel = able.reports_placement = true;
    return able;
  }();
  return capabilities;
}

std::vector<DeviceInfo> OnnxRuntimeBackend::devices() const {
  std::vector<DeviceInfo> devices;
  DeviceInfo cpu;
  cpu.name = cpu_name();
  cpu.through = "CPUExecutionProvider";
  cpu.usable = ort_api_or_null() != nullptr;
  if (!cpu.usable) cpu.missing = "a library that serves API " + std::to_string(kOrtApiVersion);
  devices.push_back(cpu);
  if (!cpu.usable) return devices;
  const std::vector<std::string> providers =
      available_providers().value_or(std::vector<std::string>());
  const auto built_in = [&](const char* provider) {
    return std::find(providers.begin(), providers.end(), provider) != providers.end();
  };
  add_gpus("CUDAExecutionProvider", built_in("CUDAExecutionProvider"), devices);
  if (built_in("TensorrtExecutionProvider")) add_gpus("TensorrtExecutionProvider", true, devices);
  return devices;
}

const std::vector<OptionInfo>& OnnxRuntimeBackend::options() const {
  static const std::vector<OptionInfo> options = {
      {"provider", "execution providers in order, such as tensorrt,cuda; the CPU comes last"},
      {"provider.*", "an option of the first provider, by the provider's own name"},
      {"provider_library", "path of a plug-in library that has the first provider"},
      {"custom_ops", "paths of libraries with custom operators, joined by commas"},
      {"optimize", "graph optimisation: off, basic, extended or all (default)"},
      {"arena", "keep freed memory for the next run: true (default) or false"},
      {"spinning", "let idle threads of the model spin: false (default) or true"},
      {"config.*", "an entry of ONNX Runtime's session configuration, by its own key"},
  };
  return options;
}

Result<std::shared_ptr<const LoadedModel>> OnnxRuntimeBackend::open(const BackendSpec& spec) {
  WEIR_TRY(runtime_->env());
  const OptionReader options(*this, spec);
  WEIR_TRY(options.check_names());
  WEIR_ASSIGN(const std::vector<OrtProvider> providers, providers_for(spec, options));
  WEIR_ASSIGN(const OrtSessionOptionsPtr session_options,
              make_session_options(*runtime_, spec, options, providers));
  return OrtModel::open(runtime_, *session_options, spec, make_report(*this, spec, providers));
}

}  // namespace weir

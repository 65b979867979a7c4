#include "weir/backend/onnxruntime/ort_session_options.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace weir {
namespace {

// Keys and values as two arrays of C strings, which borrow from the map.
struct CStrings {
  explicit CStrings(const std::map<std::string, std::string>& map) {
    for (const auto& [key, value] : map) {
      keys.push_back(key.c_str());
      values.push_back(value.c_str());
    }
  }
  std::vector<const char*> keys;
  std::vector<const char*> values;
};

Result<GraphOptimizationLevel> optimization_level(const OptionReader& options,
                                                  const BackendSpec& spec) {
  constexpr std::array<std::pair<std::string_view, GraphOptimizationLevel>, 4> kLevels = {
      {{"off", ORT_DISABLE_ALL},
       {"basic", ORT_ENABLE_BASIC},
       {"extended", ORT_ENABLE_EXTENDED},
       {"all", ORT_ENABLE_ALL}}};
  const std::string text = options.text("optimize", "all");
  for (const auto& [name, level] : kLevels) {
    if (name == text) return level;
  }
  return Error(ErrorCode::kInvalidArgument, "the option 'optimize' is '" + text + "'", spec.where(),
               "write off, basic, extended or all");
}

Status set_basics(OrtSessionOptions& to, const BackendSpec& spec, const OptionReader& options) {
  WEIR_TRY(check_threads(spec));
  WEIR_ASSIGN(const GraphOptimizationLevel level, optimization_level(options, spec));
  WEIR_ASSIGN(const bool arena, options.flag("arena", true));
  WEIR_ASSIGN(const bool spinning, options.flag("spinning", false));
  WEIR_TRY(ort_status(ort().SetIntraOpNumThreads(&to, spec.intra_op_threads)));
  WEIR_TRY(ort_status(ort().SetInterOpNumThreads(&to, 1)));
  WEIR_TRY(ort_status(ort().SetSessionExecutionMode(&to, ORT_SEQUENTIAL)));
  WEIR_TRY(ort_status(ort().SetSessionGraphOptimizationLevel(&to, level)));
  WEIR_TRY(ort_status(arena ? ort().EnableCpuMemArena(&to) : ort().DisableCpuMemArena(&to)));
  // The placement of the nodes is told at this level only, and heard by OrtPlacementListener.
  WEIR_TRY(ort_status(ort().SetSessionLogSeverityLevel(&to, ORT_LOGGING_LEVEL_VERBOSE)));
  if (spec.deterministic) WEIR_TRY(ort_status(ort().SetDeterministicCompute(&to, true)));
  const char* spin = spinning ? "1" : "0";
  WEIR_TRY(ort_status(ort().AddSessionConfigEntry(&to, "session.intra_op.allow_spinning", spin)));
  WEIR_TRY(ort_status(ort().AddSessionConfigEntry(&to, "session.inter_op.allow_spinning", spin)));
  for (const auto& [key, value] : options.with_prefix("config.")) {
    WEIR_TRY(ort_status(ort().AddSessionConfigEntry(&to, key.c_str(), value.c_str())));
  }
  return {};
}

Status add_custom_operators(OrtSessionOptions& to, const OptionReader& options) {
  std::string paths = options.text("custom_ops");
  while (!paths.empty()) {
    const std::size_t end = std::min(paths.find(','), paths.size());
    const std::string path = paths.substr(0, end);
    paths.erase(0, end + 1);
    Status status = ort_status(ort().RegisterCustomOpsLibrary_V2(&to, path.c_str()));
    if (!status) return std::move(status).error().at(path);
  }
  return {};
}

Status append_cuda(OrtSessionOptions& to, const OrtProvider& provider) {
  const CStrings text(provider.options);
  OrtCUDAProviderOptionsV2* raw = nullptr;
  WEIR_TRY(ort_status(ort().CreateCUDAProviderOptions(&raw)));
  const OrtPtr<OrtCUDAProviderOptionsV2, &OrtApi::ReleaseCUDAProviderOptions> owner(raw);
  WEIR_TRY(ort_status(ort().UpdateCUDAProviderOptions(raw, text.keys.data(), text.values.data(),
                                                      text.keys.size())));
  return ort_status(ort().SessionOptionsAppendExecutionProvider_CUDA_V2(&to, raw));
}

Status append_tensorrt(OrtSessionOptions& to, const OrtProvider& provider) {
  const CStrings text(provider.options);
  OrtTensorRTProviderOptionsV2* raw = nullptr;
  WEIR_TRY(ort_status(ort().CreateTensorRTProviderOptions(&raw)));
  const OrtPtr<OrtTensorRTProviderOptionsV2, &OrtApi::ReleaseTensorRTProviderOptions> owner(raw);
  WEIR_TRY(ort_status(ort().UpdateTensorRTProviderOptions(raw, text.keys.data(), text.values.data(),
                                                          text.keys.size())));
  return ort_status(ort().SessionOptionsAppendExecutionProvider_TensorRT_V2(&to, raw));
}

// The generic call knows most providers by a name of its own: "XNNPACK", else without the ending.
Status append_named(OrtSessionOptions& to, const OrtProvider& provider) {
  constexpr std::string_view kEnding = "ExecutionProvider";
  std::string name = provider.name;
  if (name.ends_with(kEnding)) name.resize(name.size() - kEnding.size());
  if (name == "Xnnpack") name = "XNNPACK";
  if (name == "Dml") name = "DML";
  if (name == "WebGpu") name = "WebGPU";
  if (name == "Azure") name = "AZURE";
  const CStrings text(provider.options);
  return ort_status(ort().SessionOptionsAppendExecutionProvider(
      &to, name.c_str(), text.keys.data(), text.values.data(), text.keys.size()));
}

Status append_built_in(OrtSessionOptions& to, const OrtProvider& provider,
                       const BackendSpec& spec) {
  WEIR_ASSIGN(const std::vector<std::string> available, available_providers());
  if (std::find(available.begin(), available.end(), provider.name) == available.end()) {
    std::string known;
    for (const std::string& name : available) known += (known.empty() ? "" : ", ") + name;
    return Error(ErrorCode::kUnavailable,
                 "this ONNX Runtime library was built without " + provider.name, spec.where(),
                 "it has " + known +
                     "; set ONNXRUNTIME_ROOT to one that has it, or give `provider_library`");
  }
  if (provider.name == "CUDAExecutionProvider") return append_cuda(to, provider);
  if (provider.name == "TensorrtExecutionProvider") return append_tensorrt(to, provider);
  return append_named(to, provider);
}

#if ORT_API_VERSION >= 22
Device::Kind kind_of(const OrtEpDevice& device) {
  switch (ort().HardwareDevice_Type(ort().EpDevice_Device(&device))) {
    case OrtHardwareDeviceType_GPU:
      return Device::Kind::kGpu;
    case OrtHardwareDeviceType_NPU:
      return Device::Kind::kNpu;
    default:
      return Device::Kind::kCpu;
  }
}
#endif

// A session runs on one device of a provider.
Status append_plugged_in(OrtRuntime& runtime, OrtSessionOptions& to, const OrtProvider& provider,
                         const std::string& library, const Device& device) {
#if ORT_API_VERSION >= 22
  WEIR_ASSIGN(OrtEnv* const env, runtime.env());
  const OrtEpDevice* const* devices = nullptr;
  std::size_t count = 0;
  WEIR_TRY(ort_status(ort().GetEpDevices(env, &devices, &count)));
  std::vector<OrtPluggedIn> found;
  for (std::size_t i = 0; i < count; ++i) {
    found.push_back({ort().EpDevice_EpName(devices[i]), kind_of(*devices[i])});
  }
  const auto chosen = plugged_in_device(found, provider.name, device);
  if (!chosen) return Error(chosen.error()).at(library);
  const CStrings text(provider.options);
  return ort_status(ort().SessionOptionsAppendExecutionProvider_V2(
      &to, env, &devices[*chosen], 1, text.keys.data(), text.values.data(), text.keys.size()));
#else
  (void)runtime, (void)to, (void)provider, (void)device;
  return Error(ErrorCode::kUnsupported, "this build cannot open provider libraries", library);
#endif
}

}  // namespace

Result<OrtSessionOptionsPtr> make_session_options(OrtRuntime& runtime, const BackendSpec& spec,
                                                  const OptionReader& options,
                                                  const std::vector<OrtProvider>& providers) {
  WEIR_TRY(options.check_names());
  OrtSessionOptions* raw = nullptr;
  WEIR_TRY(ort_status(ort().CreateSessionOptions(&raw)));
  OrtSessionOptionsPtr to(raw);
  WEIR_TRY(set_basics(*to, spec, options));
  WEIR_TRY(add_custom_operators(*to, options));
  const std::string library = options.text("provider_library");
  if (!library.empty()) WEIR_TRY(runtime.register_library(library));
  for (std::size_t i = 0; i < providers.size(); ++i) {
    const bool plugged_in = i == 0 && !library.empty();
    WEIR_TRY(plugged_in ? append_plugged_in(runtime, *to, providers[i], library, spec.device)
                        : append_built_in(*to, providers[i], spec));
  }
  return to;
}

}  // namespace weir

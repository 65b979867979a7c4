#include "weir/backend/onnxruntime/ort_providers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace weir {
namespace {

constexpr std::string_view kCpu = "CPUExecutionProvider";
constexpr std::string_view kCuda = "CUDAExecutionProvider";
constexpr std::string_view kTensorRt = "TensorrtExecutionProvider";

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kNames = {
    {{"cpu", kCpu},
     {"cuda", kCuda},
     {"tensorrt", kTensorRt},
     {"nvtensorrtrtx", "NvTensorRTRTXExecutionProvider"},
     {"openvino", "OpenVINOExecutionProvider"},
     {"coreml", "CoreMLExecutionProvider"},
     {"rocm", "ROCMExecutionProvider"},
     {"migraphx", "MIGraphXExecutionProvider"},
     {"cann", "CANNExecutionProvider"},
     {"qnn", "QNNExecutionProvider"},
     {"dml", "DmlExecutionProvider"},
     {"xnnpack", "XnnpackExecutionProvider"},
     {"dnnl", "DnnlExecutionProvider"},
     {"acl", "ACLExecutionProvider"},
     {"webgpu", "WebGpuExecutionProvider"},
     {"azure", "AzureExecutionProvider"}}};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

Result<std::vector<std::string>> asked_for(const BackendSpec& spec, const OptionReader& options) {
  const std::string text = options.text("provider");
  if (!text.empty()) return split(text, ',');
  switch (spec.device.kind) {
    case Device::Kind::kCpu:
      return std::vector<std::string>{};
    case Device::Kind::kCuda:
      return std::vector<std::string>{"cuda"};
    case Device::Kind::kMps:
      return std::vector<std::string>{"coreml"};
    default:
      break;
  }
  return Error(
      ErrorCode::kInvalidArgument,
      "which execution provider of ONNX Runtime reaches " + to_string(spec.device) + " is not said",
      spec.where(), "add the option `provider`, such as openvino, qnn or cann");
}

// "images:1x3x320x320,mask:1x1", as TensorRT's profiles are written.
std::string profile(const BackendSpec& spec, Shape ShapeRange::*which) {
  std::string text;
  for (const auto& [name, range] : spec.shapes) {
    text += (text.empty() ? "" : ",") + name + ":" + to_string(range.*which);
  }
  return text;
}

std::map<std::string, std::string> tensorrt_options(const BackendSpec& spec) {
  std::map<std::string, std::string> options;
  if (!spec.shapes.empty()) {
    options["trt_profile_min_shapes"] = profile(spec, &ShapeRange::min);
    options["trt_profile_opt_shapes"] = profile(spec, &ShapeRange::opt);
    options["trt_profile_max_shapes"] = profile(spec, &ShapeRange::max);
  }
  if (spec.precision == Precision::kFloat16) options["trt_fp16_enable"] = "1";
  if (spec.precision == Precision::kBFloat16) options["trt_bf16_enable"] = "1";
  if (spec.precision == Precision::kInt8) options["trt_int8_enable"] = "1";
  if (!spec.cache_folder.empty()) {
    options["trt_engine_cache_enable"] = "1";
    options["trt_engine_cache_path"] = spec.cache_folder;
    options["trt_timing_cache_enable"] = "1";
    options["trt_timing_cache_path"] = spec.cache_folder;
  }
  return options;
}

std::string openvino_precision(Precision precision) {
  switch (precision) {
    case Precision::kFloat16:
      return "FP16";
    case Precision::kBFloat16:
      return "BF16";
    default:
      return "FP32";
  }
}

OrtProvider provider_for(const std::string& name, const BackendSpec& spec) {
  OrtProvider provider{name, {}};
  if (name == kTensorRt) provider.options = tensorrt_options(spec);
  if (name == kTensorRt || name == kCuda || name == "ROCMExecutionProvider" ||
      name == "CANNExecutionProvider" || name == "MIGraphXExecutionProvider") {
    provider.options["device_id"] = std::to_string(spec.device.index);
  }
  if (name == "OpenVINOExecutionProvider") {
    provider.options["precision"] = openvino_precision(spec.precision);
    if (!spec.cache_folder.empty()) provider.options["cache_dir"] = spec.cache_folder;
  }
  return provider;
}

bool can_change_precision(const std::vector<OrtProvider>& providers) {
  return std::any_of(providers.begin(), providers.end(), [](const OrtProvider& provider) {
    return provider.name == kTensorRt || provider.name == "OpenVINOExecutionProvider";
  });
}

Status check(const BackendSpec& spec, const std::vector<OrtProvider>& providers) {
  if (spec.precision != Precision::kDefault && spec.precision != Precision::kFloat32 &&
      !can_change_precision(providers)) {
    return Error(ErrorCode::kUnsupported,
                 "ONNX Runtime computes in the precision of the file, not in " +
                     std::string(name(spec.precision)),
                 spec.where(),
                 "export the model in that precision, or use `backend: openvino` or the provider "
                 "tensorrt");
  }
  for (const OrtProvider& provider : providers) {
    const bool cuda = provider.name == kCuda || provider.name == kTensorRt;
    if (cuda && spec.device.kind != Device::Kind::kCuda) {
      return Error(ErrorCode::kInvalidArgument,
                   "the provider " + provider.name + " does not run on " + to_string(spec.device),
                   spec.where(), "write device: cuda:0");
    }
  }
  return {};
}

Device::Kind kind_of(const Device& device) {
  const bool gpu = device.kind == Device::Kind::kCuda || device.kind == Device::Kind::kMps;
  return gpu ? Device::Kind::kGpu : device.kind;
}

Error not_plugged_in(const std::vector<OrtPluggedIn>& all, const std::string& provider) {
  std::string known;
  for (const OrtPluggedIn& one : all) known += (known.empty() ? "" : ", ") + one.provider;
  return Error(ErrorCode::kUnavailable, provider + " finds no device on this machine", "",
               "providers that do: " + known);
}

}  // namespace

Result<std::size_t> plugged_in_device(const std::vector<OrtPluggedIn>& found,
                                      const std::string& provider, const Device& device) {
  std::vector<std::size_t> fitting;
  std::string known;
  std::map<Device::Kind, int> counts;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].provider != provider) continue;
    const Device own{found[i].kind, counts[found[i].kind]++};
    known += (known.empty() ? "" : ", ") + to_string(own);
    if (device.is_cpu() || own.kind == kind_of(device)) fitting.push_back(i);
  }
  if (known.empty()) return not_plugged_in(found, provider);
  const auto index = static_cast<std::size_t>(device.index);
  if (device.index >= 0 && index < fitting.size()) return fitting[index];
  return Error(ErrorCode::kUnavailable,
               provider + " has no " + to_string(device) + ": devices of that kind are " +
                   std::to_string(fitting.size()),
               "", "it has: " + known);
}

std::string provider_name(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c == '_' || c == '-') continue;
    plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const auto& [alias, name] : kNames) {
    if (plain == alias) return std::string(name);
  }
  return std::string(text);
}

Result<std::vector<OrtProvider>> providers_for(const BackendSpec& spec,
                                               const OptionReader& options) {
  WEIR_ASSIGN(const std::vector<std::string> names, asked_for(spec, options));
  std::vector<OrtProvider> providers;
  for (const std::string& text : names) {
    const std::string name = provider_name(text);
    if (name != kCpu) providers.push_back(provider_for(name, spec));
  }
  const std::map<std::string, std::string> extra = options.with_prefix("provider.");
  if (!extra.empty() && providers.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "`provider.…` options without a provider to read them", spec.where(),
                 "add the option `provider`");
  }
  for (const auto& [key, value] : extra) providers.front().options[key] = value;
  // What TensorRT does not take goes to CUDA before it goes to the CPU.
  if (providers.size() == 1 && providers.front().name == kTensorRt) {
    providers.push_back(provider_for(std::string(kCuda), spec));
  }
  WEIR_TRY(check(spec, providers));
  return providers;
}

}  // namespace weir

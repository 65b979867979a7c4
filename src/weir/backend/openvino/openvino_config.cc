#include "weir/backend/openvino/openvino_config.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include <openvino/runtime/properties.hpp>

#include "weir/backend/openvino/openvino_devices.h"
#include "weir/backend/option_reader.h"

namespace weir {
namespace {

constexpr int64_t kMaxStreams = 256;

struct Owned {
  std::string_view property;
  std::string_view write;
};
// OpenVINO's own properties that a field or an option of ours already says.
constexpr std::array<Owned, 7> kOwned = {{{"INFERENCE_PRECISION_HINT", "precision"},
                                          {"INFERENCE_NUM_THREADS", "intra_op_threads"},
                                          {"NUM_STREAMS", "the option streams"},
                                          {"ENABLE_CPU_PINNING", "the option cpu_pinning"},
                                          {"ENABLE_HYPER_THREADING", "the option hyper_threading"},
                                          {"CACHE_DIR", "cache_folder"},
                                          {"DEVICE_ID", "device"}}};

Status add_cpu(const OptionReader& options, const BackendSpec& spec, ov::AnyMap& properties) {
  WEIR_ASSIGN(const int64_t streams, options.integer("streams", 1, 1, kMaxStreams));
  WEIR_ASSIGN(const bool pinning, options.flag("cpu_pinning", false));
  WEIR_ASSIGN(const bool hyper_threading, options.flag("hyper_threading", false));
  // Which thread adds up what differs from run to run, so only one gives equal bits.
  const int threads = spec.deterministic ? 1 : spec.intra_op_threads;
  properties.insert(ov::num_streams(static_cast<int32_t>(streams)));
  properties.insert(ov::inference_num_threads(static_cast<int32_t>(threads * streams)));
  properties.insert(ov::hint::enable_cpu_pinning(pinning));
  properties.insert(ov::hint::enable_hyper_threading(hyper_threading));
  // Otherwise activations of layers with compressed weights would be rounded to int8 in silence.
  properties.insert(ov::hint::dynamic_quantization_group_size(0));
  return {};
}

Status check_deterministic(const BackendSpec& spec) {
  if (!spec.deterministic || spec.device.is_cpu()) return {};
  return Error(ErrorCode::kUnsupported,
               "OpenVINO does not promise equal bits on " + to_string(spec.device), spec.where(),
               "write device: cpu, or deterministic: false");
}

Status add_cache(const BackendSpec& spec, ov::AnyMap& properties) {
  if (spec.cache_folder.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(spec.cache_folder, error);
  if (error) {
    return Error(ErrorCode::kUnavailable, "the cache folder cannot be made: " + error.message(),
                 spec.cache_folder);
  }
  properties.insert(ov::cache_dir(spec.cache_folder));
  return {};
}

Status add_raw(const OptionReader& options, const BackendSpec& spec, ov::AnyMap& properties) {
  for (auto& [name, value] : options.with_prefix("property.")) {
    const std::string& wanted = name;
    const auto owned = std::find_if(kOwned.begin(), kOwned.end(),
                                    [&](const Owned& one) { return one.property == wanted; });
    if (owned != kOwned.end()) {
      return Error(ErrorCode::kInvalidArgument,
                   "the option 'property." + name + "' would override what Weir sets", spec.where(),
                   "write " + std::string(owned->write));
    }
    properties[name] = value;
  }
  return {};
}

}  // namespace

const std::vector<OptionInfo>& openvino_options() {
  static const std::vector<OptionInfo> kOptions = {
      {"streams", "how many runs of one model may be under way at once (1)"},
      {"cpu_pinning", "bind threads to cores (false)"},
      {"hyper_threading", "use both threads of a core (false)"},
      {"check_shapes", "refuse shapes that the graph denies; costs time once per new shape (true)"},
      {"property.*", "any property of OpenVINO by its own name: property.PERFORMANCE_HINT"},
  };
  return kOptions;
}

Result<OpenVinoConfig> openvino_config(const Backend& backend, const ov::Core& core,
                                       const BackendSpec& spec) {
  const OptionReader options(backend, spec);
  WEIR_TRY(options.check_names());
  WEIR_TRY(check_threads(spec));
  OpenVinoConfig config;
  WEIR_ASSIGN(config.device, openvino_device(core, spec));
  WEIR_TRY(check_deterministic(spec));
  WEIR_ASSIGN(const ov::element::Type precision, openvino_precision(core, config.device, spec));
  config.properties.insert(ov::hint::inference_precision(precision));
  if (spec.device.is_cpu()) WEIR_TRY(add_cpu(options, spec, config.properties));
  WEIR_ASSIGN(config.check_shapes, options.flag("check_shapes", true));
  WEIR_TRY(add_cache(spec, config.properties));
  WEIR_TRY(add_raw(options, spec, config.properties));
  return config;
}

}  // namespace weir

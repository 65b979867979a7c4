#include "weir/backend/openvino/openvino_report.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <openvino/core/model.hpp>
#include <openvino/core/version.hpp>
#include <openvino/runtime/properties.hpp>

#include "weir/backend/openvino/openvino_guard.h"
#include "weir/backend/openvino/openvino_types.h"

#ifdef WEIR_OPENVINO_TBB
// The call makes libtbb a library that Weir itself needs, so that the linker keeps it and the
// loader takes OpenVINO's before any other library asks for one.
extern "C" const char* TBB_runtime_version();
#endif

namespace weir {
namespace {

using Counts = std::map<std::string, int>;

std::string rt_text(const ov::Node& node, const char* key) {
  const auto& info = node.get_rt_info();
  const auto found = info.find(key);
  return found == info.end() ? "" : found->second.as<std::string>();
}

// "float32" for OpenVINO's "f32"; its own word for what we have none for.
std::string precision_name(const std::string& text) {
  const std::optional<DType> dtype = dtype_of(ov::element::Type(text));
  return dtype ? std::string(name(*dtype)) : text;
}

// Layers that compute, by "device precision" and by type.
void count_layers(const ov::CompiledModel& model, const std::string& device, Counts& placements,
                  Counts& types) {
  for (const auto& node : model.get_runtime_model()->get_ops()) {
    const std::string type = rt_text(*node, "layerType");
    if (type.empty() || type == "Input" || type == "Output" || type == "Const") continue;
    const std::string precision = rt_text(*node, "runtimePrecision");
    ++placements[device + (precision.empty() ? "" : " " + precision_name(precision))];
    ++types[type];
  }
}

std::string list_of(const Counts& types) {
  std::vector<std::pair<int, std::string>> rows;
  for (const auto& [type, count] : types) rows.emplace_back(-count, type);
  std::sort(rows.begin(), rows.end());
  std::string text = "layers:";
  for (const auto& [count, type] : rows) text += " " + type + " " + std::to_string(-count);
  return text;
}

}  // namespace

std::string openvino_version() {
  const char* number = ov::get_openvino_version().buildNumber;
  return number == nullptr ? "" : number;
}

ModelReport openvino_report(const ov::CompiledModel& model, const OpenVinoConfig& config,
                            const BackendSpec& spec) {
  ModelReport report;
  report.backend = "openvino";
  report.version = openvino_version();
  report.device = spec.device;
  report.precision = "float32";
  // A device that does not answer one of these questions leaves the field as it is.
  const auto ask = [](auto&& question) {
    (void)openvino_guard("", ErrorCode::kInternal, question);
  };
  ask([&] {
    const ov::element::Type precision = model.get_property(ov::hint::inference_precision);
    report.precision = precision_name(precision.to_string());
  });
  ask([&] { report.intra_op_threads = model.get_property(ov::inference_num_threads); });
  ask([&] {
    if (model.get_property(ov::loaded_from_cache)) {
      report.notes.push_back("the compiled model came from the cache");
    }
  });
  if (spec.deterministic && spec.intra_op_threads > 1) {
    report.notes.push_back("one thread, not " + std::to_string(spec.intra_op_threads) +
                           ", so that equal runs give equal bits");
  }
  Counts placements;
  Counts types;
  ask([&] { count_layers(model, config.device, placements, types); });
  for (const auto& [provider, nodes] : placements) report.placements.push_back({provider, nodes});
#ifdef WEIR_OPENVINO_TBB
  report.notes.push_back(std::string("libtbb ") + TBB_runtime_version());
#endif
  if (!types.empty()) report.notes.push_back(list_of(types));
  return report;
}

}  // namespace weir

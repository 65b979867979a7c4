// What OpenVINO made of a model: precision and threads as it reports them, and its layers by kind.
#pragma once

#include <openvino/runtime/compiled_model.hpp>

#include "weir/backend/loaded_model.h"
#include "weir/backend/openvino/openvino_config.h"

namespace weir {

ModelReport openvino_report(const ov::CompiledModel& model, const OpenVinoConfig& config,
                            const BackendSpec& spec);
// "2026.4.1-22982-…"
std::string openvino_version();

}  // namespace weir

// From a BackendSpec to what OpenVINO is told when it compiles a model.
#pragma once

#include <string>
#include <vector>

#include <openvino/core/any.hpp>
#include <openvino/runtime/core.hpp>

#include "weir/backend/backend.h"
#include "weir/base/result.h"

namespace weir {

const std::vector<OptionInfo>& openvino_options();

struct OpenVinoConfig {
  std::string device;  // "CPU"
  ov::AnyMap properties;
  bool check_shapes = true;
};
// Refuses options, devices and precisions that are not there.
Result<OpenVinoConfig> openvino_config(const Backend& backend, const ov::Core& core,
                                       const BackendSpec& spec);

}  // namespace weir

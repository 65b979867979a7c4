// What a user calls a model on the command line, as a spec.
//
//   WEIR_ASSIGN(ModelSpec spec, model_argument("yunet", {"thresholds.score=0.7"}));
//
// A spec file (.yaml), a model file that is there, or a name of the catalogue; over it what is set
// by `key=value`. Reads the spec file, nothing else. Any thread.
#pragma once

#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/model/spec.h"

namespace weir::cli {

Result<ModelSpec> model_argument(const std::string& model,
                                 const std::vector<std::string>& assignments = {});

// A short name for a model's step: "yunet", "yolox_nano" of "models/yolox_nano.onnx".
std::string step_name(const std::string& model);

}  // namespace weir::cli

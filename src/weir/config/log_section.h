// The `log` section of a config: how a tree becomes the LogConfig of base/log.h, which knows no
// YAML.
//
//   log:
//     level: info
//     levels: {onnxruntime: debug, ffmpeg: error}
//     file: weir.log
//
//   struct Spec { std::optional<LogConfig> log; };   // a field of its table, as of any other
//   struct
#pragma once

#include <vector>

#include "weir/base/log.h"
#include "weir/config/fields.h"

namespace weir {

// Found by the field tables through their arguments, hence beside LogConfig.
std::vector<config::EnumName<LogLevel>> config_names(LogLevel);
const config::Fields<LogConfig>& config_fields(const LogConfig*);

}  // namespace weir

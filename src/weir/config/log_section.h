// The `log` section of a config: how a tree becomes the LogConfig of base/log.h, which knows no
// YAML.
//
//   log:
//     level: info
//     levels: {flow: debug, backend.openvino: warn}
//     file: weir.log
//
//   WEIR_ASSIGN(const LogConfig log, read_log_section(root));
//   WEIR_TRY(configure_log(log));
#pragma once

#include <vector>

#include "weir/base/log.h"
#include "weir/config/fields.h"

namespace weir {

// Found by the field tables through their arguments, hence beside LogConfig.
std::vector<config::EnumName<LogLevel>> config_names(LogLevel);
const config::Fields<LogConfig>& config_fields(const LogConfig*);

namespace config {

// What stands under `log` in `root`; the defaults if nothing does.
Result<LogConfig> read_log_section(const Node& root);

}  // namespace config
}  // namespace weir

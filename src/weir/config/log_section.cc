#include "weir/config/log_section.h"

namespace weir {

std::vector<config::EnumName<LogLevel>> config_names(LogLevel) {
  return {{"trace", LogLevel::kTrace}, {"debug", LogLevel::kDebug}, {"info", LogLevel::kInfo},
          {"warn", LogLevel::kWarn},   {"error", LogLevel::kError}, {"off", LogLevel::kOff},
          {"warning", LogLevel::kWarn}};
}

const config::Fields<LogConfig>& config_fields(const LogConfig*) {
  using config::field;
  static const config::Fields<LogConfig> fields(
      "log", "What the runtime says about itself.",
      {field("level", &LogConfig::level).help("The least that is written."),
       field("levels", &LogConfig::levels)
           .example("{flow: debug, backend: warn}")
           .help("Levels of single components; 'flow' is also the level of 'flow.threads'."),
       field("file", &LogConfig::file)
           .example("weir.log")
           .help("Where lines go; without it to stderr."),
       field("rotate_bytes", &LogConfig::rotate_bytes)
           .at_least(1024)
           .unit("bytes")
           .help("A fuller file is kept as weir.1.log, and a new one begun."),
       field("rotate_count", &LogConfig::rotate_count)
           .range(0, 1000)
           .help("How many full files are kept.")});
  return fields;
}

namespace config {

Result<LogConfig> read_log_section(const Node& root) {
  const Node* section = root.find("log");
  return section != nullptr ? read<LogConfig>(*section, "log") : LogConfig();
}

}  // namespace config
}  // namespace weir

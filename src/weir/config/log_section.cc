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
           .example("{onnxruntime: debug, ffmpeg: error}")
           .help("Levels of single components: onnxruntime, ffmpeg, sink, threads."),
       field("file", &LogConfig::file)
           .example("weir.log")
           .help("Where lines go, relative to the working folder; without it to stderr."),
       field("rotate_bytes", &LogConfig::rotate_bytes)
           .at_least(1024)
           .unit("bytes")
           .help("A fuller file is kept as weir.1.log, and a new one begun."),
       field("rotate_count", &LogConfig::rotate_count)
           .range(0, 1000)
           .help("How many full files are kept.")});
  return fields;
}

}  // namespace weir

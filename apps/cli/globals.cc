#include "apps/cli/globals.h"

#include <utility>

namespace weir::cli {

std::vector<Option> global_options(Globals& globals) {
  return {
      {.flags = "--json", .target = &globals.json, .help = "Print one JSON document for programs"},
      {.flags = "-q,--quiet", .target = &globals.quiet, .help = "No progress and no notes"},
      {.flags = "--log-level",
       .target = &globals.log_level,
       .help = "What is logged: trace, debug, info, warn, error or off; default: warn",
       .value = "trace|debug|info|warn|error|off"},
      {.flags = "--log-file",
       .target = &globals.log_file,
       .help = "Log into this file instead of stderr",
       .value = "FILE"}};
}

void apply(const Globals& globals, Context& context) {
  context.json = globals.json;
  context.quiet = globals.quiet;
  context.log_level = globals.log_level;
  context.log_file = globals.log_file;
  context.terminal = Terminal::of(1);
  context.err_is_terminal = Terminal::of(2).is_terminal;
}

Status start_log(const Context& context, LogConfig configured) {
  LogConfig config = std::move(configured);
  if (!context.log_level.empty()) {
    WEIR_ASSIGN(config.level, parse_log_level(context.log_level));
    // Whoever asks for 'trace' wants everything, also of what the file keeps quiet.
    config.levels.clear();
  }
  if (!context.log_file.empty()) config.file = context.log_file;
  return configure_log(config);
}

}  // namespace weir::cli

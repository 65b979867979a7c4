// The `weir` command: parse, run, say what went wrong.
#include <fcntl.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/command_line.h"
#include "apps/cli/globals.h"
#include "apps/cli/json.h"
#include "weir/media/video_reader.h"

namespace {

// A stream that the caller has closed would be given to the next file that is opened: results would
// then go into it, or be read from it. What stands here instead can be neither read nor written.
void hold_standard_streams() {
  for (int stream = 0; stream <= 2; ++stream) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    [[maybe_unused]] const int held = open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
  }
}

int report(const weir::Error& error, const weir::cli::Context& context) {
  if (context.json && !context.answered) context.out << weir::cli::print(weir::cli::to_json(error));
  context.err << "weir: " << error.to_string() << '\n';
  return weir::exit_code(error.code);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace weir::cli;
  hold_standard_streams();
  const std::vector<Command> commands = all_commands();
  Globals globals;
  const std::vector<Option> options = global_options(globals);
  Context context{std::cout, std::cerr};
  context.commands = &commands;
  context.global_options = &options;

  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto parsed = parse(commands, options, words);
  // A command line that cannot be read is an error for programs, too, if it asks for JSON.
  if (!parsed) globals.json = std::find(words.begin(), words.end(), "--json") != words.end();
  apply(globals, context);
  if (!parsed) return report(parsed.error(), context);
  if (parsed->command == nullptr) {
    context.out << parsed->text;
    return 0;
  }
  const auto logging = start_log(context);
  weir::log_ffmpeg();
  const weir::Status done = logging ? parsed->command->run(context) : logging;
  context.out.flush();
  if (!done) return report(done.error(), context);
  if (!context.out) {
    return report({weir::ErrorCode::kUnavailable, "cannot write the results", "stdout"}, context);
  }
  return 0;
}

#include "apps/cli/command.h"

#include <algorithm>
#include <cstddef>

namespace weir::cli {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

std::vector<std::string> Option::choices() const {
  if (value.find('|') == std::string::npos) return {};
  return split(value, '|');
}

std::vector<std::string> Option::names() const {
  return split(flags, ',');
}

void Context::note(const std::string& line) const {
  if (!quiet) err << line << '\n' << std::flush;
}

std::vector<Command> all_commands() {
  return {run_command(),     check_command(),      explain_command(), infer_command(),
          read_command(),    track_command(),      demo_command(),    doctor_command(),
          pull_command(),    models_command(),     bench_command(),   init_command(),
          inspect_command(), completion_command(), version_command()};
}

}  // namespace weir::cli

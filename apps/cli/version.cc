// weir version: what this build is.
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/json.h"
#include "apps/cli/version_text.h"

namespace weir::cli {
namespace {

Status run(Context& context) {
  if (context.json) {
    context.out << print({{"version", version_number()},
                          {"git", git_describe()},
                          {"compiler", compiler()},
                          {"build", build_kind()}});
    return {};
  }
  context.out << version_line() << "\nbuilt by " << compiler() << " (" << build_kind() << ")\n";
  return {};
}

}  // namespace

Command version_command() {
  return {.name = "version",
          .summary = "Print the version, the commit and the back ends of this build",
          .examples = {"weir version", "weir version --json"},
          .run = run};
}

}  // namespace weir::cli

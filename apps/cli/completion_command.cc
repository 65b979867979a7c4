// weir completion SHELL: prints the completion script of a shell.
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/completion.h"

namespace weir::cli {

Command completion_command() {
  auto shell = std::make_shared<std::string>();
  const auto run = [shell](Context& context) -> Status {
    const auto write = *shell == "bash"  ? bash_completion
                       : *shell == "zsh" ? zsh_completion
                                         : fish_completion;
    context.out << write(*context.commands, *context.global_options);
    return {};
  };
  return {.name = "completion",
          .summary = "Print the completion script of a shell",
          .details =
              "bash: source it, or put it into ~/.local/share/bash-completion/completions/weir"
              "\nzsh: put it into a folder of $fpath as _weir"
              "\nfish: put it into ~/.config/fish/completions/weir.fish",
          .examples = {"source <(weir completion bash)"},
          .options = {{.flags = "shell",
                       .target = shell.get(),
                       .help = "bash, zsh or fish",
                       .value = "bash|zsh|fish",
                       .required = true}},
          .run = run};
}

}  // namespace weir::cli

#include "apps/cli/completion.h"

#include <algorithm>

namespace weir::cli {
namespace {

// The catalogue's names are asked from the command itself, so that a user's own entries complete.
constexpr const char* kAskNames = "weir models --names 2>/dev/null";

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Inside single quotes of bash and zsh.
std::string shell_quoted(const std::string& text) {
  return "'" + replace_all(text, "'", "'\\''") + "'";
}

std::vector<std::string> command_names(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const Command& command : commands) names.push_back(command.name);
  return names;
}

std::vector<std::string> flags_of(const std::vector<Option>& options) {
  std::vector<std::string> flags;
  for (const Option& option : options) {
    if (option.is_positional()) continue;
    for (const std::string& flag : option.names()) flags.push_back(flag);
  }
  return flags;
}

const Option* positional_of(const Command& command) {
  for (const Option& option : command.options) {
    if (option.is_positional()) return &option;
  }
  return nullptr;
}

// ---- bash

std::string bash_values(const Option& option) {
  if (const auto choices = option.choices(); !choices.empty()) {
    return "compgen -W " + shell_quoted(join(choices, " ")) + " -- \"$cur\"";
  }
  if (option.value == "FILE") return "compgen -f -- \"$cur\"";
  if (option.value == "FOLDER") return "compgen -d -- \"$cur\"";
  std::string names = "compgen -W \"$(" + std::string(kAskNames) + ")\" -- \"$cur\"";
  if (option.value == "NAME") return names;
  if (option.value == "MODEL") return names + "; compgen -f -- \"$cur\"";
  return {};
}

std::string bash_cases(const std::vector<Option>& options, const std::string& indent) {
  std::string text;
  for (const Option& option : options) {
    if (option.is_positional() || !option.takes_value()) continue;
    const std::string values = bash_values(option);
    text += indent + join(option.names(), "|") + ") " +
            (values.empty() ? "return" : "COMPREPLY=($(" + values + ")); return") + " ;;\n";
  }
  return text;
}

std::string bash_command(const Command& command, const std::vector<Option>& globals) {
  std::vector<std::string> flags = flags_of(command.options);
  const std::vector<std::string> shared = flags_of(globals);
  flags.insert(flags.end(), shared.begin(), shared.end());
  flags.push_back("--help");
  std::string text = "    " + command.name + ")\n";
  const std::string cases = bash_cases(command.options, "        ");
  if (!cases.empty()) text += "      case $prev in\n" + cases + "      esac\n";
  text += "      case $cur in\n        -*) COMPREPLY=($(compgen -W " +
          shell_quoted(join(flags, " ")) + " -- \"$cur\")) ;;\n";
  const Option* positional = positional_of(command);
  if (positional != nullptr && !bash_values(*positional).empty()) {
    text += "        *) COMPREPLY=($(" + bash_values(*positional) + ")) ;;\n";
  }
  return text + "      esac ;;\n";
}

// ---- zsh

std::string zsh_help(const std::string& help) {
  std::string text = replace_all(help, "\\", "\\\\");
  for (const char* special : {"[", "]", ":"}) {
    text = replace_all(text, special, "\\" + std::string(special));
  }
  return text;
}

std::string zsh_values(const Option& option) {
  if (const auto choices = option.choices(); !choices.empty())
    return "(" + join(choices, " ") + ")";
  if (option.value == "FILE") return "_files";
  if (option.value == "FOLDER") return "_files -/";
  if (option.value == "NAME") return "_weir_names";
  if (option.value == "MODEL") return "_weir_models";
  return " ";
}

std::string zsh_specs(const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    const bool many = std::holds_alternative<std::vector<std::string>*>(option.target);
    if (option.is_positional()) {
      text += " \\\n        " +
              shell_quoted((many ? "*:" : ":") + option.flags + ":" + zsh_values(option));
      continue;
    }
    for (const std::string& flag : option.names()) {
      std::string spec = (many ? "*" : "") + flag + "[" + zsh_help(option.help) + "]";
      if (option.takes_value())
        spec += ":" + flag.substr(flag.rfind('-') + 1) + ":" + zsh_values(option);
      text += " \\\n        " + shell_quoted(spec);
    }
  }
  return text;
}

// ---- fish

std::string fish_quoted(const std::string& text) {
  return "'" + replace_all(replace_all(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string fish_values(const Option& option) {
  if (const auto choices = option.choices(); !choices.empty()) {
    return " -x -a " + fish_quoted(join(choices, " "));
  }
  if (option.value == "FILE") return " -r -F";
  if (option.value == "FOLDER") return " -x -a '(__fish_complete_directories)'";
  if (option.value == "NAME") return " -x -a '(" + std::string(kAskNames) + ")'";
  if (option.value == "MODEL") return " -r -F -a '(" + std::string(kAskNames) + ")'";
  return " -x";
}

std::string fish_option(const Option& option, const std::string& condition) {
  std::string text = "complete -c weir" + condition;
  if (!option.is_positional()) {
    for (const std::string& flag : option.names()) {
      text += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
    }
  }
  if (option.takes_value()) text += fish_values(option);
  if (!option.is_positional()) text += " -d " + fish_quoted(option.help);
  return text + "\n";
}

}  // namespace

std::string bash_completion(const std::vector<Command>& commands,
                            const std::vector<Option>& globals) {
  const std::vector<std::string> names = command_names(commands);
  std::vector<std::string> first = flags_of(globals);
  first.insert(first.begin(), names.begin(), names.end());
  for (const char* more : {"help", "--help", "--version"}) first.emplace_back(more);
  std::string text =
      "# bash completion for weir, written by `weir completion bash`\n"
      "_weir() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${COMP_WORDS[i]} in\n"
      "      help|" +
      join(names, "|") +
      ") command=${COMP_WORDS[i]}; break ;;\n"
      "    esac\n"
      "  done\n"
      "  case $prev in\n" +
      bash_cases(globals, "    ") +
      "  esac\n"
      "  case $command in\n";
  for (const Command& command : commands) text += bash_command(command, globals);
  return text + "    help) COMPREPLY=($(compgen -W " + shell_quoted(join(names, " ")) +
         " -- \"$cur\")) ;;\n    *) COMPREPLY=($(compgen -W " + shell_quoted(join(first, " ")) +
         " -- \"$cur\")) ;;\n  esac\n}\ncomplete -o filenames -F _weir weir\n";
}

std::string zsh_completion(const std::vector<Command>& commands,
                           const std::vector<Option>& globals) {
  std::string text =
      "#compdef weir\n# zsh completion for weir, written by `weir completion zsh`\n"
      "_weir_names() { compadd -- ${(f)\"$(" +
      std::string(kAskNames) +
      ")\"} }\n"
      "_weir_models() { _weir_names; _files }\n\n"
      "_weir() {\n  local -a commands\n  local state line\n  commands=(\n";
  for (const Command& command : commands) {
    text += "    " + shell_quoted(command.name + ":" + zsh_help(command.summary)) + "\n";
  }
  text += "    'help:Explain a command'\n  )\n  _arguments -C" + zsh_specs(globals) +
          " \\\n        '1:command:->command' '*::argument:->argument'\n"
          "  case $state in\n    command) _describe command commands ;;\n"
          "    argument)\n      case $words[1] in\n        help) _describe command commands ;;\n";
  for (const Command& command : commands) {
    text += "        " + command.name + ") _arguments" + zsh_specs(command.options) +
            zsh_specs(globals) + " ;;\n";
  }
  return text + "      esac ;;\n  esac\n}\n\ncompdef _weir weir\n";
}

std::string fish_completion(const std::vector<Command>& commands,
                            const std::vector<Option>& globals) {
  std::string text =
      "# fish completion for weir, written by `weir completion fish`\ncomplete -c weir -f\n";
  for (const Option& option : globals) text += fish_option(option, "");
  for (const Command& command : commands) {
    text += "complete -c weir -n __fish_use_subcommand -a " + command.name + " -d " +
            fish_quoted(command.summary) + "\n";
  }
  text += "complete -c weir -n __fish_use_subcommand -a help -d 'Explain a command'\n";
  text += "complete -c weir -n '__fish_seen_subcommand_from help' -a " +
          fish_quoted(join(command_names(commands), " ")) + "\n";
  for (const Command& command : commands) {
    const std::string condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
    for (const Option& option : command.options) text += fish_option(option, condition);
  }
  return text;
}

}  // namespace weir::cli

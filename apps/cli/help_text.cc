#include "apps/cli/help_text.h"

#include "apps/cli/table.h"

namespace weir::cli {
namespace {

bool is_many(const Option& option) {
  return std::holds_alternative<std::vector<std::string>*>(option.target);
}

// "MODEL", "[FILE]", "[NAME...]"
std::string usage_of(const Option& positional) {
  std::string word = positional.value.empty() || !positional.choices().empty() ? positional.flags
                                                                               : positional.value;
  if (is_many(positional)) word += "...";
  return positional.required ? word : "[" + word + "]";
}

// What an option takes; a long list of choices is left to its help.
std::string value_of(const Option& option) {
  constexpr std::size_t kLongestChoice = 16;
  if (option.value.empty()) return "VALUE";
  return option.value.size() > kLongestChoice && !option.choices().empty() ? "CHOICE"
                                                                           : option.value;
}

// "-o, --out FILE"; long options stand under each other though some have no short name.
std::string flags_of(const Option& option) {
  if (option.is_positional()) return usage_of(option);
  std::string text;
  for (const std::string& name : option.names()) text += (text.empty() ? "" : ", ") + name;
  if (text.starts_with("--")) text.insert(0, "    ");
  if (!option.takes_value()) return text;
  return text + " " + value_of(option);
}

std::string rows(const std::vector<Option>& options, bool positional) {
  Table table({{}, {}});
  for (const Option& option : options) {
    if (option.is_positional() == positional) table.row({"  " + flags_of(option), option.help});
  }
  return table.empty() ? "" : table.render({});
}

std::string titled(const std::string& title, const std::string& body) {
  return body.empty() ? "" : "\n" + title + ":\n" + body;
}

}  // namespace

std::string help_of_program(const std::vector<Command>& commands,
                            const std::vector<Option>& globals) {
  Table table({{}, {}});
  for (const Command& command : commands) table.row({"  " + command.name, command.summary});
  table.row({"  help", "Explain a command: weir help bench"});
  std::vector<Option> options = globals;
  bool unused = false;
  options.push_back({.flags = "-h,--help", .target = &unused, .help = "Print this help and exit"});
  options.push_back(
      {.flags = "--version", .target = &unused, .help = "Print the version and exit"});
  return "weir runs several AI models over several streams on one box, and keeps every promise it\n"
         "makes about order, delay and loss.\n\nUsage: weir [OPTIONS] COMMAND ...\n" +
         titled("Commands", table.render({})) + titled("Options", rows(options, false)) +
         titled("Examples",
                "  weir demo\n  weir doctor\n  weir bench yunet --backend all --sweep\n") +
         "\nExit codes: 0 done, 1 failed, 2 wrong usage or config.\n";
}

std::string help_of_command(const Command& command, const std::vector<Option>& globals) {
  std::string usage = "weir " + command.name;
  if (!rows(command.options, false).empty()) usage += " [OPTIONS]";
  for (const Option& option : command.options) {
    if (option.is_positional()) usage += " " + usage_of(option);
  }
  std::string examples;
  for (const std::string& example : command.examples) examples += "  " + example + "\n";
  return command.summary + "\n\nUsage: " + usage + "\n" +
         (command.details.empty() ? "" : "\n" + command.details + "\n") +
         titled("Arguments", rows(command.options, true)) +
         titled("Options", rows(command.options, false)) +
         titled("Options of every command", rows(globals, false)) +
         titled(command.examples.size() > 1 ? "Examples" : "Example", examples);
}

}  // namespace weir::cli

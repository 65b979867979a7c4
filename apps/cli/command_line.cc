#include "apps/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <memory>
#include <sstream>

#include "apps/cli/help_text.h"
#include "apps/cli/version_text.h"
#include "weir/base/nearest_name.h"

namespace weir::cli {
namespace {

// "a number from 0 to 1", "a whole number from 1 on"
std::string what_it_takes(const Option& option) {
  if (!option.is_number()) return option.value;
  const auto text = [](double bound) {
    std::ostringstream out;
    out << bound;
    return out.str();
  };
  std::string what = std::holds_alternative<int*>(option.target) ? "a whole number" : "a number";
  const bool from = option.least > std::numeric_limits<double>::lowest();
  const bool to = option.most < std::numeric_limits<double>::max();
  if (from) what += " from " + text(option.least);
  if (to) what += " to " + text(option.most);
  return what + (from && !to ? " on" : "");
}

// What is wrong with a value; empty: nothing.
std::string wrong_value(const Option& option, const std::string& value) {
  if (value.empty()) return "cannot be empty; name a " + option.value + ", or leave it out";
  if (!option.is_number()) return {};
  double number = 0;
  int whole = 0;
  const bool read =
      CLI::detail::lexical_cast(value, number) &&
      (std::holds_alternative<double*>(option.target) || CLI::detail::lexical_cast(value, whole));
  if (read && number >= option.least && number <= option.most) return {};
  return "cannot be '" + value + "'; write " + what_it_takes(option);
}

void add_option(CLI::App& app, const Option& option) {
  CLI::Option* added = std::visit(
      [&](auto* target) -> CLI::Option* {
        if constexpr (std::is_same_v<decltype(target), bool*>) {
          return app.add_flag(option.flags, *target, option.help);
        } else {
          return app.add_option(option.flags, *target, option.help);
        }
      },
      option.target);
  if (option.required) added->required();
  if (option.takes_value()) {
    added->check([option](const std::string& value) { return wrong_value(option, value); });
  }
  if (std::holds_alternative<std::vector<std::string>*>(option.target) && !option.is_positional()) {
    // One value each time it is given, so that what follows is not taken for more.
    added->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  }
}

struct Parser {
  CLI::App app{"", "weir"};
  std::vector<CLI::App*> subcommands;  // in the order of the commands
  bool version = false;
};

std::unique_ptr<Parser> build(const std::vector<Command>& commands,
                              const std::vector<Option>& globals) {
  auto parser = std::make_unique<Parser>();
  CLI::App& app = parser->app;
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.add_flag("--version", parser->version, "Print the version and exit");
  for (const Option& option : globals) add_option(app, option);
  for (const Command& command : commands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->fallthrough();
    for (const Option& option : command.options) add_option(*sub, option);
    parser->subcommands.push_back(sub);
  }
  return parser;
}

const Command* find(const std::vector<Command>& commands, const std::string& name) {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

std::string hint_or(const std::string& word, const std::vector<std::string>& names,
                    const std::string& otherwise) {
  const auto nearest = nearest_name(word, names);
  return nearest ? "did you mean '" + *nearest + "'?" : otherwise;
}

Error unknown_command(const std::vector<Command>& commands, const std::string& word) {
  std::vector<std::string> names = {"help"};
  for (const Command& command : commands) names.push_back(command.name);
  return Error(ErrorCode::kInvalidArgument, "unknown command '" + word + "'", "command line",
               hint_or(word, names, "`weir --help` lists the commands"));
}

Error unexpected_word(const Command* command, const std::vector<Option>& globals,
                      const std::string& word) {
  const std::string name = command != nullptr ? command->name : "";
  const std::string help = name.empty() ? "`weir --help`" : "`weir help " + name + "`";
  if (word.empty() || word.front() != '-') {
    return Error(ErrorCode::kInvalidArgument, "unexpected argument '" + word + "'", name,
                 help + " shows what it takes");
  }
  std::vector<std::string> names = {"--help"};
  const auto collect = [&names](const std::vector<Option>& options) {
    for (const Option& option : options) {
      if (option.is_positional()) continue;
      for (const std::string& flag : option.names()) names.push_back(flag);
    }
  };
  collect(globals);
  if (command != nullptr) collect(command->options);
  const std::string flag = word.substr(0, word.find('='));
  return Error(ErrorCode::kInvalidArgument, "unknown option '" + flag + "'", name,
               hint_or(flag, names, help + " lists the options"));
}

// The option that the parser library speaks of: "--then: 1 required TEXT missing".
const Option* option_of(const Command* command, const std::vector<Option>& globals,
                        const std::string& said) {
  const std::string name = said.substr(0, said.find_first_of(": "));
  const auto find_in = [&](const std::vector<Option>& options) -> const Option* {
    for (const Option& option : options) {
      const std::vector<std::string> names = option.names();
      if (std::find(names.begin(), names.end(), name) != names.end()) return &option;
    }
    return nullptr;
  };
  const Option* own = command == nullptr ? nullptr : find_in(command->options);
  return own != nullptr ? own : find_in(globals);
}

// What the help calls an argument: "FILE", "-m MODEL", or its name where it is a choice.
std::string missing_argument(const Option* option, const std::string& otherwise) {
  if (option == nullptr) return otherwise;
  const bool choice = !option->choices().empty() || option->value.empty();
  const std::string flag = option->is_positional() ? "" : option->names().front() + " ";
  return flag + (choice ? option->names().back() : option->value) + " is missing";
}

// The text of the parser library without its line breaks.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

Error not_parsed(const CLI::Error& error, const Command* command,
                 const std::vector<Option>& globals) {
  const std::string name = command == nullptr ? "" : command->name;
  std::string said = one_line(error.what());
  const Option* option = option_of(command, globals, said);
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    // "--top: cannot be '0'; …", as wrong_value() has it.
    const std::size_t colon = std::min(said.find(": "), said.size());
    const std::string what = said.substr(std::min(colon + 1, said.size()));
    const bool positional = option != nullptr && option->is_positional();
    return Error(ErrorCode::kInvalidArgument,
                 (positional ? option->value : said.substr(0, colon)) + what, name);
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    said = missing_argument(option, said);
  } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && option != nullptr) {
    said = option->names().back() + " needs a value: " + what_it_takes(*option);
  }
  return Error(ErrorCode::kInvalidArgument, said, name,
               name.empty() ? "see `weir --help`" : "see `weir help " + name + "`");
}

const Command* chosen(const Parser& parser, const std::vector<Command>& commands) {
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (parser.subcommands[i]->parsed()) return &commands[i];
  }
  return nullptr;
}

// The first word that is neither an option nor the value of a global one.
std::string first_plain_word(const std::vector<std::string>& words,
                             const std::vector<Option>& globals) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].empty() || words[i].front() != '-') return words[i];
    for (const Option& option : globals) {
      const auto names = option.names();
      if (option.takes_value() && std::find(names.begin(), names.end(), words[i]) != names.end()) {
        ++i;
        break;
      }
    }
  }
  return {};
}

Parsed help(const Command* command, const std::vector<Command>& commands,
            const std::vector<Option>& globals) {
  if (command == nullptr) return {nullptr, help_of_program(commands, globals)};
  return {nullptr, help_of_command(*command, globals)};
}

// `weir help X`: `words` are those after "help".
Result<Parsed> help_about(const std::vector<std::string>& words,
                          const std::vector<Command>& commands,
                          const std::vector<Option>& globals) {
  const std::string topic = first_plain_word(words, globals);
  const Command* command = find(commands, topic);
  if (command == nullptr && !topic.empty() && topic != "help") {
    return unknown_command(commands, topic);
  }
  return help(command, commands, globals);
}

Status check_choices(const std::string& where, const std::vector<Option>& options) {
  for (const Option& option : options) {
    const auto choices = option.choices();
    const auto* chosen = std::get_if<std::string*>(&option.target);
    if (choices.empty() || chosen == nullptr || (*chosen)->empty()) continue;
    if (std::find(choices.begin(), choices.end(), **chosen) != choices.end()) continue;
    return Error(ErrorCode::kInvalidArgument,
                 option.names().back() + " cannot be '" + **chosen + "'", where,
                 hint_for_name(**chosen, choices));
  }
  return {};
}

}  // namespace

Result<Parsed> parse(const std::vector<Command>& commands, const std::vector<Option>& globals,
                     const std::vector<std::string>& words) {
  const std::unique_ptr<Parser> parser = build(commands, globals);
  const std::string first = first_plain_word(words, globals);
  if (first == "help") {
    const auto topic = std::find(words.begin(), words.end(), first) + 1;
    return help_about({topic, words.end()}, commands, globals);
  }
  if (!first.empty() && find(commands, first) == nullptr) return unknown_command(commands, first);
  try {
    parser->app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return help(find(commands, first), commands, globals);
  } catch (const CLI::ExtrasError&) {
    const std::vector<std::string> rest = parser->app.remaining(true);
    return unexpected_word(find(commands, first), globals, rest.empty() ? "" : rest.front());
  } catch (const CLI::Error& error) {
    return not_parsed(error, find(commands, first), globals);
  }
  if (parser->version) return Parsed{nullptr, version_line() + "\n"};
  const Command* command = chosen(*parser, commands);
  WEIR_TRY(check_choices(first, globals));
  if (command == nullptr) return help(nullptr, commands, globals);
  WEIR_TRY(check_choices(first, command->options));
  return Parsed{command, {}};
}

}  // namespace weir::cli

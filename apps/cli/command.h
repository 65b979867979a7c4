// A command as data: its name, its help, its options, and what it does.
//
//   Command version_command() {
//     auto options = std::make_shared<VersionOptions>();
//     return {.name = "version", .summary = "…", .examples = {"weir version --json"},
//             .options = {{"--short", &options->brief, "Only the number"}},
//             .run = [options](Context& context) { return run(*options, context); }};
//   }
//
// The parser (command_line.h), the help and the shell completions are made from the same table.
// A command runs once, on the main thread.
#pragma once

#include <functional>
#include <limits>
#include <ostream>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "apps/cli/terminal.h"
#include "weir/base/result.h"

namespace weir::cli {

using OptionTarget = std::variant<bool*, int*, double*, std::string*, std::vector<std::string>*>;

struct Option {
  std::string flags;  // "-o,--out"; a bare word ("model") is a positional argument
  OptionTarget target;
  std::string help;
  // What it takes, for the help and the completion: "FILE", "FOLDER", "MODEL" (a catalogue name or
  // a file), "NAME" (a catalogue name), a choice "bash|zsh|fish", or any other word.
  std::string value = {};
  bool required = false;
  // Of a number: what it may be.
  double least = std::numeric_limits<double>::lowest();
  double most = std::numeric_limits<double>::max();

  bool is_positional() const { return flags.front() != '-'; }
  bool is_number() const {
    return std::holds_alternative<int*>(target) || std::holds_alternative<double*>(target);
  }
  bool takes_value() const { return !std::holds_alternative<bool*>(target); }
  // The parts of a choice "a|b|c"; empty for everything else.
  std::vector<std::string> choices() const;
  // "-o", "--out"
  std::vector<std::string> names() const;
};

struct Command;

// What every command is given: where to write, and the global options.
struct Context {
  std::ostream& out;       // results
  std::ostream& err;       // progress, notes, errors
  Terminal terminal = {};  // of `out`
  bool err_is_terminal = false;
  bool json = false;
  bool quiet = false;
  std::string log_level = {};  // as --log-level gave it; empty: not given
  std::string log_file = {};
  std::stop_token stop = {};  // Ctrl-C, where the command listens to it
  bool answered = false;      // the JSON document is out; an error that follows must not be another
  const std::vector<Command>* commands = nullptr;
  const std::vector<Option>* global_options = nullptr;

  // A line for a person about what is going on; silent with --quiet.
  void note(const std::string& line) const;
};

struct Command {
  std::string name;
  std::string summary;
  std::string details = {};  // a paragraph under the summary
  std::vector<std::string> examples;
  std::vector<Option> options = {};
  std::function<Status(Context&)> run;
};

// Every command of this program, in the order of the help.
std::vector<Command> all_commands();

Command bench_command();
Command completion_command();
Command demo_command();
Command doctor_command();
Command infer_command();
Command init_command();
Command inspect_command();
Command models_command();
Command pull_command();
Command read_command();
Command check_command();
Command explain_command();
Command run_command();
Command track_command();
Command version_command();

}  // namespace weir::cli

// From the words of the command line to the command that they mean. The only file that knows the
// parser library.
//
// Global options may stand before or after the command. `weir help X` is `weir X --help`; an
// unknown command or option is an Error that names the nearest one.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/base/result.h"

namespace weir::cli {

struct Parsed {
  const Command* command = nullptr;  // null: print `text` and be done
  std::string text;
};

// Writes what it finds to the targets of the options. `words` are those after the program's name.
Result<Parsed> parse(const std::vector<Command>& commands, const std::vector<Option>& globals,
                     const std::vector<std::string>& words);

}  // namespace weir::cli

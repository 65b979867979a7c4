// The help of the program and of each command, written from their tables.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"

namespace weir::cli {

std::string help_of_program(const std::vector<Command>& commands,
                            const std::vector<Option>& globals);
std::string help_of_command(const Command& command, const std::vector<Option>& globals);

}  // namespace weir::cli

// Shell completion scripts, made from the tables of the commands.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"

namespace weir::cli {

std::string bash_completion(const std::vector<Command>& commands,
                            const std::vector<Option>& globals);
std::string zsh_completion(const std::vector<Command>& commands,
                           const std::vector<Option>& globals);
std::string fish_completion(const std::vector<Command>& commands,
                            const std::vector<Option>& globals);

}  // namespace weir::cli

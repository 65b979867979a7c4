// The terminal that a stream goes to, if it does: its width, and whether it takes colour.
//
// Colour is only for people: never in a file or a pipe, never when NO_COLOR is set or TERM is
// "dumb". A style function returns its text unchanged where colour is off.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::cli {

struct Terminal {
  bool is_terminal = false;
  bool colour = false;
  std::size_t width = 0;  // columns; 0 = no limit (a file or a pipe)

  // Looks at a file descriptor (1 = stdout, 2 = stderr) and the environment.
  static Terminal of(int descriptor);

  std::string bold(std::string_view text) const { return style("1", text); }
  std::string dim(std::string_view text) const { return style("2", text); }
  std::string red(std::string_view text) const { return style("31", text); }
  std::string green(std::string_view text) const { return style("32", text); }
  std::string yellow(std::string_view text) const { return style("33", text); }

 private:
  std::string style(std::string_view code, std::string_view text) const;
};

}  // namespace weir::cli

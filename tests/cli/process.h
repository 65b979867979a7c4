// Runs a program as a user would: with arguments, an environment and a time limit.
#pragma once

#include <string>
#include <vector>

namespace weir::cli {

struct ProcessResult {
  int exit_code = -1;  // 128 + the number of the signal that ended it
  bool timed_out = false;
  std::string out;
  std::string err;
};

struct Process {
  std::vector<std::string> command;      // the program's path and its arguments
  std::vector<std::string> environment;  // "NAME=VALUE", over that of the test
  std::string folder;                    // where it runs; empty: where the test runs
  int timeout_ms = 30'000;
  std::string input = {};     // a file that it reads as its standard input; empty: there is none
  bool closed_input = false;  // it has no standard input at all
  // Once this has come out of it, or was said on its standard error, it gets a SIGINT.
  std::string interrupt_at = {};
  // A FIFO: once something has been written to it, the program gets a SIGINT.
  std::string interrupt_after = {};

  // Waits for the end; kills it when the time is over.
  ProcessResult run() const;
};

}  // namespace weir::cli

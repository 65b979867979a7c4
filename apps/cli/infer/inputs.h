// The pictures that a command line means: files, folders, patterns, and standard input.
//
//   for (const Input& input : expand_inputs({"a.jpg", "photos/", "b*.png", "-"})) …
//
// Looks at the file system, reads no picture. One thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "weir/base/error.h"
#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/data/task.h"

namespace weir::cli {

struct Input {
  std::string path;  // "-": standard input
  std::optional<Error> error = {};

  // What results and the files made of them are called by: "-" would be read as an option.
  std::string name() const { return path == "-" ? "stdin" : path; }
};

// In the order of the arguments; what is in a folder or fits a pattern in the order of names, with
// numbers in them counted as numbers. An argument that means nothing is an input with an error, so
// that the others go on. Of a folder only files whose ending is a picture's.
std::vector<Input> expand_inputs(const std::vector<std::string>& arguments);

// Reads the picture of an input; of standard input, until `stop` at most.
Result<Image> read_input(const Input& input, const std::stop_token& stop);
// The same for a task: a file that NumPy wrote (.npy) is a tensor.
Result<TaskInput> read_task_input(const Input& input, const std::stop_token& stop);

}  // namespace weir::cli

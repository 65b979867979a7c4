// Where a command's findings go besides the terminal: drawings, crops, files of results.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/assemble/check_inputs.h"
#include "weir/base/result.h"
#include "weir/data/task.h"
#include "weir/sink/sink.h"

namespace weir::cli {

struct OutputOptions {
  std::string draw;               // a folder; empty: nothing is drawn
  std::string crop;               // a folder; empty: nothing is cut out
  std::vector<std::string> save;  // "csv", or "csv=here.csv"
  std::string out = "out";        // the folder of what `save` gives no path

  std::vector<Option> table();
};

class Outputs {
 public:
  // Makes the folders. An Error for what would write over one of the inputs.
  static Result<Outputs> open(const OutputOptions& options, const InputFiles& inputs);

  // To all of them; the first Error, after all were tried.
  Status write(const Task& task);
  // Also says where everything went.
  Status finish(const Context& context);

 private:
  struct Output {
    std::string path;
    std::unique_ptr<Sink> sink;
  };
  std::vector<Output> outputs_;
};

}  // namespace weir::cli

// Where a command's findings go besides the terminal: drawings, crops, files of results.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/infer/inputs.h"
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
  // Makes the folders, and refuses to draw where the inputs lie: one might be drawn over.
  static Result<Outputs> open(const OutputOptions& options, const std::vector<Input>& inputs);

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

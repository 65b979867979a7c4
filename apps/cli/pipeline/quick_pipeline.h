// A pipeline without a file: media, a detector, perhaps a tracker and more models, and where
// results go, all from the command line.
//
//   weir run street.mp4 --detect ssd-mobilenet-v2-oid --track bytetrack --save out/
//
// It is the tree that a file would be: `--print-config` shows it. Looks at the file system to tell
// pictures from videos; reads nothing.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/base/result.h"
#include "weir/config/node.h"

namespace weir::cli {

struct QuickOptions {
  std::string detect;             // a model; empty: there is no quick pipeline
  std::string track;              // a tracker; empty: none
  std::vector<std::string> then;  // models that look at each finding
  std::vector<std::string> keep;  // labels; empty: all
  double score = -1;              // below 0: as the model has it
  std::string save;               // a folder; empty: results go to stdout

  std::vector<Option> table();
  // Whether one of them was given.
  bool any() const;
};

// Whether a word of the command line is a pipeline's file.
bool is_pipeline_file(const std::string& word);

Result<config::Node> quick_pipeline(const QuickOptions& options,
                                    const std::vector<std::string>& media);

}  // namespace weir::cli

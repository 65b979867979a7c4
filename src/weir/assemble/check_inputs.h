// Whether what is written leaves what is read as it is.
//
//   WEIR_TRY(check_inputs_are_kept(spec));   // once its sources could be opened, before its sinks
//
//   InputFiles inputs;                       // where there is no PipelineSpec
//   inputs.add("photos/a.jpg");
//   WEIR_TRY(inputs.check_kept_by({.pictures = "photos/{stem}.jpg"}));
//
// Looks at the file system, and changes nothing in it. Any thread; a plain value.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "weir/assemble/pipeline_spec.h"

namespace weir {

class InputFiles {
 public:
  void add(const std::string& path);
  // What all sources of a pipeline read.
  static InputFiles of(const PipelineSpec& spec);

  // An Error if one of them could be written over by a sink with results of `source`, or of any.
  Status check_kept_by(const SinkSpec& sink, std::string_view source = {}) const;
  // The same of a single file that is to be written.
  Status check_kept_by(const std::string& path) const;

 private:
  struct File {
    std::string path;
    std::string whole;  // from the root, without links in its folder
  };
  const File* same_as(const std::string& path) const;

  std::vector<File> files_;
  std::filesystem::path folder_;  // of the last that was added
  std::filesystem::path whole_folder_;
};

// The Error of the first sink that would write over a file that a source reads, with its place.
Status check_inputs_are_kept(const PipelineSpec& spec);

}  // namespace weir

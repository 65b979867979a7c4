// The text of the files that `weir init pipeline` writes: a pipeline that works, with every field
// explained, and the defaults that it includes. Made from the field tables. Pure; any thread.
//
//   write("street.yaml", pipeline_template("defaults.yaml"));
//   write("defaults.yaml", pipeline_defaults());
//
// What is needed is set; everything else stands there as a comment with its default or an example,
// so that removing "# " sets it.
#pragma once

#include <string>

namespace weir {

// `include`: the file of defaults; empty: they stand in the pipeline itself.
std::string pipeline_template(const std::string& include);

// How the work is shared out: threads, bounds.
std::string pipeline_defaults();

}  // namespace weir

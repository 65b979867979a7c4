// The path of a sink as its format reads it: which {names} it may hold, which endings files of the
// format have, and what the files of a folder are called. What can be known before anything is
// opened.
//
//   WEIR_ASSIGN(const PathTemplate path, sink_path(spec));      // out/{stem}.jpg, of "out"
//
// Pure; any thread.
#pragma once

#include "weir/sink/path_template.h"
#include "weir/sink/spec.h"

namespace weir {

// An Error for a name that the format does not know, or an ending that it does not write.
Result<PathTemplate> sink_path(const SinkSpec& spec);

// Whether a file of the format takes one stream only, so that several need {source} in the path.
bool takes_one_stream(SinkFormat format);

}  // namespace weir

// A video file as a source: its frames in the decoder's format.
#pragma once

#include <memory>

#include "weir/source/source.h"

namespace weir {

Result<std::unique_ptr<Source>> open_video_source(const SourceSpec& spec,
                                                  const SourceOptions& options);

}  // namespace weir

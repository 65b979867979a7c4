// A drawn street as a source: its frames, and with each the truth about it.
#pragma once

#include <memory>

#include "weir/source/source.h"

namespace weir {

std::unique_ptr<Source> open_scene_source(const SourceSpec& spec);

}  // namespace weir

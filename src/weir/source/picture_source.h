// Picture files as a source, by name or by number. The list is made when it is opened; each is read
// when its turn comes.
#pragma once

#include <memory>

#include "weir/source/source.h"

namespace weir {

// An Error for a sequence of which nothing is there. A file that is not there is an input with one.
Result<std::unique_ptr<Source>> open_picture_source(const SourceSpec& spec);

}  // namespace weir

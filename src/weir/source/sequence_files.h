// The pictures of a numbered sequence: 'film/img_%04d.png'.
//
// Looks at the folder, reads no picture. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/source/picture_files.h"

namespace weir {

// kInvalidArgument for a pattern without a number. Looks at the name alone.
Status check_sequence_name(const std::string& pattern);

// In the order of their numbers, from `first` on (-1: from the smallest that is there). Numbers
// that are missing in between are one file with an error that tells them. kInvalidArgument for a
// pattern without a number, kNotFound if there is nothing.
Result<std::vector<PictureFile>> expand_sequence(const std::string& pattern, int64_t first);

}  // namespace weir

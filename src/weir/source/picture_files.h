// The pictures that a list of names means: files, folders, patterns.
//
//   for (const PictureFile& picture : expand_pictures({"a.jpg", "photos/", "b*.png"})) …
//
// Looks at the file system, reads no picture. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/error.h"

namespace weir {

struct PictureFile {
  std::string path;
  std::optional<Error> error = {};
  int64_t number = 0;  // in the list, or of a sequence: how far from its first
};

// In the order of the names; what is in a folder or fits a pattern in the order of its names, with
// numbers in them counted as numbers. A name that means nothing is a file with an error, so that
// the others go on. Of a folder only files whose ending is a picture's.
std::vector<PictureFile> expand_pictures(const std::vector<std::string>& names);

// Whether the ending of a name is a picture's, in upper or lower case.
bool is_picture_name(const std::string& name);

// "img2" before "img10".
bool natural_less(const std::string& a, const std::string& b);

}  // namespace weir

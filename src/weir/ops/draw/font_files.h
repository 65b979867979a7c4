// The font files of this machine, found without fontconfig: the usual folders are walked.
//
// Reads folders; any thread.
#pragma once

#include <string>
#include <vector>

namespace weir {

// The usual folders: the user's, then the system's.
std::vector<std::string> font_folders();

// Files that may be outline fonts (.ttf, .otf, .ttc) in these folders and those below, the best for
// labels first: a plain sans serif face, then other plain ones, then the rest by name. At most
// `limit` files are looked at.
std::vector<std::string> find_fonts(const std::vector<std::string>& folders, int limit = 5000);

}  // namespace weir

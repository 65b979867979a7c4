// Paths of which none is used twice: pictures of one name from two folders must not replace each
// other. Remembers all of them, unless the names in the template are never the same twice.
//
// One thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "weir/sink/path_template.h"

namespace weir {

class UniquePaths {
 public:
  // `never_twice`: names that together tell every picture from every other, {source} and {seq}.
  UniquePaths(PathTemplate path, std::initializer_list<std::string_view> never_twice);

  // "out/a.jpg", and when it is asked for again "out/a_2.jpg".
  std::string next(PathTemplate::Values values);

 private:
  PathTemplate path_;
  bool remembers_ = true;
  std::unordered_map<std::string, int> used_;
};

}  // namespace weir

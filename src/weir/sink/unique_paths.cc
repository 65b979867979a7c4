#include "weir/sink/unique_paths.h"

#include <algorithm>
#include <filesystem>

namespace weir {

UniquePaths::UniquePaths(PathTemplate path, std::initializer_list<std::string_view> never_twice)
    : path_(std::move(path)) {
  remembers_ = !std::all_of(never_twice.begin(), never_twice.end(),
                            [&](std::string_view name) { return path_.has(name); });
}

std::string UniquePaths::next(PathTemplate::Values values) {
  std::string path = path_.expand(values);
  if (!remembers_) return path;
  const int times = ++used_[path];
  if (times == 1) return path;
  const std::filesystem::path whole(path);
  std::string other = (whole.parent_path() / whole.stem()).string() + "_" +
                            std::to_string(times) + whole.extension().string();
  // "a_2.jpg" may be somebody's own name.
  if (used_.contains(other)) return next(values);
  used_[other] = 1;
  return other;
}

}  // namespace weir

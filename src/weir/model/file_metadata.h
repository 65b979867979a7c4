// What a model's file says of itself under a key, and the names of classes that exporters put
// there. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/loaded_model.h"

namespace weir {

// From the back end; if that does not hand it on, from the file at `path`.
std::optional<std::string> file_metadata(const LoadedModel& model, const std::string& path,
                                         const std::string& key);

// Under this key Ultralytics' exports have their classes.
inline constexpr const char* kNamesKey = "names";

// The names in a dictionary or list as Python or JSON write it: "{0: 'person', 1: 'bicycle'}",
// "['person', 'bicycle']". Numbers are the classes' own, each once, from 0 without a gap; nothing
// if it is not so.
std::optional<std::vector<std::string>> parse_names(std::string_view text);

}  // namespace weir

// Dotted paths into a tree: `steps.objects.score`, `sinks.0.jsonl`, `models."a.b".use`.
//
// A part is a key of a map or the index of a list item, from 0; one that holds a dot stands in
// double quotes. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/config/node.h"

namespace weir::config {

// The parts. An empty path or part is an Error without a place.
Result<std::vector<std::string>> split_path(std::string_view path);

// The item of a list that a part names, if it names one that is there.
const Node* find_part(const Node& node, const std::string& part);

}  // namespace weir::config

// One tree laid over another, and single values set from the command line. Pure; any thread.
#pragma once

#include <string_view>

#include "weir/config/yaml.h"

namespace weir::config {

// `over` wins, key by key: maps merge at every level, anything else replaces, null takes the key
// away. Every value keeps the place where it was written; keys of `base` come first.
Node merge(const Node& base, const Node& over);

// Sets one value: "steps.objects.score=0.4", "sinks.0.jsonl=out.jsonl", "steps.faces=null" (takes
// the key away), "steps.objects.keep={labels: [Car]}". The value is YAML. Missing maps are made; a
// list grows by one at its end. What is set was written at "command line: steps.objects.score", so
// that an unknown key is refused later, by the field table, with that place.
Result<Node> apply_override(const Node& root, std::string_view assignment,
                            const Limits& limits = {});

}  // namespace weir::config

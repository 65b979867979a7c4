// The labels that a spec names: written there, in a file, or a set that Weir knows.
//
//   WEIR_ASSIGN(auto labels, load_labels({.set = "coco"}, "models.detector.labels"));
//
// Reads a file where one is named. Any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/label_set.h"
#include "weir/model/spec_codec.h"

namespace weir {

// Null for a spec that names none. `where` is for messages.
Result<std::shared_ptr<const LabelSet>> load_labels(const LabelSpec& spec,
                                                    const std::string& where = {});

// "cityscapes", "coco", "voc".
std::vector<std::string> known_label_sets();

}  // namespace weir

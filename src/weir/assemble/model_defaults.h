// What the catalogue knows of a model, written as the defaults of its spec: its file or its
// components, its family, its input, its labels.
//
//   const config::Node below = model_defaults(entry, {"/cache/yunet/face_detection.onnx"});
//   read_model_spec(node_without_use, "models.face", below);
//
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "weir/catalogue/entry.h"
#include "weir/config/node.h"

namespace weir {

// `files`: those of the entry that a back end reads, in its order. Several become components, named
// after their files without the ending.
config::Node model_defaults(const catalogue::Entry& entry, const std::vector<std::string>& files);

}  // namespace weir

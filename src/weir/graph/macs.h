// Multiply-accumulates of one node, from the shapes of its inputs and of its first output. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/graph/shape_value.h"

namespace weir::graph {

struct NodeMacs {
  enum Kind : uint8_t {
    kNone,     // does not multiply and add (additions, activations and pools are not counted)
    kCounted,  // `count` of them
    kUnknown,  // it does, or may, but a shape or its inner workings are not known
  };
  Kind kind = kNone;
  int64_t count = 0;
};

NodeMacs macs_of(std::string_view domain, std::string_view op,
                 const std::vector<const ShapeValue*>& inputs, const ShapeValue& output);

}  // namespace weir::graph

// What a model file tells about itself: which family it probably belongs to, and what its input
// wants. Conservative: a family is named only if the shapes and names of inputs and outputs fit it
// and no other one here; what only the training knows (colours, scale) is set only with the family.
//
//   const ModelGuess guess = guess_model(io_of(graph::inspect_file("yolox_nano.onnx").value()));
//   guess.family   // "yolox"
//   guess.why      // "one output 1x3549x85: a row for each cell of the strides 8, 16 and 32, …"
//
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "weir/data/shape.h"
#include "weir/graph/summary.h"
#include "weir/model/spec.h"

namespace weir {

struct IoTensor {
  std::string name;
  Shape shape;       // -1 where dynamic
  std::string type;  // "float32", …; only printed
};

// The inputs and outputs of a model, from wherever they are known: the graph reader for ONNX files,
// a back end for others.
struct ModelIo {
  std::vector<IoTensor> inputs;
  std::vector<IoTensor> outputs;
};
ModelIo io_of(const graph::GraphSummary& summary);

struct ModelGuess {
  std::string family;              // empty: not recognised
  std::string why;                 // what speaks for the family
  InputSpec input;                 // what is not known stays auto or unset
  std::vector<std::string> notes;  // what the user has to look at
};
ModelGuess guess_model(const ModelIo& io);

}  // namespace weir

// The text of the files that `weir init` writes: a spec of one model with every field explained,
// and the defaults that the specs of a folder inherit. Nothing is read or written here. Pure; any
// thread.
//
//   const ModelIo io = io_of(summary);
//   write("yolox.yaml", init_template(io, "yolox.onnx", {}));
//
// What was found out is set; everything else stands there as a comment. The text reads back as a
// valid spec.
#pragma once

#include <string>

#include "weir/model/guess.h"

namespace weir {

struct InitOptions {
  std::string include;  // a file of defaults to inherit from; empty: none
};

// `file`: the model, as it is to stand in the spec (relative to where the spec will lie).
std::string init_template(const ModelIo& io, const std::string& file,
                          const InitOptions& options = {});

// What all models of a folder can share: where they run, and how.
std::string defaults_template();

}  // namespace weir

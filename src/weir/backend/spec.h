// What to open and how: everything a back end is told about a model, and nothing about pictures.
//
//   BackendSpec spec;
//   spec.file = "yolox.onnx";
//   spec.shapes["images"] = {{1, 3, 416, 416}, {1, 3, 640, 640}, {4, 3, 640, 640}};
//   spec.options["provider"] = "cuda";
//
// A plain value. A back end refuses what it cannot honour; it never passes over a field in silence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/data/device.h"
#include "weir/data/shape.h"

namespace weir {

// In which numbers the model computes, whatever its inputs and outputs are.
enum class Precision : uint8_t { kDefault, kFloat32, kFloat16, kBFloat16, kInt8 };

// "default", "float32", "float16", "bfloat16", "int8".
std::string_view name(Precision precision);
Result<Precision> parse_precision(std::string_view text);

// Which shapes an input may take. Memory is allocated once at `max`; every shape from `min` to
// `max`, size by size, then runs without another allocation of ours; `opt` is what the back end
// tunes for and what a session starts with.
struct ShapeRange {
  Shape min;
  Shape opt;
  Shape max;

  bool contains(const Shape& shape) const;
  bool operator==(const ShapeRange&) const = default;
};

struct BackendSpec {
  // Where the model is: a file or folder, or bytes (then `file` is only its name in messages).
  std::string file;
  std::shared_ptr<const std::string> bytes;

  Device device;
  Precision precision = Precision::kDefault;
  std::map<std::string, ShapeRange> shapes;  // by the input's name
  int intra_op_threads = 1;
  std::string cache_folder;    // where compiled models are kept; empty: they are not
  bool deterministic = false;  // equal runs give equal bits, whatever it costs
  // Bounds against damaged files and absurd sizes.
  std::size_t max_model_bytes = std::size_t{4} << 30;
  std::size_t max_tensor_bytes = std::size_t{2} << 30;

  // What only one back end understands. Each reads its own and refuses the rest; see
  // docs/backends.md.
  std::map<std::string, std::string> options;

  // What messages call it.
  std::string where() const { return file.empty() ? "a model in memory" : file; }
};

// Refuses a number of threads that is none.
Status check_threads(const BackendSpec& spec);

}  // namespace weir

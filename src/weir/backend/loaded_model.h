// A model that is open: what goes in, what comes out, what runs where. Immutable, shared by all of
// its sessions, usable from any thread; the last owner closes it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/memory.h"
#include "weir/backend/session.h"
#include "weir/backend/spec.h"
#include "weir/base/result.h"
#include "weir/data/dtype.h"
#include "weir/data/shape.h"

namespace weir {

// An input or output; its number is its place in the list. Sizes that the file leaves open are -1.
struct TensorInfo {
  std::string name;
  DType dtype = DType::kFloat32;
  Shape shape;
  // The file does not even say how many dimensions there are; `shape` is then that of a scalar.
  bool any_rank = false;

  bool accepts(const Shape& actual) const { return any_rank || shape.accepts(actual); }
  bool operator==(const TensorInfo&) const = default;
};

// How many of the model's nodes one part of the back end runs.
struct Placement {
  std::string provider;  // "CPUExecutionProvider"
  int nodes = 0;
};

// What really happens, as far as the back end tells: never merely what was asked for.
struct ModelReport {
  std::string backend;
  std::string version;
  Device device;
  std::string precision;  // what it computes in, "float32"; "as in the file"
  int intra_op_threads = 0;
  std::vector<Placement> placements;  // empty: the back end does not tell
  std::vector<std::string> notes;     // anything worth a line: fallbacks, a cache that was used
};

struct SessionSpec {
  // false: run() moves inputs to the device and outputs back. true: the caller does, by upload()
  // and download(), and leaves out what stays on the device. On the CPU both do nothing.
  bool explicit_copies = false;
};

class LoadedModel : public std::enable_shared_from_this<LoadedModel> {
 public:
  virtual ~LoadedModel() = default;

  const std::vector<TensorInfo>& inputs() const { return inputs_; }
  const std::vector<TensorInfo>& outputs() const { return outputs_; }
  // The shape range of an input, if the spec gave one.
  const std::optional<ShapeRange>& range(std::size_t input) const { return ranges_[input]; }
  // What the file says about itself: producer, author's keys.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  const ModelReport& report() const { return report_; }
  Device device() const { return report_.device; }
  // The most that a session leases for one input or output.
  std::size_t max_tensor_bytes() const { return max_tensor_bytes_; }
  // Where sessions lease host memory; null: from the heap.
  BufferPool* host_pool() const { return host_pool_.get(); }
  // Bytes that stay allocated while it is open, by the best knowledge of the back end.
  virtual std::size_t memory_bytes() const = 0;

  virtual Result<std::unique_ptr<Session>> make_session(const SessionSpec& spec = {}) const = 0;

 protected:
  // Filled by the back end before it hands the model out, and never touched again.
  std::vector<TensorInfo> inputs_;
  std::vector<TensorInfo> outputs_;
  std::vector<std::optional<ShapeRange>> ranges_;
  std::map<std::string, std::string> metadata_;
  ModelReport report_;
  std::shared_ptr<BufferPool> host_pool_;
  std::size_t max_tensor_bytes_ = BackendSpec().max_tensor_bytes;
};

}  // namespace weir

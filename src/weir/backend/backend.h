// The contract between Weir and whatever runs a model: tensors in, tensors out.
//
//   Backend  --open(spec)-->  LoadedModel  --make_session()-->  Session  --run()-->  outputs
//   one per Runtime           immutable, shared                 one per lane
//
//   WEIR_ASSIGN(auto model, backend.open(spec));
//   WEIR_ASSIGN(auto session, model->make_session());
//   std::copy(pixels.begin(), pixels.end(), session->input(0).as<float>());
//   WEIR_TRY(session->run());
//   const float* scores = session->output(0).as<float>();
//
// Who may call what: a Backend and a LoadedModel from any thread at any time; a Session from one
// thread at a time. Sessions keep their LoadedModel alive, and that its back end's library state.
// Nothing here throws. docs/backends.md tells how to add a back end.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/backend/session.h"
#include "weir/backend/spec.h"
#include "weir/base/result.h"
#include "weir/data/device.h"
#include "weir/data/dtype.h"

namespace weir {

// What a back end can do; the conformance suite skips what is not claimed, and prints that it did.
struct Capabilities {
  std::vector<DType> dtypes;          // of inputs and outputs
  std::vector<Precision> precisions;  // beside kDefault
  bool dynamic_shapes = false;        // an input's shape can be set per run
  bool unknown_outputs = false;       // outputs whose size depends on the data
  bool from_bytes = false;            // BackendSpec::bytes
  bool async = false;                 // Session::start
  bool cancel = false;                // Session::cancel ends a run that is under way
  bool device_memory = false;         // bind_input takes memory of the model's device
  bool reports_placement = false;     // ModelReport::placements is filled
  bool strict_shapes = true;          // a shape that the graph does not accept is always refused
  bool wide_integers = true;          // false: int64 is carried, but computed in 32 bits
  bool verified_on_hardware = true;   // false: nobody could try it yet
};

// An option of one back end; a name that ends in ".*" stands for every name that begins so.
struct OptionInfo {
  std::string name;
  std::string help;
};

// One place where models could run, as `weir doctor` prints it.
struct DeviceInfo {
  Device device;
  std::string name;              // "AMD EPYC …", "NVIDIA H100"
  std::string through;           // what reaches it: "CPUExecutionProvider", "cuda driver 12.4"
  std::size_t memory_bytes = 0;  // 0: not known
  std::size_t memory_used_bytes = 0;
  bool usable = false;  // false: `missing` says what is not there
  std::string missing;
  bool verified_on_hardware = true;  // false: no model of ours has run on such a device yet
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual std::string_view name() const = 0;  // "onnxruntime": what config calls it
  virtual std::vector<std::string> aliases() const { return {}; }  // "ort": read as name()
  virtual std::string_view description() const = 0;                // one line for a user
  virtual std::string version() const = 0;                         // of the library behind it
  // Endings of the files that it reads, with the dot, in lower case: ".onnx".
  virtual std::vector<std::string> file_types() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  // Every device that it could use, with what is missing where it cannot.
  virtual std::vector<DeviceInfo> devices() const = 0;
  // What it reads from BackendSpec::options.
  virtual const std::vector<OptionInfo>& options() const = 0;

  // May take seconds. With shape ranges, the model has run once at `max` when this returns, so
  // that a model which cannot do what its file promises is refused here.
  virtual Result<std::shared_ptr<const LoadedModel>> open(const BackendSpec& spec) = 0;
};

}  // namespace weir

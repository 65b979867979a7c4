#include <memory>
#include <vector>

#include "bench/backend/bare_call.h"
#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/backend/onnxruntime/ort_model.h"
#include "weir/backend/onnxruntime/ort_types.h"

namespace weir::bench {
namespace {

// The call as somebody writes it who uses the library by itself: names, values, Run; on the very
// session and memory of its twin, since where weights happen to lie makes more of a difference.
class Bare {
 public:
  explicit Bare(const Session& twin)
      : session_(static_cast<const OrtModel&>(twin.model()).session()) {
    OrtMemoryInfo* memory = nullptr;
    check(ort_status(ort().CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory)));
    memory_.reset(memory);
    for (std::size_t i = 0; i < twin.input_count(); ++i) {
      input_names_.push_back(twin.model().inputs()[i].name.c_str());
      inputs_.push_back(value_of(twin.input(i)));
    }
    for (std::size_t i = 0; i < twin.output_count(); ++i) {
      output_names_.push_back(twin.model().outputs()[i].name.c_str());
      outputs_.push_back(value_of(twin.output(i)));
    }
  }
  ~Bare() {
    for (OrtValue* value : inputs_) ort().ReleaseValue(value);
    for (OrtValue* value : outputs_) ort().ReleaseValue(value);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  void run() {
    check(ort_status(ort().Run(&session_, nullptr, input_names_.data(), inputs_.data(),
                               inputs_.size(), output_names_.data(), outputs_.size(),
                               outputs_.data())));
  }

 private:
  OrtValue* value_of(const TensorView& view) {
    OrtValue* value = nullptr;
    check(ort_status(ort().CreateTensorWithDataAsOrtValue(memory_.get(), view.data, view.bytes(),
                                                          view.shape.data(), view.shape.rank(),
                                                          ort_type_of(view.dtype), &value)));
    return value;
  }

  OrtSession& session_;
  OrtMemoryInfoPtr memory_;
  std::vector<const char*> input_names_, output_names_;
  std::vector<OrtValue*> inputs_, outputs_;
};

}  // namespace

BareCall onnxruntime_bare(Session& twin) {
  return [bare = std::make_shared<Bare>(twin)] { bare->run(); };
}

}  // namespace weir::bench

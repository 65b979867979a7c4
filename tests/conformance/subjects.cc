// The back ends of this build.
#include "tests/conformance/conformance.h"
#include "weir/backend/fake/fake_backend.h"
#if WEIR_WITH_ONNXRUNTIME
#include "weir/backend/onnxruntime/onnxruntime_backend.h"
#endif
#if WEIR_WITH_OPENVINO
#include "weir/backend/openvino/openvino_backend.h"
#endif

namespace weir::conformance {

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = {
    {"fake", Form::kFake, 50, [] { return std::make_unique<FakeBackend>(); }},
#if WEIR_WITH_ONNXRUNTIME
    {"onnxruntime", Form::kOnnx, 54, [] { return std::make_unique<OnnxRuntimeBackend>(); }},
#endif
#if WEIR_WITH_OPENVINO
    {"openvino", Form::kOnnx, 54, [] { return std::make_unique<OpenVinoBackend>(); }},
#endif
  };
  return all;
}

}  // namespace weir::conformance

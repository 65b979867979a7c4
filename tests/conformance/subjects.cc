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
  const std::vector<DType> numbers = {
      DType::kFloat32, DType::kFloat16, DType::kBFloat16, DType::kFloat64, DType::kInt8,
      DType::kInt16,   DType::kInt32,   DType::kInt64,    DType::kUInt8,   DType::kUInt16,
      DType::kUInt32,  DType::kUInt64,  DType::kBool};
  static const std::vector<Subject> all = {
    {"fake", Form::kFake, 51, numbers, [] { return std::make_unique<FakeBackend>(); }},
#if WEIR_WITH_ONNXRUNTIME
    {"onnxruntime", Form::kOnnx, 51, numbers,
     [] { return std::make_unique<OnnxRuntimeBackend>(); }},
#endif
#if WEIR_WITH_OPENVINO
    {"openvino", Form::kOnnx, 51, numbers, [] { return std::make_unique<OpenVinoBackend>(); }},
#endif
  };
  return all;
}

}  // namespace weir::conformance

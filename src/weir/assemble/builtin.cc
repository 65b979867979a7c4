// The only file that asks which back ends are compiled in.
#include "weir/assemble/builtin.h"

#include <memory>

#include "weir/backend/fake/fake_backend.h"
#if WEIR_WITH_ONNXRUNTIME
#include "weir/backend/onnxruntime/onnxruntime_backend.h"
#endif
#if WEIR_WITH_OPENVINO
#include "weir/backend/openvino/openvino_backend.h"
#endif

namespace weir {

Status add_builtin_backends(BackendRegistry& backends) {
#if WEIR_WITH_ONNXRUNTIME
  WEIR_TRY(backends.add(std::make_unique<OnnxRuntimeBackend>()));
#endif
#if WEIR_WITH_OPENVINO
  WEIR_TRY(backends.add(std::make_unique<OpenVinoBackend>()));
#endif
  return backends.add(std::make_unique<FakeBackend>());
}

std::vector<AbsentBackend> absent_backends() {
  std::vector<AbsentBackend> absent;
#if !WEIR_WITH_ONNXRUNTIME
  absent.push_back({"onnxruntime", "build with -DWEIR_WITH_ONNXRUNTIME=ON", {"ort"}});
#endif
#if !WEIR_WITH_OPENVINO
  absent.push_back({"openvino", "build with -DWEIR_WITH_OPENVINO=ON", {"ov"}});
#endif
  return absent;
}

}  // namespace weir

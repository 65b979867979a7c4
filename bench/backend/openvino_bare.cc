#include "bench/backend/bare_call.h"
#include "weir/backend/openvino/openvino_model.h"

namespace weir::bench {

// The twin's own request, whose tensors are bound already: where OpenVINO happens to put the
// outputs of another one makes more of a difference.
BareCall openvino_bare(Session& twin) {
  ov::InferRequest request = static_cast<OpenVinoSession&>(twin).request();
  return [request]() mutable { request.infer(); };
}

}  // namespace weir::bench

// A BackendSpec as ONNX Runtime's session options.
#pragma once

#include <vector>

#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/backend/onnxruntime/ort_providers.h"
#include "weir/backend/onnxruntime/ort_runtime.h"
#include "weir/backend/option_reader.h"

namespace weir {

// Checks every field of the spec and every option, and opens the libraries that they name.
Result<OrtSessionOptionsPtr> make_session_options(OrtRuntime& runtime, const BackendSpec& spec,
                                                  const OptionReader& options,
                                                  const std::vector<OrtProvider>& providers);

}  // namespace weir

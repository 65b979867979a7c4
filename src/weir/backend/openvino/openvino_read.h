// Reads a model file, or bytes, into OpenVINO's graph.
#pragma once

#include <memory>

#include <openvino/core/model.hpp>

#include "weir/backend/openvino/openvino_library.h"
#include "weir/backend/spec.h"
#include "weir/base/result.h"

namespace weir {

Result<std::shared_ptr<ov::Model>> openvino_read(OpenVinoLibrary& library, const BackendSpec& spec);

}  // namespace weir

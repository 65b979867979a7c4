// What one back end object holds of OpenVINO: its Core, and the readers of model files. Models keep
// it alive, because their code lies in libraries that these have opened.
#pragma once

#include <memory>

#include <openvino/frontend/manager.hpp>
#include <openvino/runtime/core.hpp>

#include "weir/base/mutex.h"

namespace weir {

struct OpenVinoLibrary {
  ov::Core core;  // thread-safe by itself

  Mutex mutex;
  ov::frontend::FrontEndManager readers WEIR_GUARDED_BY(mutex);
};

}  // namespace weir

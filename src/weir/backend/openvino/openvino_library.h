// What one back end object holds of OpenVINO: its Core, and the readers of model files. Models keep
// it alive, because their code lies in libraries that these have opened.
#pragma once

#include <cstddef>
#include <memory>

#include <openvino/frontend/manager.hpp>
#include <openvino/runtime/core.hpp>

#include "weir/backend/memory.h"
#include "weir/base/mutex.h"

namespace weir {

struct OpenVinoLibrary {
  // Inputs of all sessions.
  const std::shared_ptr<BufferPool> pool =
      BufferPool::make(std::make_shared<HostMemory>(), std::size_t{16} << 30);

  ov::Core core;  // thread-safe by itself

  Mutex mutex;
  ov::frontend::FrontEndManager readers WEIR_GUARDED_BY(mutex);
};

}  // namespace weir

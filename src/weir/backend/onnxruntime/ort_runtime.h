// What one OnnxRuntimeBackend shares with its models: the library's environment, and the plug-in
// libraries that were opened into it. Lives as long as the last model. Any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "weir/backend/memory.h"
#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/base/mutex.h"
#include "weir/base/result.h"

namespace weir {

struct OrtRuntime {
  // Inputs and outputs of all sessions.
  const std::shared_ptr<BufferPool> pool =
      BufferPool::make(std::make_shared<HostMemory>(), std::size_t{16} << 30);

  // Created by the first call; an Error if the library is too old for us.
  Result<OrtEnv*> env();
  // Opens it the first time that it is asked for.
  Status register_library(const std::string& path);

 private:
  Mutex mutex_;
  OrtEnvPtr env_ WEIR_GUARDED_BY(mutex_);
  std::set<std::string> libraries_ WEIR_GUARDED_BY(mutex_);
};

// "CPUExecutionProvider", …: what the library was built with.
Result<std::vector<std::string>> available_providers();

}  // namespace weir

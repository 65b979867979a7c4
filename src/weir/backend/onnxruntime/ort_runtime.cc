#include "weir/backend/onnxruntime/ort_runtime.h"

#include "weir/backend/onnxruntime/ort_log.h"

namespace weir {

Result<OrtEnv*> OrtRuntime::env() {
  if (ort_api_or_null() == nullptr) {
    return Error(ErrorCode::kUnavailable,
                 "ONNX Runtime " + std::string(OrtGetApiBase()->GetVersionString()) +
                     " is too old: it does not serve API " + std::to_string(kOrtApiVersion),
                 "", "install ONNX Runtime 1." + std::to_string(kOrtApiVersion) + " or newer");
  }
  MutexLock lock(mutex_);
  if (env_ == nullptr) {
    OrtEnv* env = nullptr;
    // The library keeps one environment per process, with the logger of the first; so ours has no
    // state that could go before it does.
    WEIR_TRY(ort_status(ort().CreateEnvWithCustomLogger(ort_log_line, nullptr,
                                                        ORT_LOGGING_LEVEL_WARNING, "weir", &env)));
    env_.reset(env);
    (void)ort_status(ort().DisableTelemetryEvents(env));
  }
  return env_.get();
}

Status OrtRuntime::register_library(const std::string& path) {
#if ORT_API_VERSION >= 22
  WEIR_ASSIGN(OrtEnv* const env, this->env());
  MutexLock lock(mutex_);
  if (libraries_.count(path) != 0) return {};
  Status status =
      ort_status(ort().RegisterExecutionProviderLibrary(env, path.c_str(), path.c_str()));
  if (!status) return std::move(status).error().at(path);
  libraries_.insert(path);
  return {};
#else
  return Error(ErrorCode::kUnsupported, "this build cannot open provider libraries", path,
               "build with the headers of ONNX Runtime 1.22 or newer");
#endif
}

Result<std::vector<std::string>> available_providers() {
  char** names = nullptr;
  int count = 0;
  WEIR_TRY(ort_status(ort().GetAvailableProviders(&names, &count)));
  std::vector<std::string> list(names, names + count);
  WEIR_TRY(ort_status(ort().ReleaseAvailableProviders(names, count)));
  return list;
}

}  // namespace weir

// The OpenVINO back end: ONNX, TFLite, OpenVINO IR and Paddle files on the CPU, and on Intel's GPUs
// and NPUs where their drivers are.
//
//   OpenVinoBackend backend;
//   WEIR_ASSIGN(auto model, backend.open(spec));
//
// Owns one ov::Core, made when it is first needed, which its models share and keep alive. It
// computes in float32 unless a precision is asked for, never in what OpenVINO would choose
// (bfloat16 on many CPUs). docs/openvino.md lists its options. Callable from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/backend.h"
#include "weir/base/mutex.h"

namespace weir {

struct OpenVinoLibrary;

class OpenVinoBackend final : public Backend {
 public:
  OpenVinoBackend();
  ~OpenVinoBackend() override;

  std::string_view name() const override { return "openvino"; }
  std::vector<std::string> aliases() const override { return {"ov"}; }
  std::string_view description() const override {
    return "OpenVINO: ONNX, TFLite, IR and Paddle models on Intel and other CPUs";
  }
  std::string version() const override;
  std::vector<std::string> file_types() const override {
    return {".onnx", ".tflite", ".xml", ".pdmodel"};
  }
  const Capabilities& capabilities() const override;
  std::vector<DeviceInfo> devices() const override;
  const std::vector<OptionInfo>& options() const override;
  Result<std::shared_ptr<const LoadedModel>> open(const BackendSpec& spec) override;

 private:
  // An Error, each time, where OpenVINO cannot be set up.
  Result<std::shared_ptr<OpenVinoLibrary>> library() const;

  mutable Mutex mutex_;
  mutable std::optional<Result<std::shared_ptr<OpenVinoLibrary>>> library_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir

// ONNX Runtime: reads .onnx and .ort files, on the CPU and on every execution provider that the
// library at hand was built with, or that is given as a plug-in.
//
//   backends.add(std::make_unique<OnnxRuntimeBackend>());
//
// Spinning is off, operators run one after the other on `intra_op_threads` threads. The options are
// in docs/backends.md. Any thread may call it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/backend.h"

namespace weir {

struct OrtRuntime;

class OnnxRuntimeBackend final : public Backend {
 public:
  OnnxRuntimeBackend();
  ~OnnxRuntimeBackend() override;

  std::string_view name() const override { return "onnxruntime"; }
  std::vector<std::string> aliases() const override { return {"ort"}; }
  std::string_view description() const override { return "ONNX models, on CPU and accelerators"; }
  std::string version() const override;
  std::vector<std::string> file_types() const override { return {".onnx", ".ort"}; }
  const Capabilities& capabilities() const override;
  std::vector<DeviceInfo> devices() const override;
  const std::vector<OptionInfo>& options() const override;
  Result<std::shared_ptr<const LoadedModel>> open(const BackendSpec& spec) override;

 private:
  std::shared_ptr<OrtRuntime> runtime_;
};

}  // namespace weir

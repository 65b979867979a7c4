// An open model of ONNX Runtime: one OrtSession, which many of our sessions run at the same time.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/backend/onnxruntime/ort_pinned_memory.h"
#include "weir/backend/onnxruntime/ort_runtime.h"
#include "weir/backend/spec.h"

namespace weir {

class OrtModel final : public LoadedModel {
 public:
  // `options` and everything that they name have been checked.
  static Result<std::shared_ptr<const LoadedModel>> open(std::shared_ptr<OrtRuntime> runtime,
                                                         const OrtSessionOptions& options,
                                                         const BackendSpec& spec,
                                                         ModelReport report);

  std::size_t memory_bytes() const override;
  Result<std::unique_ptr<Session>> make_session(const SessionSpec& spec) const override;

  OrtSession& session() const { return *session_; }
  const OrtMemoryInfo& host_memory() const { return *host_memory_; }
  // Of what host_pool() leases: page-locked where the provider has such memory.
  const OrtMemoryInfo& leased_memory() const {
    return pinned_memory_ ? pinned_memory_->info() : host_memory();
  }
  // The bytes of an output at the maximum of the ranges; 0 where that is not known.
  std::size_t max_output_bytes(std::size_t i) const { return max_output_bytes_[i]; }

 private:
  Status load(const OrtSessionOptions& options, const BackendSpec& spec);
  void pin_memory();
  Status describe(const BackendSpec& spec);
  Status read_metadata();
  Status learn_output_sizes();

  std::shared_ptr<OrtRuntime> runtime_;
  std::shared_ptr<OrtSession> session_;
  OrtMemoryInfoPtr host_memory_;
  std::shared_ptr<OrtPinnedMemory> pinned_memory_;  // null: the provider has none
  std::size_t file_bytes_ = 0;
  std::vector<std::size_t> max_output_bytes_;
};

}  // namespace weir

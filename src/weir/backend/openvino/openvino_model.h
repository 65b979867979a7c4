// A compiled model of OpenVINO, and its sessions: one infer request each.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <openvino/core/model.hpp>
#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/infer_request.hpp>

#include "weir/backend/loaded_model.h"
#include "weir/backend/openvino/openvino_config.h"
#include "weir/backend/openvino/openvino_gate.h"
#include "weir/backend/openvino/openvino_library.h"
#include "weir/backend/openvino/openvino_shapes.h"
#include "weir/backend/session.h"

namespace weir {

class OpenVinoModel final : public LoadedModel {
 public:
  // Describes the inputs and outputs, applies the ranges of the spec, and compiles. One thread.
  static Result<std::shared_ptr<OpenVinoModel>> make(std::shared_ptr<OpenVinoLibrary> library,
                                                     const std::shared_ptr<ov::Model>& graph,
                                                     const OpenVinoConfig& config,
                                                     const BackendSpec& spec);

  std::size_t memory_bytes() const override { return weight_bytes_; }
  Result<std::unique_ptr<Session>> make_session(const SessionSpec& spec = {}) const override;

 private:
  friend class OpenVinoSession;
  OpenVinoModel() = default;
  Status describe(const ov::Model& graph, const BackendSpec& spec);
  Status compile(const std::shared_ptr<ov::Model>& graph, const OpenVinoConfig& config,
                 const BackendSpec& spec);
  void fill_report(const OpenVinoConfig& config, const BackendSpec& spec);

  // Whether the graph takes these shapes. Inside ranges only their maximum is asked for.
  Status check_shapes(const std::vector<Shape>& shapes) const;

  std::shared_ptr<OpenVinoLibrary> library_;  // outlives what it compiled
  std::string where_;
  std::size_t weight_bytes_ = 0;
  std::unique_ptr<OpenVinoShapes> shapes_;  // null: nothing to check
  // Making a request changes nothing that can be seen, but OpenVINO does not call it const.
  mutable ov::CompiledModel compiled_;
  mutable OpenVinoGate gate_;
};

class OpenVinoSession final : public Session {
 public:
  OpenVinoSession(std::shared_ptr<const OpenVinoModel> model, const SessionSpec& spec);
  Status open();
  void cancel() override;
  // With what is bound, for whoever measures the bare call beside ours.
  const ov::InferRequest& request() const { return request_; }

 protected:
  Status do_bind_input(std::size_t i, const TensorView& view) override;
  Status do_run() override;
  Status do_start(Done done) override;

 private:
  Status check_shapes();
  Status read_outputs();
  void finish(std::exception_ptr thrown);

  std::shared_ptr<const OpenVinoModel> compiled_;
  ov::InferRequest request_;
  Done done_;
  OpenVinoGate::Run started_;  // from start() to just before the call-back
  std::vector<Shape> shapes_;  // that are bound
  bool checked_ = false;       // shapes_
  ov::Shape binding_;          // has room for any shape
};

}  // namespace weir

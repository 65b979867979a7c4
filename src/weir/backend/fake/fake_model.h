// An open model of the fake back end, and its session.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "weir/backend/fake/fake_control.h"
#include "weir/backend/fake/fake_graph.h"
#include "weir/backend/fake/fake_worker.h"
#include "weir/backend/loaded_model.h"
#include "weir/backend/session.h"
#include "weir/backend/spec.h"

namespace weir {

// What the options of a spec say.
struct FakeBehaviour {
  int64_t delay_ns = 0;
  FakeFailure failure = FakeFailure::kNone;
  int64_t fail_every = 1;
};

class FakeModel final : public LoadedModel {
 public:
  FakeModel(FakeGraph graph, FakeBehaviour behaviour, std::shared_ptr<FakeControl> control,
            std::shared_ptr<FakeWorker> worker, ModelReport report);

  Status set_ranges(const BackendSpec& spec);
  std::size_t memory_bytes() const override { return sizeof(*this); }
  Result<std::unique_ptr<Session>> make_session(const SessionSpec& spec) const override;

  const FakeGraph& graph() const { return graph_; }
  const FakeBehaviour& behaviour() const { return behaviour_; }
  FakeControl& control() const { return *control_; }
  FakeWorker& worker() const { return *worker_; }
  // Whether this run is one that the options ask to fail.
  bool fails_now() const;

 private:
  FakeGraph graph_;
  FakeBehaviour behaviour_;
  std::shared_ptr<FakeControl> control_;
  std::shared_ptr<FakeWorker> worker_;
  mutable std::atomic<int64_t> run_count_ = 0;
};

class FakeSession final : public Session, private FakeJob {
 public:
  FakeSession(std::shared_ptr<const FakeModel> model, const SessionSpec& spec);
  Status open();
  void cancel() override;

 protected:
  Status do_bind_input(std::size_t i, const TensorView& view) override;
  Status do_run() override;
  Status do_start(Done done) override;
  Status do_upload() override;
  Status do_download() override;
  void do_release_outputs() override;

 private:
  // Memory that only grows, on the host or on the "device".
  struct Block {
    std::vector<std::byte> bytes;
    std::byte* at_least(std::size_t size);
  };

  void execute() override;
  FakeFailure next_failure();
  Status compute();
  Status compute_output(std::size_t i, bool nan);

  std::shared_ptr<const FakeModel> fake_;
  bool on_device_;
  std::atomic<bool> cancelled_ = false;
  std::vector<TensorView> host_inputs_;  // as bound
  std::vector<TensorView> inputs_;       // what is computed with
  std::vector<TensorView> results_;      // what was computed
  std::vector<Block> device_inputs_;
  std::vector<Block> result_blocks_;
  std::vector<Block> host_outputs_;
  Done done_;
};

}  // namespace weir

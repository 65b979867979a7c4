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
#include "weir/backend/memory.h"
#include "weir/backend/session.h"
#include "weir/backend/spec.h"

namespace weir {

// What the options of a spec say.
struct FakeBehaviour {
  int64_t delay_ns = 0;
  FakeFailure failure = FakeFailure::kNone;
  int64_t fail_every = 1;
};

// What a FakeBackend shares with its models.
struct FakeRuntime {
  explicit FakeRuntime(std::shared_ptr<FakeControl> strings);

  std::shared_ptr<FakeControl> control;
  std::shared_ptr<BufferPool> host;
  std::shared_ptr<BufferPool> pinned;
  std::shared_ptr<BufferPool> device;
  Copier copier;
  FakeWorker worker;
};

class FakeModel final : public LoadedModel {
 public:
  FakeModel(FakeGraph graph, FakeBehaviour behaviour, std::shared_ptr<FakeRuntime> runtime,
            ModelReport report);

  Status set_ranges(const BackendSpec& spec);
  std::size_t memory_bytes() const override { return sizeof(*this); }
  Result<std::unique_ptr<Session>> make_session(const SessionSpec& spec) const override;

  const FakeGraph& graph() const { return graph_; }
  const FakeBehaviour& behaviour() const { return behaviour_; }
  FakeRuntime& runtime() const { return *runtime_; }
  FakeControl& control() const { return *runtime_->control; }
  // Whether this run is one that the options ask to fail.
  bool fails_now() const;

 private:
  FakeGraph graph_;
  FakeBehaviour behaviour_;
  std::shared_ptr<FakeRuntime> runtime_;
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
  Result<Tensor> do_allocate_input(std::size_t i, std::size_t bytes) override;

 private:
  // Leases a larger block if this one is too small.
  static Result<void*> at_least(Buffer& buffer, std::size_t bytes, BufferPool& pool);
  BufferPool& computing_pool() const;
  // Where host memory of this session comes from: page-locked if a device copies from and to it.
  BufferPool& staging_pool() const;
  Status start_upload(std::size_t i);
  Status start_download(std::size_t i);
  Status wait_for_copies(Status started);
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
  std::vector<Buffer> staged_inputs_;    // on the host: what input() shows
  std::vector<Buffer> device_inputs_;
  std::vector<Buffer> result_buffers_;
  std::vector<Buffer> host_outputs_;
  std::vector<CopyTicket> copies_;  // under way
  Done done_;
};

}  // namespace weir

#include "weir/backend/fake/fake_model.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "weir/backend/fake/fake_memory.h"
#include "weir/backend/fake/fake_ops.h"
#include "weir/backend/shape_ranges.h"

namespace weir {
namespace {

constexpr std::size_t kPoolBytes = std::size_t{4} << 30;

bool is_float(DType dtype) {
  return dtype == DType::kFloat32 || dtype == DType::kFloat64 || dtype == DType::kFloat16 ||
         dtype == DType::kBFloat16;
}

void fill_nan(const TensorView& view) {
  if (!is_float(view.dtype)) return;
  for (std::size_t i = 0; i < view.bytes() / size_of(view.dtype); ++i) {
    store_element(view.dtype, view.data, i, std::numeric_limits<double>::quiet_NaN());
  }
}

}  // namespace

FakeRuntime::FakeRuntime(std::shared_ptr<FakeControl> strings)
    : control(std::move(strings)),
      host(BufferPool::make(std::make_shared<HostMemory>(), kPoolBytes)),
      pinned(BufferPool::make(std::make_shared<FakePinnedMemory>(control), kPoolBytes)),
      device(BufferPool::make(std::make_shared<FakeMemory>(), kPoolBytes)),
      copier(std::make_shared<FakeCopyEngine>(control)) {}

FakeModel::FakeModel(FakeGraph graph, FakeBehaviour behaviour, std::shared_ptr<FakeRuntime> runtime,
                     ModelReport report)
    : graph_(std::move(graph)), behaviour_(behaviour), runtime_(std::move(runtime)) {
  inputs_ = graph_.inputs;
  outputs_ = graph_.outputs;
  metadata_ = graph_.metadata;
  ranges_.resize(inputs_.size());
  report_ = std::move(report);
}

Status FakeModel::set_ranges(const BackendSpec& spec) {
  WEIR_ASSIGN(ranges_, match_ranges(spec, inputs_));
  max_tensor_bytes_ = spec.max_tensor_bytes;
  for (const auto& range : ranges_) {
    if (range) WEIR_TRY(graph_.check_batch(range->max));
  }
  return {};
}

bool FakeModel::fails_now() const {
  if (behaviour_.failure == FakeFailure::kNone) return false;
  return ++run_count_ % behaviour_.fail_every == 0;
}

Result<std::unique_ptr<Session>> FakeModel::make_session(const SessionSpec& spec) const {
  auto self = std::static_pointer_cast<const FakeModel>(shared_from_this());
  auto session = std::make_unique<FakeSession>(std::move(self), spec);
  WEIR_TRY(session->open());
  return std::unique_ptr<Session>(std::move(session));
}

Result<void*> FakeSession::at_least(Buffer& buffer, std::size_t bytes, BufferPool& pool) {
  if (buffer.empty() || buffer.bytes() < bytes) {
    buffer = {};
    WEIR_ASSIGN(buffer, pool.lease(bytes));
  }
  return buffer.data();
}

BufferPool& FakeSession::computing_pool() const {
  return on_device_ ? *fake_->runtime().device : *fake_->runtime().host;
}

BufferPool& FakeSession::staging_pool() const {
  return on_device_ ? *fake_->runtime().pinned : *fake_->runtime().host;
}

FakeSession::FakeSession(std::shared_ptr<const FakeModel> model, const SessionSpec& spec)
    : Session(model, spec),
      fake_(std::move(model)),
      on_device_(!fake_->device().is_cpu()),
      host_inputs_(fake_->inputs().size()),
      inputs_(fake_->inputs().size()),
      results_(fake_->outputs().size()),
      staged_inputs_(fake_->inputs().size()),
      device_inputs_(fake_->inputs().size()),
      result_buffers_(fake_->outputs().size()),
      host_outputs_(fake_->outputs().size()) {}

// Leases the inputs, and every output whose size at the maximum of the ranges is known.
Status FakeSession::open() {
  WEIR_TRY(lease_inputs());
  FakeRuntime& runtime = fake_->runtime();
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i] = input(i);
    if (fake_->range(i)) inputs_[i].shape = fake_->range(i)->max;
    if (!on_device_) continue;
    WEIR_TRY(at_least(device_inputs_[i], inputs_[i].bytes(), *runtime.device));
  }
  for (std::size_t i = 0; i < results_.size(); ++i) {
    WEIR_ASSIGN(const Shape shape, fake_output_shape(fake_->graph().ops[i], inputs_));
    const TensorView result{nullptr, fake_->outputs()[i].dtype, shape, {}, {}};
    WEIR_TRY(at_least(result_buffers_[i], result.bytes(), computing_pool()));
    if (on_device_) WEIR_TRY(at_least(host_outputs_[i], result.bytes(), staging_pool()));
  }
  return {};
}

void FakeSession::cancel() {
  cancelled_ = true;
  fake_->control().tick();
}

Result<Tensor> FakeSession::do_allocate_input(std::size_t i, std::size_t bytes) {
  WEIR_TRY(at_least(staged_inputs_[i], bytes, staging_pool()));
  std::memset(staged_inputs_[i].data(), 0, bytes);
  return staged_inputs_[i].tensor(DType::kUInt8, {static_cast<int64_t>(bytes)});
}

Status FakeSession::do_bind_input(std::size_t i, const TensorView& view) {
  host_inputs_[i] = view;
  inputs_[i] = view;
  if (on_device_ && view.device.is_cpu()) {
    BufferPool& pool = *fake_->runtime().device;
    WEIR_ASSIGN(inputs_[i].data, at_least(device_inputs_[i], view.bytes(), pool));
    inputs_[i].device = fake_->device();
  }
  return {};
}

// All copies are waited for, also when one could not start or has failed: the next run writes to
// their buffers.
Status FakeSession::wait_for_copies(Status started) {
  Status all = std::move(started);
  for (const CopyTicket& copy : copies_) {
    Status status = copy.wait();
    if (all) all = std::move(status);
  }
  copies_.clear();
  return all;
}

// Memory of the caller is no buffer that could be kept, and not page-locked, so it is staged first.
Status FakeSession::start_upload(std::size_t i) {
  if (inputs_[i].data == host_inputs_[i].data) return {};
  const std::size_t bytes = inputs_[i].bytes();
  if (host_inputs_[i].data != staged_inputs_[i].data() && bytes > 0) {
    WEIR_TRY(at_least(staged_inputs_[i], bytes, staging_pool()));
    std::memcpy(staged_inputs_[i].data(), host_inputs_[i].data, bytes);
  }
  WEIR_ASSIGN(CopyTicket copy,
              fake_->runtime().copier.copy(device_inputs_[i], staged_inputs_[i], bytes));
  copies_.push_back(std::move(copy));
  return {};
}

Status FakeSession::do_upload() {
  Status started;
  for (std::size_t i = 0; i < inputs_.size() && started; ++i) started = start_upload(i);
  return wait_for_copies(std::move(started));
}

Status FakeSession::start_download(std::size_t i) {
  const std::size_t bytes = results_[i].bytes();
  WEIR_TRY(at_least(host_outputs_[i], bytes, staging_pool()));
  WEIR_ASSIGN(CopyTicket copy,
              fake_->runtime().copier.copy(host_outputs_[i], result_buffers_[i], bytes));
  copies_.push_back(std::move(copy));
  return {};
}

Status FakeSession::do_download() {
  if (!on_device_) return {};
  Status started;
  for (std::size_t i = 0; i < results_.size() && started; ++i) started = start_download(i);
  WEIR_TRY(wait_for_copies(std::move(started)));
  for (std::size_t i = 0; i < results_.size(); ++i) {
    TensorView host = results_[i];
    host.data = host_outputs_[i].data();
    host.device = {};
    set_output(i, host);
  }
  return {};
}

void FakeSession::do_release_outputs() {
  for (std::size_t i = 0; i < result_buffers_.size(); ++i) {
    if (fake_->graph().ops[i].op == FakeOutput::Op::kNonzero) result_buffers_[i] = {};
  }
}

FakeFailure FakeSession::next_failure() {
  const FakeFailure told = fake_->control().begin_run();
  if (told != FakeFailure::kNone) return told;
  return fake_->fails_now() ? fake_->behaviour().failure : FakeFailure::kNone;
}

Status FakeSession::do_run() {
  cancelled_ = false;
  Status status;
  try {
    status = compute();
  } catch (const std::exception& thrown) {
    status = Error(ErrorCode::kInternal, std::string("the back end threw: ") + thrown.what());
  }
  fake_->control().end_run();
  return status;
}

Status FakeSession::compute() {
  const FakeFailure failure = next_failure();
  const auto cancelled = [] { return Error(ErrorCode::kCancelled, "the run was cancelled"); };
  if (!fake_->control().pass_time(fake_->behaviour().delay_ns, cancelled_)) return cancelled();
  if (failure == FakeFailure::kError) return Error(ErrorCode::kInternal, "told to fail");
  if (failure == FakeFailure::kThrow) throw std::runtime_error("told to throw");
  if (failure == FakeFailure::kHang) {
    fake_->control().hang(cancelled_);
    return cancelled();
  }
  for (const TensorView& input : inputs_) WEIR_TRY(fake_->graph().check_batch(input.shape));
  for (std::size_t i = 0; i < results_.size(); ++i) {
    WEIR_TRY(compute_output(i, failure == FakeFailure::kNan));
  }
  return {};
}

Status FakeSession::compute_output(std::size_t i, bool nan) {
  const FakeOutput& op = fake_->graph().ops[i];
  TensorView& result = results_[i];
  WEIR_ASSIGN(const Shape shape, fake_output_shape(op, inputs_));
  result = {nullptr, fake_->outputs()[i].dtype, shape, {}, fake_->device()};
  if (op.op == FakeOutput::Op::kNonzero) {
    result.shape[0] = count_nonzero(inputs_[op.a]);
    WEIR_ASSIGN(result.data, at_least(result_buffers_[i], result.bytes(), computing_pool()));
    write_nonzero(inputs_[op.a], result.as<int64_t>());
  } else {
    WEIR_ASSIGN(result.data, at_least(result_buffers_[i], result.bytes(), computing_pool()));
    run_fake_output(op, inputs_, result);
  }
  if (nan) fill_nan(result);
  set_output(i, result);
  return {};
}

Status FakeSession::do_start(Done done) {
  done_ = std::move(done);
  if (!fake_->control().keep_start(*this)) fake_->runtime().worker.push(*this);
  return {};
}

// The call-back may be the signal for another thread to go on with this session, so nothing of it
// is touched afterwards.
void FakeSession::execute() {
  Status status = do_run();
  if (status && !explicit_copies()) status = do_download();
  if (!status) release_outputs();
  const Done done = std::exchange(done_, nullptr);
  done(std::move(status));
}

}  // namespace weir

#include "weir/backend/fake/fake_model.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "weir/backend/fake/fake_ops.h"
#include "weir/backend/shape_ranges.h"

namespace weir {
namespace {

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

FakeModel::FakeModel(FakeGraph graph, FakeBehaviour behaviour, std::shared_ptr<FakeControl> control,
                     std::shared_ptr<FakeWorker> worker, ModelReport report)
    : graph_(std::move(graph)),
      behaviour_(behaviour),
      control_(std::move(control)),
      worker_(std::move(worker)) {
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

std::byte* FakeSession::Block::at_least(std::size_t size) {
  if (bytes.size() < size || bytes.empty()) bytes.resize(std::max<std::size_t>(size, 1));
  return bytes.data();
}

FakeSession::FakeSession(std::shared_ptr<const FakeModel> model, const SessionSpec& spec)
    : Session(model, spec),
      fake_(std::move(model)),
      on_device_(!fake_->device().is_cpu()),
      host_inputs_(fake_->inputs().size()),
      inputs_(fake_->inputs().size()),
      results_(fake_->outputs().size()),
      device_inputs_(fake_->inputs().size()),
      result_blocks_(fake_->outputs().size()),
      host_outputs_(fake_->outputs().size()) {}

// Leases the inputs, and every output whose size at the maximum of the ranges is known.
Status FakeSession::open() {
  WEIR_TRY(lease_inputs());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i] = input(i);
    if (fake_->range(i)) inputs_[i].shape = fake_->range(i)->max;
    if (on_device_) device_inputs_[i].at_least(inputs_[i].bytes());
  }
  for (std::size_t i = 0; i < results_.size(); ++i) {
    WEIR_ASSIGN(const Shape shape, fake_output_shape(fake_->graph().ops[i], inputs_));
    const TensorView result{nullptr, fake_->outputs()[i].dtype, shape, {}, {}};
    result_blocks_[i].at_least(result.bytes());
    if (on_device_) host_outputs_[i].at_least(result.bytes());
  }
  return {};
}

void FakeSession::cancel() {
  cancelled_ = true;
  fake_->control().tick();
}

Status FakeSession::do_bind_input(std::size_t i, const TensorView& view) {
  host_inputs_[i] = view;
  inputs_[i] = view;
  if (on_device_ && view.device.is_cpu()) {
    inputs_[i].data = device_inputs_[i].at_least(view.bytes());
    inputs_[i].device = fake_->device();
  }
  return {};
}

Status FakeSession::do_upload() {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (inputs_[i].data == host_inputs_[i].data || inputs_[i].bytes() == 0) continue;
    std::memcpy(inputs_[i].data, host_inputs_[i].data, inputs_[i].bytes());
  }
  return {};
}

Status FakeSession::do_download() {
  if (!on_device_) return {};
  for (std::size_t i = 0; i < results_.size(); ++i) {
    TensorView host = results_[i];
    host.data = host_outputs_[i].at_least(host.bytes());
    host.device = {};
    if (host.bytes() > 0) std::memcpy(host.data, results_[i].data, host.bytes());
    set_output(i, host);
  }
  return {};
}

void FakeSession::do_release_outputs() {
  for (std::size_t i = 0; i < result_blocks_.size(); ++i) {
    if (fake_->graph().ops[i].op == FakeOutput::Op::kNonzero) result_blocks_[i] = {};
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
  const Error cancelled(ErrorCode::kCancelled, "the run was cancelled");
  if (!fake_->control().pass_time(fake_->behaviour().delay_ns, cancelled_)) return cancelled;
  if (failure == FakeFailure::kError) return Error(ErrorCode::kInternal, "told to fail");
  if (failure == FakeFailure::kThrow) throw std::runtime_error("told to throw");
  if (failure == FakeFailure::kHang) {
    fake_->control().hang(cancelled_);
    return cancelled;
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
    result.data = result_blocks_[i].at_least(result.bytes());
    write_nonzero(inputs_[op.a], result.as<int64_t>());
  } else {
    result.data = result_blocks_[i].at_least(result.bytes());
    run_fake_output(op, inputs_, result);
  }
  if (nan) fill_nan(result);
  set_output(i, result);
  return {};
}

Status FakeSession::do_start(Done done) {
  done_ = std::move(done);
  if (!fake_->control().keep_start(*this)) fake_->worker().push(*this);
  return {};
}

// The call-back may be the signal for another thread to go on with this session, so nothing of it
// is touched afterwards.
void FakeSession::execute() {
  Status status = do_run();
  if (status && !explicit_copies()) status = do_download();
  const Done done = std::exchange(done_, nullptr);
  done(std::move(status));
}

}  // namespace weir

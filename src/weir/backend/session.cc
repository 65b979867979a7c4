#include "weir/backend/session.h"

#include <cstring>
#include <utility>

#include "weir/backend/loaded_model.h"
#include "weir/backend/shape_ranges.h"

namespace weir {
namespace {

Error out_of_range(const std::string& input, const Shape& shape, const ShapeRange& range) {
  return Error(ErrorCode::kInvalidArgument,
               input + " cannot be " + to_string(shape) + ": the range is " + to_string(range.min) +
                   " to " + to_string(range.max),
               "", "stay inside, or widen `shapes`");
}

}  // namespace

Session::Session(std::shared_ptr<const LoadedModel> model, const SessionSpec& spec)
    : model_(std::move(model)),
      explicit_copies_(spec.explicit_copies),
      inputs_(model_->inputs().size()),
      outputs_(model_->outputs().size()) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].view.dtype = model_->inputs()[i].dtype;
    inputs_[i].view.shape = model_->inputs()[i].shape;
  }
  forget_outputs();
}

Session::~Session() = default;

Status Session::lease_inputs() {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const TensorInfo& info = model_->inputs()[i];
    const std::optional<ShapeRange>& range = model_->range(i);
    if (range) {
      WEIR_TRY(lease(i, range->max));
      WEIR_TRY(lease(i, range->opt));
    } else if (!info.shape.is_dynamic()) {
      WEIR_TRY(lease(i, info.shape));
    }
  }
  return {};
}

Status Session::bind_input(std::size_t i, const TensorView& view) {
  WEIR_TRY(check_shape(i, view.shape));
  const TensorInfo& info = model_->inputs()[i];
  if (view.dtype != info.dtype) {
    return Error(ErrorCode::kInvalidArgument, label(i) + " is " + std::string(name(info.dtype)) +
                                                  ", not " + std::string(name(view.dtype)));
  }
  if (view.data == nullptr) {
    return Error(ErrorCode::kInvalidArgument, label(i) + " is bound to no memory");
  }
  if (!view.is_dense()) {
    return Error(ErrorCode::kUnsupported, label(i) + " must be dense, row by row", "",
                 "copy it into input(" + std::to_string(i) + ")");
  }
  if (!view.device.is_cpu() && view.device != model_->device()) {
    return Error(ErrorCode::kInvalidArgument, label(i) + " lies on " + to_string(view.device) +
                                                  ", and the model runs on " +
                                                  to_string(model_->device()));
  }
  Input& input = inputs_[i];
  input.changed |= !input.borrowed || input.view.data != view.data ||
                   input.view.device != view.device || !(input.view.shape == view.shape);
  input.borrowed = true;
  input.view = view;
  input.view.strides = {};
  return {};
}

Status Session::lease_input(std::size_t i) {
  if (i < inputs_.size() && !inputs_[i].borrowed) return {};
  return set_input_shape(i, i < inputs_.size() ? inputs_[i].view.shape : Shape{});
}

Status Session::set_input_shape(std::size_t i, const Shape& shape) {
  WEIR_TRY(check_shape(i, shape));
  return lease(i, shape);
}

Status Session::check_shape(std::size_t i, const Shape& shape) const {
  if (i >= inputs_.size()) {
    return Error(ErrorCode::kInvalidArgument, "there is no input " + std::to_string(i) +
                                                  ": the model has " +
                                                  std::to_string(inputs_.size()));
  }
  const TensorInfo& declared = model_->inputs()[i];
  if (shape.is_dynamic()) {
    return Error(ErrorCode::kInvalidArgument,
                 label(i) + " needs a shape without open sizes, not " + to_string(shape));
  }
  if (!declared.accepts(shape)) {
    return Error(ErrorCode::kInvalidArgument,
                 label(i) + " is " + to_string(declared.shape) + ", not " + to_string(shape));
  }
  const std::optional<ShapeRange>& range = model_->range(i);
  if (range && !range->contains(shape)) return out_of_range(label(i), shape, *range);
  return {};
}

// Points input `i` at memory of ours, which grows if it must: never inside a range, whose maximum
// was leased first.
Status Session::lease(std::size_t i, const Shape& shape) {
  Input& input = inputs_[i];
  WEIR_ASSIGN(const int64_t count, shape.elements());
  const std::size_t size = size_of(input.view.dtype);
  if (static_cast<uint64_t>(count) > model_->max_tensor_bytes() / size) {
    return tensor_too_large(label(i), shape, model_->max_tensor_bytes());
  }
  const std::size_t bytes = static_cast<std::size_t>(count) * size;
  bool changed = input.borrowed || !(input.view.shape == shape);
  if (input.lease.empty() || bytes > input.lease_bytes) {
    WEIR_ASSIGN(input.lease, do_allocate_input(i, bytes));
    input.lease_bytes = bytes;
    changed = true;
  }
  input.view = {input.lease.view().data, input.view.dtype, shape, {}, input.lease.view().device};
  input.borrowed = false;
  input.changed |= changed;
  return {};
}

Status Session::bind_changed() {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[i];
    if (input.view.data == nullptr) {
      return Error(ErrorCode::kInvalidArgument,
                   label(i) + " has no shape yet: " + to_string(input.view.shape), "",
                   "call set_input_shape or bind_input, or give `shapes` in the spec");
    }
    if (!input.changed) continue;
    WEIR_TRY(do_bind_input(i, input.view));
    input.changed = false;
  }
  return {};
}

Status Session::prepare() {
  forget_outputs();
  WEIR_TRY(bind_changed());
  return explicit_copies_ ? Status() : do_upload();
}

Status Session::run() {
  WEIR_TRY(prepare());
  Status status = do_run();
  if (status && !explicit_copies_) status = do_download();
  if (!status) forget_outputs();
  return status;
}

Status Session::start(Done done) {
  WEIR_TRY(prepare());
  return do_start(std::move(done));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): those that override it keep the function
Status Session::do_start(Done) {
  return Error(ErrorCode::kUnsupported, "this back end has no asynchronous start", "", "use run()");
}

Status Session::warm_up(int count) {
  for (int i = 0; i < count; ++i) WEIR_TRY(run());
  release_outputs();
  return {};
}

void Session::release_outputs() {
  forget_outputs();
  do_release_outputs();
}

Status Session::upload() {
  WEIR_TRY(bind_changed());
  return do_upload();
}
Status Session::download() {
  return do_download();
}

void Session::forget_outputs() {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const TensorInfo& info = model_->outputs()[i];
    outputs_[i] = {nullptr, info.dtype, info.shape, {}, {}};
  }
}

std::string Session::label(std::size_t i) const {
  return "input " + std::to_string(i) + " ('" + model_->inputs()[i].name + "')";
}

Result<Tensor> Session::do_allocate_input(std::size_t, std::size_t bytes) {
  return host_memory(bytes);
}

Result<Tensor> Session::host_memory(std::size_t bytes) const {
  const int64_t size = static_cast<int64_t>(bytes);
  Tensor memory;
  if (BufferPool* pool = model_->host_pool()) {
    WEIR_ASSIGN(const Buffer buffer, pool->lease(bytes));
    memory = buffer.tensor(DType::kUInt8, {size});
  } else {
    WEIR_ASSIGN(memory, Tensor::allocate(DType::kUInt8, {size}));
  }
  std::memset(memory.view().data, 0, bytes);
  return memory;
}

}  // namespace weir

#include "weir/backend/onnxruntime/ort_lane.h"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/backend/onnxruntime/ort_types.h"

namespace weir {
namespace {

// A cancel that comes between our own flag and the library's is seen here only.
bool was_terminated(const Status& status) {
  return status.error().message.find("terminate flag") != std::string::npos;
}

}  // namespace

OrtLane::OrtLane(std::shared_ptr<const OrtModel> model, const SessionSpec& spec)
    : Session(model, spec),
      ort_model_(std::move(model)),
      inputs_(ort_model_->inputs().size()),
      outputs_(ort_model_->outputs().size()) {
  for (Seen& seen : seen_) {
    seen.inputs.resize(inputs_.size());
    seen.outputs.resize(outputs_.size());
  }
}

Status OrtLane::open() {
  OrtIoBinding* binding = nullptr;
  WEIR_TRY(ort_status(ort().CreateIoBinding(&ort_model_->session(), &binding)));
  binding_.reset(binding);
  OrtRunOptions* options = nullptr;
  WEIR_TRY(ort_status(ort().CreateRunOptions(&options)));
  run_options_.reset(options);
  WEIR_TRY(ort_status(
      ort().RunOptionsSetRunLogSeverityLevel(run_options_.get(), ORT_LOGGING_LEVEL_ERROR)));
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const std::size_t bytes = ort_model_->max_output_bytes(i);
    if (bytes > 0) WEIR_TRY(reserve(outputs_[i], bytes));
  }
  return lease_inputs();
}

void OrtLane::cancel() {
  cancelled_ = true;
  (void)ort_status(ort().RunOptionsSetTerminate(run_options_.get()));
}

Status OrtLane::do_bind_input(std::size_t i, const TensorView& view) {
  const TensorInfo& info = model().inputs()[i];
  Input& input = inputs_[i];
  const OrtMemoryInfo& memory =
      view.data == input.leased ? ort_model_->leased_memory() : ort_model_->host_memory();
  OrtValue* value = nullptr;
  WEIR_TRY(ort_status(ort().CreateTensorWithDataAsOrtValue(&memory, view.data, view.bytes(),
                                                           view.shape.data(), view.shape.rank(),
                                                           ort_type_of(view.dtype), &value)));
  OrtValuePtr owner(value);
  WEIR_TRY(ort_status(ort().BindInput(binding_.get(), info.name.c_str(), value)));
  shapes_changed_ |= input.value == nullptr || !(input.view.shape == view.shape);
  input.value = std::move(owner);
  input.view = view;
  return {};
}

Result<Tensor> OrtLane::do_allocate_input(std::size_t i, std::size_t bytes) {
  WEIR_ASSIGN(Tensor memory, host_memory(bytes));
  inputs_[i].leased = memory.view().data;
  return memory;
}

// A provider with memory of its own copies an input when it is bound.
Status OrtLane::do_upload() {
  if (model().device().is_cpu()) return {};
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    WEIR_TRY(ort_status(
        ort().BindInput(binding_.get(), model().inputs()[i].name.c_str(), inputs_[i].value.get())));
  }
  return ort_status(ort().SynchronizeBoundInputs(binding_.get()));
}

Status OrtLane::do_download() {
  if (model().device().is_cpu()) return {};
  return ort_status(ort().SynchronizeBoundOutputs(binding_.get()));
}

const OrtLane::Seen* OrtLane::find_seen() const {
  for (const Seen& seen : seen_) {
    if (!seen.used) continue;
    bool same = true;
    for (std::size_t i = 0; i < inputs_.size() && same; ++i) {
      same = seen.inputs[i] == inputs_[i].view.shape;
    }
    if (same) return &seen;
  }
  return nullptr;
}

void OrtLane::remember() {
  if (find_seen() != nullptr) return;
  Seen& seen = seen_[next_seen_++ % kSeen];
  seen.used = true;
  for (std::size_t i = 0; i < inputs_.size(); ++i) seen.inputs[i] = inputs_[i].view.shape;
  for (std::size_t i = 0; i < outputs_.size(); ++i) seen.outputs[i] = output(i).shape;
}

Status OrtLane::reserve(Output& output, std::size_t bytes) {
  if (!output.memory.empty() && output.memory_bytes >= bytes) return {};
  WEIR_ASSIGN(output.memory, host_memory(bytes));
  output.memory_bytes = bytes;
  return {};
}

Status OrtLane::bind_to_ours(std::size_t i, const Shape& shape) {
  Output& output = outputs_[i];
  TensorView view{nullptr, model().outputs()[i].dtype, shape, {}, {}};
  if (view.bytes() > model().max_tensor_bytes()) return bind_to_library(i);
  WEIR_TRY(reserve(output, view.bytes()));
  view.data = output.memory.view().data;
  OrtValue* value = nullptr;
  WEIR_TRY(ort_status(ort().CreateTensorWithDataAsOrtValue(&ort_model_->leased_memory(), view.data,
                                                           view.bytes(), shape.data(), shape.rank(),
                                                           ort_type_of(view.dtype), &value)));
  output.value.reset(value);
  output.view = view;
  return ort_status(ort().BindOutput(binding_.get(), model().outputs()[i].name.c_str(), value));
}

Status OrtLane::bind_to_library(std::size_t i) {
  outputs_[i].value = nullptr;
  outputs_[i].view = {};
  any_library_ = true;
  return ort_status(ort().BindOutputToDevice(binding_.get(), model().outputs()[i].name.c_str(),
                                             &ort_model_->host_memory()));
}

Status OrtLane::bind_outputs() {
  const Seen* seen = find_seen();
  any_library_ = false;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const TensorInfo& info = model().outputs()[i];
    const bool declared = !info.shape.is_dynamic() && !info.any_rank;
    if (outputs_[i].unpredictable || (!declared && seen == nullptr)) {
      WEIR_TRY(bind_to_library(i));
    } else {
      WEIR_TRY(bind_to_ours(i, seen != nullptr ? seen->outputs[i] : info.shape));
    }
  }
  shapes_changed_ = false;
  return {};
}

Status OrtLane::run_once() {
  return ort_status(
      ort().RunWithBinding(&ort_model_->session(), run_options_.get(), binding_.get()));
}

Status OrtLane::begin_run() {
  cancelled_ = false;
  WEIR_TRY(ort_status(ort().RunOptionsUnsetTerminate(run_options_.get())));
  // Memory of the library is bound anew for each run, or it would be written over.
  return shapes_changed_ || any_library_ ? bind_outputs() : Status();
}

Status OrtLane::do_run() {
  WEIR_TRY(begin_run());
  Status status = run_once();
  if (!status) {
    status = run_again_with_library_memory(std::move(status));
  } else if (any_library_) {
    status = take_library_outputs();
  }
  return end_run(std::move(status));
}

Status OrtLane::end_run(Status status) {
  if (!status) {
    shapes_changed_ = true;
    return cancelled_ ? Error(ErrorCode::kCancelled, "the run was cancelled")
                      : run_error(std::move(status).error());
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i].view.data != nullptr) set_output(i, outputs_[i].view);
  }
  return {};
}

// If an output did not have the size that we offered, that was our mistake and not the model's.
Status OrtLane::run_again_with_library_memory(Status failure) {
  const bool offered = std::any_of(outputs_.begin(), outputs_.end(),
                                   [](const Output& o) { return o.view.data != nullptr; });
  if (was_terminated(failure)) cancelled_ = true;
  if (!offered || cancelled_) return failure;
  std::vector<Shape> expected;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    expected.push_back(outputs_[i].view.shape);
    WEIR_TRY(bind_to_library(i));
  }
  if (!run_once()) return failure;
  WEIR_TRY(take_library_outputs());
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (!(output(i).shape == expected[i])) outputs_[i].unpredictable = true;
  }
  return {};
}

Status OrtLane::take_library_outputs() {
  OrtValue** values = nullptr;
  std::size_t count = 0;
  OrtAllocator* allocator = ort_default_allocator();
  WEIR_TRY(ort_status(ort().GetBoundOutputValues(binding_.get(), allocator, &values, &count)));
  Status status;
  for (std::size_t i = 0; i < count; ++i) {
    OrtValuePtr value(values[i]);
    if (outputs_[i].view.data != nullptr) continue;
    Status taken = take_library_output(i, std::move(value));
    if (!taken) status = std::move(taken);
  }
  if (values != nullptr) allocator->Free(allocator, values);
  if (status) remember();
  return status;
}

Status OrtLane::take_library_output(std::size_t i, OrtValuePtr value) {
  outputs_[i].value = std::move(value);
  WEIR_ASSIGN(const TensorView view, view_of(*outputs_[i].value));
  set_output(i, view);
  return {};
}

void OrtLane::do_release_outputs() {
  if (!any_library_) return;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    // Binding to the device again drops what the binding holds.
    if (outputs_[i].view.data == nullptr) (void)bind_to_library(i);
  }
}

Error OrtLane::run_error(Error error) const {
  std::string shapes;
  bool open_sizes = false;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const TensorInfo& info = model().inputs()[i];
    open_sizes |= info.shape.is_dynamic();
    shapes += (i > 0 ? ", " : "") + info.name + " " + to_string(inputs_[i].view.shape);
  }
  if (!open_sizes) return error;
  error.message += " (with " + shapes + ")";
  error.hint =
      "the graph may not accept every size that its file leaves open: try the shape that "
      "it was exported with, such as a batch of 1";
  return error;
}

}  // namespace weir

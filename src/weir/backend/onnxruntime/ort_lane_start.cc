// A run that is started and not waited for. ONNX Runtime takes no binding for it, so the same
// values are handed over one by one; it runs on a thread of the model's own, of which a model with
// `intra_op_threads: 1` has none.
#include <utility>

#include "weir/backend/onnxruntime/ort_lane.h"

namespace weir {

Status OrtLane::do_start(Done done) {
  WEIR_TRY(begin_run());
  input_names_.clear();
  started_inputs_.clear();
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    input_names_.push_back(model().inputs()[i].name.c_str());
    started_inputs_.push_back(inputs_[i].value.get());
  }
  output_names_.clear();
  started_outputs_.clear();
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    output_names_.push_back(model().outputs()[i].name.c_str());
    // Null: the library allocates, and the value is ours then.
    started_outputs_.push_back(outputs_[i].value.get());
  }
  done_ = std::move(done);
  Status started = ort_status(ort().RunAsync(
      &ort_model_->session(), run_options_.get(), input_names_.data(), started_inputs_.data(),
      started_inputs_.size(), output_names_.data(), output_names_.size(), started_outputs_.data(),
      [](void* lane, OrtValue**, std::size_t, OrtStatus* failure) {
        static_cast<OrtLane*>(lane)->finish(failure);
      },
      this));
  if (started) return {};
  done_ = nullptr;
  Error error = std::move(started).error();
  if (error.message.find("intra op thread pool") == std::string::npos) return error;
  return Error(ErrorCode::kUnsupported, "a model with one thread has none to start a run on",
               error.where, "write intra_op_threads: 2 or more, or use run()");
}

// On the library's thread. The call-back may be the signal for another thread to go on with this
// session, so nothing of it is touched afterwards.
void OrtLane::finish(OrtStatus* failure) {
  Status status = ort_status(failure);
  if (!status) {
    status = run_again_with_library_memory(std::move(status));
  } else if (any_library_) {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      if (outputs_[i].view.data != nullptr) continue;
      Status taken = take_library_output(i, OrtValuePtr(started_outputs_[i]));
      if (!taken) status = std::move(taken);
    }
    if (status) remember();
  }
  status = end_run(std::move(status));
  const Done done = std::exchange(done_, nullptr);
  done(std::move(status));
}

}  // namespace weir

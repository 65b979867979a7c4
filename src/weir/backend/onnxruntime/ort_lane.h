// A session of ONNX Runtime: one binding of inputs and outputs.
//
// Inputs are bound where they lie. An output whose size is known is bound to memory of ours: its
// size is declared, or was seen after an earlier run with the same input shapes. Otherwise the
// library allocates it, and it is read back. A size that turns out to depend on the data makes the
// bound run fail once; it is then run again with the library's memory, and stays so.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/backend/onnxruntime/ort_model.h"
#include "weir/backend/session.h"

namespace weir {

class OrtLane final : public Session {
 public:
  OrtLane(std::shared_ptr<const OrtModel> model, const SessionSpec& spec);
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
  struct Input {
    OrtValuePtr value;
    TensorView view;
    const void* leased = nullptr;  // memory of ours, as opposed to the caller's
  };
  struct Output {
    Tensor memory;  // ours; grows until the largest size has been seen
    std::size_t memory_bytes = 0;
    OrtValuePtr value;           // our memory as the library sees it, or its own after a run
    TensorView view;             // what is bound: data is null where the library allocates
    bool unpredictable = false;  // its size depends on the data
  };
  // The output shapes that one set of input shapes gave.
  struct Seen {
    bool used = false;
    std::vector<Shape> inputs;
    std::vector<Shape> outputs;
  };
  static constexpr std::size_t kSeen = 16;

  const Seen* find_seen() const;
  void remember();
  Status reserve(Output& output, std::size_t bytes);
  Status bind_outputs();
  Status bind_to_ours(std::size_t i, const Shape& shape);
  Status bind_to_library(std::size_t i);
  Status run_once();
  Status run_again_with_library_memory(Status failure);
  Status take_library_outputs();
  Status take_library_output(std::size_t i, OrtValuePtr value);
  Status begin_run();
  Status end_run(Status status);
  void finish(OrtStatus* failure);
  Error run_error(Error error) const;

  std::shared_ptr<const OrtModel> ort_model_;
  OrtIoBindingPtr binding_;
  OrtRunOptionsPtr run_options_;
  std::atomic<bool> cancelled_ = false;
  std::vector<Input> inputs_;
  std::vector<Output> outputs_;
  bool shapes_changed_ = true;  // bind_outputs is due
  bool any_library_ = false;    // some outputs are bound to the library's memory
  std::array<Seen, kSeen> seen_;
  std::size_t next_seen_ = 0;

  // Of a run that was started, until its call-back has been called.
  Done done_;
  std::vector<const char*> input_names_, output_names_;
  std::vector<const OrtValue*> started_inputs_;
  std::vector<OrtValue*> started_outputs_;
};

}  // namespace weir

// One lane of a model: its bound inputs and outputs. Used by one thread at a time; destroying it
// closes it (after a start(), only when its call-back has been called).
//
//   session->set_input_shape(0, {2, 3, 224, 224});        // where the model leaves sizes open
//   fill(session->input(0));                              // memory of the session, or:
//   session->bind_input(0, frame_view);                   // memory of the caller
//   WEIR_TRY(session->run());
//   read(session->output(0));                             // shape as resolved by this run
//
// Shapes, types and ranges are checked here, once for all back ends; an adapter derives and writes
// the do_ functions. In the steady state (same shapes) nothing of ours allocates.
//
//          set_input_shape, bind_input, input()          run() / start()
//   idle ------------------------------------> idle -----------------------> running
//    ^                                                                          |
//    +---- outputs valid until the next run, release_outputs or the end --------+
#pragma once

#include <cassert>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/backend/spec.h"
#include "weir/base/result.h"
#include "weir/data/shape.h"
#include "weir/data/tensor.h"

namespace weir {

class LoadedModel;
struct SessionSpec;

class Session {
 public:
  // Called exactly once for a start() that succeeded, from a thread of the back end. It must not
  // block; it may look at the outputs, and otherwise only hand the session on.
  using Done = std::function<void(Status)>;

  virtual ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const LoadedModel& model() const { return *model_; }

  // What is bound to input `i`: memory to write into. `data` is null while a size is still open.
  // On a device this is host memory that run() or upload() copies from. Zeroed when first leased.
  const TensorView& input(std::size_t i) const {
    return assert(i < inputs_.size()), inputs_[i].view;
  }
  // Reads the next run's input `i` from memory of the caller, which must live until that run has
  // ended, and stays bound until the next bind_input or lease_input.
  Status bind_input(std::size_t i, const TensorView& view);
  // Back to memory of the session.
  Status lease_input(std::size_t i);
  // The shape of input `i` from now on; its content is undefined afterwards, if it was leased.
  Status set_input_shape(std::size_t i, const Shape& shape);

  // Runs and waits. An Error leaves the session usable, with no outputs.
  Status run();
  // The same without waiting; kUnsupported where Capabilities::async is false.
  Status start(Done done);
  // From any thread: ends a run that is under way with kCancelled, where Capabilities::cancel.
  virtual void cancel() {}
  // Runs `count` times with what is bound and forgets the outputs.
  Status warm_up(int count);

  // What the last run wrote. `data` is null if there was none, or it failed. It is the session's
  // or the back end's memory until the next run or release_outputs().
  const TensorView& output(std::size_t i) const { return assert(i < outputs_.size()), outputs_[i]; }
  std::size_t output_count() const { return outputs_.size(); }
  std::size_t input_count() const { return inputs_.size(); }
  // Gives memory back that the back end holds for the outputs. Not needed before the next run.
  void release_outputs();

  // Explicit copies (SessionSpec::explicit_copies): host to device for all inputs, device to host
  // for all outputs; each returns when its copies have ended.
  Status upload();
  Status download();

 protected:
  Session(std::shared_ptr<const LoadedModel> model, const SessionSpec& spec);

  // Leases memory for every input whose shape is known: the static, and those with a range. An
  // adapter calls it once, at the end of its own construction.
  Status lease_inputs();

  // Before a run or an upload, for each input whose memory or shape is not what the last run had.
  // The view is dense, of the right type, not null, inside the range, and lives until the run has
  // ended.
  virtual Status do_bind_input(std::size_t i, const TensorView& view) = 0;
  // Runs and waits; calls set_output for every output, if it returns no Error. Must not throw.
  virtual Status do_run() = 0;
  // The same without waiting, do_download() included unless explicit_copies().
  virtual Status do_start(Done done);
  virtual Status do_upload() { return {}; }
  virtual Status do_download() { return {}; }
  virtual void do_release_outputs() {}
  // Memory for an input: host_memory() unless an adapter knows better. Must be cleared.
  virtual Result<Tensor> do_allocate_input(std::size_t i, std::size_t bytes);
  // Cleared bytes from the model's pool.
  Result<Tensor> host_memory(std::size_t bytes) const;

  void set_output(std::size_t i, const TensorView& view) { outputs_[i] = view; }
  bool explicit_copies() const { return explicit_copies_; }

 private:
  struct Input {
    TensorView view;
    Tensor lease;                 // memory of ours
    std::size_t lease_bytes = 0;  // how large it is
    bool borrowed = false;        // view is the caller's memory
    bool changed = true;          // do_bind_input is due
  };

  Status check_shape(std::size_t i, const Shape& shape) const;
  Status lease(std::size_t i, const Shape& shape);
  Status bind_changed();
  Status prepare();
  void forget_outputs();
  std::string label(std::size_t i) const;

  std::shared_ptr<const LoadedModel> model_;
  bool explicit_copies_ = false;
  std::vector<Input> inputs_;
  std::vector<TensorView> outputs_;
};

}  // namespace weir

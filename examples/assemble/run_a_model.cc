// Open a model and run it: run_a_model MODEL.
//
// The Runtime holds what a process shares; a LoadedModel is immutable and shared; a Session is for
// one thread at a time. Any file that a back end reads will do: model.onnx, model.tflite, or the
// three lines of twice.fake beside this program.
#include <algorithm>
#include <cstdio>

#include "weir/assemble/runtime.h"

namespace {

weir::Status run(const char* file) {
  WEIR_ASSIGN(auto runtime, weir::Runtime::create({}));
  WEIR_ASSIGN(auto model, runtime->open_model({.model = file}));
  WEIR_ASSIGN(auto session, model->make_session());
  for (std::size_t i = 0; i < session->input_count(); ++i) {
    weir::Shape shape = model->inputs()[i].shape;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis)
      shape[axis] = std::max<int64_t>(shape[axis], 1);
    if (model->inputs()[i].shape.is_dynamic()) WEIR_TRY(session->set_input_shape(i, shape));
  }
  WEIR_TRY(session->run());
  for (std::size_t i = 0; i < session->output_count(); ++i) {
    std::printf("%s %s\n", model->outputs()[i].name.c_str(),
                weir::to_string(session->output(i).shape).c_str());
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::puts("usage: run_a_model MODEL"), 2;
  const weir::Status status = run(argv[1]);
  if (!status) std::puts(status.error().to_string().c_str());
  return status ? 0 : weir::exit_code(status.error().code);
}

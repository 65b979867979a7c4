// Load a pipeline from its file, post pictures to it, wait for the results: post_and_wait FILE.
//
// Steps are chosen with `|`. A post waits only for a credit; results are waited for by ticket, or
// in the order of the stream.
#include <cstdio>

#include "flat_picture.h"
#include "weir/assemble/pipeline.h"

namespace {

weir::Status run(const char* file) {
  WEIR_ASSIGN(auto runtime, weir::Runtime::create({}));
  WEIR_ASSIGN(weir::PipelineSpec spec, weir::read_pipeline_file(file));
  WEIR_TRY(runtime->load_pipeline("colours", std::move(spec)));
  WEIR_ASSIGN(const auto pipe, runtime->pipeline("colours"));
  WEIR_ASSIGN(const weir::StepSet colour, pipe->step_set({"colour"}));
  WEIR_ASSIGN(const weir::StepSet again, pipe->step_set({"again"}));

  WEIR_ASSIGN(const weir::flow::StreamId stream, pipe->open_stream({.name = "camera"}));
  WEIR_ASSIGN(const auto one,
              pipe->post(stream, {.input = flat_picture(250, 0, 0)}, {.steps = colour}));
  WEIR_ASSIGN(const auto both,
              pipe->post(stream, {.input = flat_picture(0, 0, 250)}, {.steps = colour | again}));
  for (const weir::flow::Ticket& ticket : {one, both}) {
    WEIR_ASSIGN(const weir::Task task, pipe->wait(ticket));
    std::printf("picture %d: %s, %d findings\n", static_cast<int>(task.seq),
                std::string(task.label_name(task.findings[0], *task.findings[0].best)).c_str(),
                static_cast<int>(task.findings.size()));
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::puts("usage: post_and_wait PIPELINE.yaml"), 2;
  const weir::Status status = run(argv[1]);
  if (!status) std::puts(status.error().to_string().c_str());
  return status ? 0 : weir::exit_code(status.error().code);
}

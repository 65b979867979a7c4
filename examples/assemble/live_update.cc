// Replace a model while a pipeline works with it: live_update PIPELINE.yaml OTHER_MODEL.
//
// The new one is loaded, checked and warmed up aside. Tasks that have begun end with the old one;
// those that begin afterwards have the new one; none fails, and none sees both.
#include <atomic>
#include <cstdio>

#include "flat_picture.h"
#include "weir/assemble/pipeline.h"

namespace {

weir::Status run(const char* file, const char* other) {
  std::atomic<int> strong = 0;
  std::atomic<int> soft = 0;
  std::atomic<int> failed = 0;
  WEIR_ASSIGN(auto runtime, weir::Runtime::create({}));
  WEIR_ASSIGN(weir::PipelineSpec spec, weir::read_pipeline_file(file));
  weir::ModelSpec next = *spec.model("colour");
  next.file.path = other;
  WEIR_TRY(runtime->load_pipeline("colours", std::move(spec)));
  WEIR_ASSIGN(const auto pipe, runtime->pipeline("colours"));

  weir::Pipeline::StreamSpec stream;
  stream.on_done = [&](const weir::Task& task, weir::flow::StreamId) {
    if (task.error || task.findings.size() != 2) {
      ++failed;
    } else {
      task.findings[0].best->score > 0.6F ? ++strong : ++soft;
      // Both steps use the model, and both were answered by the same version of it.
      if (task.findings[0].best->score != task.findings[1].best->score) ++failed;
    }
  };
  WEIR_ASSIGN(const weir::flow::StreamId id, pipe->open_stream(std::move(stream)));
  for (int i = 0; i < 1000; ++i) {
    if (i == 500) WEIR_TRY(runtime->update("colours.colour", next));
    WEIR_TRY(pipe->post(id, {.input = flat_picture(250, 0, 0)}));
  }
  pipe->flow().drain();
  const weir::ModelRow row = runtime->loaded().at(0);
  std::printf("%d by the old one, %d by the new one, %d failed; %s is version %d after %d calls\n",
              strong.load(), soft.load(), failed.load(), row.name.c_str(),
              static_cast<int>(row.version), static_cast<int>(row.calls));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::puts("usage: live_update PIPELINE.yaml OTHER_MODEL"), 2;
  const weir::Status status = run(argv[1], argv[2]);
  if (!status) std::puts(status.error().to_string().c_str());
  return status ? 0 : weir::exit_code(status.error().code);
}

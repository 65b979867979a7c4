// Ask a Runtime about pictures, folders, patterns and videos, in any mixture: solve SPEC [FILE]…
//
// A model has a name from the moment it is submitted. What is wrong with one input is the outcome
// of its task; an Error is about the request.
#include <cstdio>

#include "flat_picture.h"
#include "weir/assemble/runtime.h"

namespace {

weir::Status run(const char* file, std::vector<weir::RequestInput> inputs) {
  WEIR_ASSIGN(auto runtime, weir::Runtime::create({}));
  weir::ModelSpec colour;
  colour.file.path = file;
  colour.family = "classify";
  colour.labels.names = {"red", "green", "blue"};
  colour.input.scale = weir::Scale{1.0 / 255};
  WEIR_TRY(runtime->submit("colour", colour));

  inputs.emplace_back(flat_picture(10, 200, 20));
  WEIR_ASSIGN(const weir::Answer answer,
              runtime->solve({.inputs = std::move(inputs), .models = {"colour"}}));
  for (const weir::Task& task : answer.tasks) {
    if (task.error) std::printf("%s\n", task.error->to_string().c_str());
    for (const weir::Finding& finding : task.findings) {
      std::printf("%s: %s %.2f\n", task.stream.c_str(),
                  std::string(task.label_name(finding, *finding.best)).c_str(),
                  static_cast<double>(finding.best->score));
    }
  }
  for (const weir::ModelRow& row : runtime->loaded()) {
    std::printf("%s: %d calls\n", row.name.c_str(), static_cast<int>(row.calls));
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::puts("usage: solve MODEL [PICTURE | FOLDER | VIDEO]..."), 2;
  const weir::Status status = run(argv[1], {argv + 2, argv + argc});
  if (!status) std::puts(status.error().to_string().c_str());
  return status ? 0 : weir::exit_code(status.error().code);
}

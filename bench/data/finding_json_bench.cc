// A task of 30 boxes with class, score and track as a line of JSON, and back. Baseline: nlohmann's
// tree, built and dumped, and parsed.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/support/paired.h"
#include "weir/data/finding_json.h"

namespace {

using weir::Box;
using weir::ClassScore;
using weir::Task;

Task street() {
  Task task{.stream = "gate", .seq = 12, .time_ms = 480.04};
  const auto labels =
      std::make_shared<const weir::LabelSet>(std::vector<std::string>{"Person", "Car", "Bicycle"});
  task.steps =
      std::make_shared<const weir::StepTable>(std::vector<weir::StepEntry>{{"objects", labels}});
  for (int i = 0; i < 30; ++i) {
    const float x = 13.37F * static_cast<float>(i);
    task.add({.step = 0,
              .box = Box{x, 0.7F * x, x + 45.1F, 0.7F * x + 101.3F},
              .best = ClassScore{i % 3, 1 / (1.1F + static_cast<float>(i))},
              .track = i});
  }
  return task;
}

std::string by_tree(const Task& task) {
  nlohmann::json tree = {{"v", 1},
                         {"stream", task.stream},
                         {"seq", task.seq},
                         {"time_ms", task.time_ms},
                         {"outcome", "done"},
                         {"findings", nlohmann::json::array()}};
  for (const weir::Finding& f : task.findings) {
    tree["findings"].push_back({{"id", f.id},
                                {"step", task.step_name(f)},
                                {"label", task.label_name(f, *f.best)},
                                {"label_id", f.best->label_id},
                                {"score", f.best->score},
                                {"box", {f.box->x1, f.box->y1, f.box->x2, f.box->y2}},
                                {"track", f.track}});
  }
  return tree.dump();
}

}  // namespace

int main(int argc, char** argv) {
  const Task task = street();
  std::string line;
  weir::append_task_json(line, task);
  const std::string text = line;
  weir::bench::register_paired(
      "finding_json/write_30", [&] { benchmark::DoNotOptimize(by_tree(task)); },
      [&] {
        line.clear();
        weir::append_task_json(line, task);
        benchmark::DoNotOptimize(line);
      },
      {.max_seconds = 3});
  weir::bench::register_paired(
      "finding_json/read_30", [&] { benchmark::DoNotOptimize(nlohmann::json::parse(text)); },
      [&] { benchmark::DoNotOptimize(weir::read_task_json(text)); }, {.max_seconds = 3});
  return weir::bench::run(argc, argv);
}

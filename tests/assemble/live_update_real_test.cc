// A real detector that goes from one back end to the other and back while it is used.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "weir/assemble/pipeline.h"
#include "weir/data/finding_json.h"

namespace weir {
namespace {

const std::string kAssets = WEIR_SOURCE_DIR "/../shared/assets/";

// What was found, as text, without the numbers of the task.
std::string found(Task task) {
  task.stream.clear();
  task.seq = 0;
  std::string text;
  append_task_json(text, task);
  return text;
}

ModelSpec detector(const std::string& backend) {
  ModelSpec spec;
  spec.file.path = kAssets + "models/detection/yolox_nano_416.onnx";
  spec.family = "yolox";
  spec.backend = backend;
  spec.labels.set = "coco";
  return spec;
}

TEST(LiveUpdateReal, EachTaskIsAnsweredByOneOfTwoBackEnds) {
  if (!std::filesystem::exists(detector("").file.path)) GTEST_SKIP() << "the assets are absent";
  const auto runtime = Runtime::create({.threads = 2, .may_pull = false}).value();
  if (!runtime->backends().find("onnxruntime") || !runtime->backends().find("openvino")) {
    GTEST_SKIP() << "two back ends are needed";
  }
  const std::string picture = kAssets + "images/street_vtest_1.jpg";
  ASSERT_TRUE(runtime->submit("detector", detector("onnxruntime")));
  std::set<std::string> answers;
  for (const char* backend : {"onnxruntime", "openvino"}) {
    ASSERT_TRUE(runtime->update("detector", detector(backend)));
    answers.insert(
        found(runtime->solve({.inputs = {picture}, .models = {"detector"}})->tasks.at(0)));
  }
  std::atomic<int> done = 0;
  std::atomic<int> strange = 0;
  std::atomic<bool> ended = false;
  {
    std::jthread asker([&] {
      while (!ended) {
        const auto answer = runtime->solve(
            {.inputs = {picture, picture, picture, picture}, .models = {"detector"}});
        for (const Task& task : answer->tasks) {
          ++done;
          if (!answers.contains(found(task))) ++strange;
        }
      }
    });
    for (int i = 0; i < 6; ++i) {
      const Status changed =
          runtime->update("detector", detector(i % 2 == 0 ? "onnxruntime" : "openvino"));
      EXPECT_TRUE(changed) << (changed ? "" : changed.error().to_string());
    }
    ended = true;
  }
  EXPECT_GT(done, 4);
  EXPECT_EQ(strange, 0);
  EXPECT_EQ(runtime->loaded().at(0).calls, static_cast<uint64_t>(done) + 2);
  EXPECT_EQ(runtime->loaded().at(0).version, 9U);
}

}  // namespace
}  // namespace weir

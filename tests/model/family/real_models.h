// Models with real weights and real pictures, from the assets beside the repository. Test-only.
//
//   WEIR_NEEDS_ASSETS("models/detection/yolox_nano_416.onnx");
//   const auto model = test::load("{file: detection/yolox_nano_416.onnx, labels: coco}");
//   const auto found = test::find(*model, test::picture("street_vtest_1.jpg"));
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "weir/assemble/runtime.h"
#include "weir/config/yaml.h"
#include "weir/media/picture.h"
#include "weir/model/lane.h"
#include "weir/model/model.h"

namespace weir::test {

inline std::string asset(const std::string& path) {
  return WEIR_SOURCE_DIR "/../shared/assets/" + path;
}

#define WEIR_NEEDS_ASSETS(path)                            \
  if (!std::filesystem::exists(::weir::test::asset(path))) \
  GTEST_SKIP() << "no " << ::weir::test::asset(path)

// One for the whole program: opening back ends takes a while.
inline Runtime& runtime() {
  static const std::unique_ptr<Runtime> shared =
      Runtime::create({.threads = 2, .may_pull = false, .take_turns = true}).value();
  return *shared;
}

// `spec` is YAML; its paths are relative to the folder of models.
inline Result<std::shared_ptr<const Model>> try_load(const std::string& spec) {
  WEIR_ASSIGN(const config::Node node, config::parse_yaml(spec, asset("models/spec.yaml")));
  WEIR_ASSIGN(const ModelSpec read, read_model_spec(node, "models.m"));
  return runtime().load_model(read, "models.m");
}

inline std::shared_ptr<const Model> load(const std::string& spec) {
  auto model = try_load(spec);
  EXPECT_TRUE(model) << spec << ": " << model.error().to_string();
  return model ? std::move(model).value() : nullptr;
}

// A folder of this program's own, gone when it ends.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::path(testing::TempDir()) /
              ("weir_families_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A file in it, for a spec's `file:`.
inline std::string scratch(const std::string& name, const std::string& bytes) {
  static const Scratch folder;
  const std::string path = (folder.path() / name).string();
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// What is said of a spec that is wrong.
inline std::string refusal(const std::string& spec) {
  const auto model = try_load(spec);
  return model ? "" : model.error().to_string();
}

inline Image picture(const std::string& name) {
  auto image = read_picture(asset("images/" + name));
  EXPECT_TRUE(image) << image.error().to_string();
  return image ? std::move(image).value() : Image();
}

// Nothing is found that the family does not say it gives: `weir check` refuses what relies on more.
inline void expect_as_declared(const Model& model, const std::vector<Finding>& found) {
  if (!model.info().gives) return;
  const Gives& gives = *model.info().gives;
  for (const Finding& finding : found) {
    const auto points = static_cast<int32_t>(finding.keypoints.size());
    const bool counted =
        std::find(gives.points.begin(), gives.points.end(), points) != gives.points.end();
    EXPECT_TRUE(gives.points.empty() ? points == 0 : counted) << points << " points";
    EXPECT_LE(finding.box.has_value(), gives.box);
    EXPECT_LE(finding.best.has_value(), gives.score);
    EXPECT_LE(finding.best && finding.best->label_id >= 0, gives.classes);
    EXPECT_LE(finding.mask.has_value(), gives.mask);
    EXPECT_EQ(!finding.text.empty(), gives.text);
    EXPECT_EQ(!finding.embedding.empty(), gives.embedding);
  }
}

inline Result<std::vector<Finding>> try_find(const Model& model, const ItemSource& item) {
  WEIR_ASSIGN(const auto lane, model.make_lane());
  std::vector<Finding> found;
  WEIR_TRY(lane->run(item, found));
  expect_as_declared(model, found);
  return found;
}

inline std::vector<Finding> find(const Model& model, const Image& image) {
  auto found = try_find(model, {.picture = &image.view()});
  EXPECT_TRUE(found) << found.error().to_string();
  return found ? std::move(found).value() : std::vector<Finding>();
}

// The numbers of an output of float32 or int64, labels being the latter; of others none.
inline std::vector<float> numbers_of(const TensorView& view) {
  const auto copied = [&](const auto* values) {
    return std::vector<float>(values, values + view.bytes() / sizeof(*values));
  };
  if (view.dtype == DType::kInt64) return copied(view.as<int64_t>());
  return view.dtype == DType::kFloat32 ? copied(view.as<float>()) : std::vector<float>();
}

// One item with everything on its way: the outputs as the back end wrote them, copied.
struct RawRun {
  std::vector<std::vector<float>> outputs;
  std::vector<Shape> shapes;
  ItemPlan plan;
  std::vector<Finding> found;
};

inline Result<RawRun> run_raw(const Model& model, const ItemSource& item) {
  RawRun run;
  WEIR_ASSIGN(const auto session, model.parts()[0]->make_session());
  std::vector<Shape> shapes(session->input_count());
  WEIR_TRY(model.family().shape_for(item, shapes));
  std::vector<TensorView> inputs;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    WEIR_TRY(session->set_input_shape(i, shapes[i]));
    inputs.push_back(session->input(i));
  }
  WEIR_TRY(model.family().prepare(item, inputs, run.plan));
  WEIR_TRY(session->run());
  std::vector<TensorView> outputs;
  for (std::size_t i = 0; i < session->output_count(); ++i) {
    outputs.push_back(session->output(i));
    run.shapes.push_back(outputs.back().shape);
    run.outputs.push_back(numbers_of(outputs.back()));
  }
  WEIR_TRY(model.family().interpret(outputs, item, run.plan, run.found));
  return run;
}

// How many of each class, by its label.
using Counts = std::map<std::string, int>;
inline Counts counts(const Model& model, const std::vector<Finding>& found) {
  Counts counts;
  for (const Finding& finding : found) {
    ++counts[std::string(model.labels()->name(finding.best->label_id))];
  }
  return counts;
}

}  // namespace weir::test

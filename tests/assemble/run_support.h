// What the tests of whole runs share: a Runtime with a model that finds a box in every picture, and
// a folder with media that goes with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/assemble/run_pipeline.h"
#include "weir/backend/fake/fake_backend.h"
#include "weir/media/picture.h"
#include "weir/media/video_writer.h"
#include "weir/model/family/one_input.h"
#include "weir/model/picture_input.h"

namespace weir::testing {

namespace fs = std::filesystem;

// Finds one box in every picture.
class OneBoxFamily final : public family::OneInput<PictureInput> {
 public:
  using OneInput::OneInput;

  Status interpret(std::span<const TensorView>, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    found.push_back({.box = Box{0, 0, 4, 4}, .best = ClassScore{0, 0.9F}});
    return {};
  }
};

inline FamilyInfo one_box_family() {
  FamilyInfo info;
  info.name = "one-box";
  info.labels.names = {"thing"};
  info.make = [](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0], {}));
    return std::make_unique<const OneBoxFamily>(std::move(picture));
  };
  return info;
}

class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    std::string pattern = (fs::temp_directory_path() / "weir_run_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(at("m.fake")) << "weir-fake 1\ninput x float32 1x3x4x16\noutput y = identity x\n";
    have_threads(2);
  }
  ~RunTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  void write_pictures(const std::vector<std::string>& names) const {
    const Image picture = Image::allocate(PixelFormat::kBgr, 16, 8).value();
    for (const std::string& name : names) ASSERT_TRUE(write_picture(picture, at(name)));
  }
  void write_video(const std::string& name, int frames) const {
    VideoWriter video = VideoWriter::open(at(name), 32, 16, {.fps = 50}).value();
    const Image picture = Image::allocate(PixelFormat::kBgr, 32, 16).value();
    for (int i = 0; i < frames; ++i) ASSERT_TRUE(video.write(picture.view(), 20.0 * i));
    ASSERT_TRUE(video.close());
  }

  void have_threads(int threads) {
    runtime_ = Runtime::create({.threads = threads, .may_pull = false}).value();
    EXPECT_TRUE(runtime_->families().add(one_box_family()));
  }

  std::unique_ptr<Pipeline> make(const std::string& rest,
                                 const std::string& steps = "steps: {things: {model: m}}\n",
                                 const std::string& family = "one-box") {
    const std::string head = "models: {m: {file: m.fake, family: " + family + "}}\n" + steps;
    const auto root = config::load_text(head + rest, at("p.yaml"));
    EXPECT_TRUE(root) << root.error().to_string();
    auto spec = read_pipeline_spec(*root);
    EXPECT_TRUE(spec) << spec.error().to_string();
    auto pipe = Pipeline::make(*runtime_, std::move(spec).value());
    EXPECT_TRUE(pipe) << pipe.error().to_string();
    return std::move(pipe).value();
  }

  // How many of each stream ended well, and what is wrong with the others.
  struct Seen {
    std::map<std::string, int> done;
    std::vector<std::string> errors;
  };
  static RunOptions seeing(Seen& seen) {
    RunOptions options;
    options.on_task = [&seen](const Task& task) {
      if (task.error) {
        seen.errors.push_back(task.error->to_string());
      } else {
        ++seen.done[task.stream];
      }
    };
    return options;
  }

  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace weir::testing

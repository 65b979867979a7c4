// Models on a device: their runs are started without waiting, one more than run at the same time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/assemble/level_family.h"
#include "weir/assemble/pipeline.h"
#include "weir/backend/fake/fake_backend.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The fake back end under a name of its own, so that a test holds its strings.
class HeldBackend final : public Backend {
 public:
  explicit HeldBackend(std::shared_ptr<FakeControl> control) : fake_(std::move(control)) {}
  std::string_view name() const override { return "held"; }
  std::string_view description() const override { return fake_.description(); }
  std::string version() const override { return fake_.version(); }
  std::vector<std::string> file_types() const override { return {".held"}; }
  const Capabilities& capabilities() const override { return fake_.capabilities(); }
  std::vector<DeviceInfo> devices() const override { return fake_.devices(); }
  const std::vector<OptionInfo>& options() const override { return fake_.options(); }
  Result<std::shared_ptr<const LoadedModel>> open(const BackendSpec& spec) override {
    return fake_.open(spec);
  }

 private:
  FakeBackend fake_;
};

// Runs its graph twice.
class TwiceFamily final : public test::LevelFamily, public OwnInfer {
 public:
  using LevelFamily::LevelFamily;
  Status infer(std::span<Session* const> sessions) const override {
    WEIR_TRY(sessions.front()->run());
    return sessions.front()->run();
  }
};

FamilyInfo twice_family() {
  FamilyInfo info = test::level_family();
  info.name = "twice";
  info.make = [](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0], {}));
    return std::make_unique<const TwiceFamily>(std::move(picture), std::vector<Box>{{0, 0, 4, 8}});
  };
  return info;
}

class DeviceTest : public testing::Test {
 protected:
  DeviceTest() : folder_(fs::path(testing::TempDir()) / ("device_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "m.held")
        << "weir-fake 1\ninput x float32 ?x3x4x8\noutput y = scale x 1 0\n";
    runtime_ = Runtime::create({.threads = 2, .may_pull = false}).value();
    EXPECT_TRUE(runtime_->families().add(test::level_family(2)));
    EXPECT_TRUE(runtime_->families().add(twice_family()));
    EXPECT_TRUE(runtime_->backends().add(std::make_unique<HeldBackend>(control_)));
  }
  ~DeviceTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Pipeline> make(const std::string& model) {
    const auto root =
        config::load_text("models: {m: {file: m.held, " + model + "}}\nsteps: {a: m}\n",
                          (folder_ / "p.yaml").string());
    EXPECT_TRUE(root) << root.error().to_string();
    auto pipe = Pipeline::make(*runtime_, read_pipeline_spec(*root).value());
    EXPECT_TRUE(pipe) << pipe.error().to_string();
    return std::move(pipe).value();
  }
  void wait_until_held(std::size_t count) {
    while (control_->held_starts() < count) std::this_thread::yield();
  }

  const std::shared_ptr<FakeControl> control_ = std::make_shared<FakeControl>();
  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(DeviceTest, IsFedOneRunAheadByNobodyWhoWaits) {
  const auto pipe = make("family: level, device: 'fake:0', instances: 2");
  control_->hold_starts(true);
  const flow::StreamId stream = pipe->open_stream({.credits = 6}).value();
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(pipe->post(stream, {.input = test::grey(i)}));
  wait_until_held(3);  // two lanes and one more
  EXPECT_EQ(control_->runs(), 0);
  for (int i = 0; i < 6; ++i) {
    wait_until_held(1);
    ASSERT_TRUE(control_->complete_start());
    EXPECT_LE(control_->held_starts(), 3U);
  }
  for (int i = 0; i < 6; ++i) {
    const Task done = pipe->wait(stream).value();
    ASSERT_EQ(done.findings.size(), 2U);
    EXPECT_EQ(done.findings[0].best->score, static_cast<float>(i));
  }
  EXPECT_EQ(runtime_->loaded().at(0).calls, 6U);
}

TEST_F(DeviceTest, AFamilyThatRunsItsModelItselfIsCalledNotStarted) {
  const auto pipe = make("family: twice, device: 'fake:0'");
  control_->hold_starts(true);  // what was started would never end
  const flow::StreamId stream = pipe->open_stream({.credits = 3}).value();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pipe->post(stream, {.input = test::grey(i)}));
  for (int i = 0; i < 3; ++i) {
    const Task done = pipe->wait(stream).value();
    ASSERT_EQ(done.findings.size(), 1U);
    EXPECT_EQ(done.findings[0].best->score, static_cast<float>(i));
  }
  EXPECT_EQ(control_->runs(), 6);
}

TEST_F(DeviceTest, ABatchThatFailsIsStartedOneByOne) {
  const auto pipe = make("family: level, device: 'fake:0', batch: 4, instances: 1");
  control_->hold_starts(true);
  const flow::StreamId stream = pipe->open_stream({.credits = 9}).value();
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(pipe->post(stream, {.input = test::grey(i)}));
  wait_until_held(2);
  control_->hold_starts(false);
  control_->fail_next(FakeFailure::kThrow, 2);  // those that are held
  while (control_->complete_start()) {
  }
  int failed = 0;
  for (int i = 0; i < 9; ++i) {
    const Task done = pipe->wait(stream).value();
    if (done.outcome == Outcome::kFailed) {
      ++failed;
      EXPECT_THAT(done.error->to_string(), HasSubstr("told to throw"));
      continue;
    }
    ASSERT_EQ(done.findings.size(), 2U);
    EXPECT_EQ(done.findings[0].best->score, static_cast<float>(i));
  }
  EXPECT_LE(failed, 2) << "only a run of one item may fail its task";
}

}  // namespace
}  // namespace weir

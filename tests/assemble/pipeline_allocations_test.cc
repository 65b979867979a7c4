// What a pipeline takes from the heap for each task, once it is warm: the list of findings that the
// user is given, and nothing else of ours.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <string>

#include "tests/assemble/level_family.h"
#include "tests/support/counted_heap.h"
#include "weir/assemble/pipeline.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

struct StepsCase {
  const char* name;
  const char* steps;
  int device_runs = 0;  // for each task
  friend void PrintTo(const StepsCase& row, std::ostream* out) { *out << row.name; }
};

class PipelineAllocations : public testing::TestWithParam<StepsCase> {
 protected:
  PipelineAllocations()
      : folder_(fs::path(testing::TempDir()) / ("heap_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    test::write_level_model((folder_ / "m.fake").string(), 0);
    runtime_ = Runtime::create({.threads = 2, .may_pull = false}).value();
    EXPECT_TRUE(runtime_->families().add(test::level_family(4)));
  }
  ~PipelineAllocations() override { fs::remove_all(folder_); }

  std::unique_ptr<Pipeline> make(const std::string& steps) {
    const auto root = config::load_text(
        "models: {m: {file: m.fake, family: level}, d: {file: m.fake, family: level, device: "
        "'fake:0'}}\n" +
            steps,
        (folder_ / "p.yaml").string());
    EXPECT_TRUE(root) << root.error().to_string();
    auto spec = read_pipeline_spec(*root);
    EXPECT_TRUE(spec) << spec.error().to_string();
    return Pipeline::make(*runtime_, std::move(spec).value()).value();
  }

  // What the fake device itself takes for a run: its copies.
  uint64_t calls_of_a_device_run() {
    OpenRequest request{.model = (folder_ / "m.fake").string()};
    request.spec.device = {Device::Kind::kFake, 0};
    const auto model = runtime_->open_model(request).value();
    const auto session = model->make_session().value();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(session->run());
    const uint64_t before = test::heap_use().calls;
    EXPECT_TRUE(session->run());
    return test::heap_use().calls - before;
  }

  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_P(PipelineAllocations, AreThoseOfTheResult) {
  constexpr int kTasks = 300;
  const auto pipe = make(GetParam().steps);
  const flow::StreamId stream = pipe->open_stream({.credits = 3}).value();
  const Image picture = test::grey(200);
  const auto run = [&](int tasks) {
    for (int i = 0; i < tasks; ++i) {
      for (int n = 0; n < 3; ++n) ASSERT_TRUE(pipe->post(stream, {.input = picture}));
      for (int n = 0; n < 3; ++n) {
        const auto done = pipe->wait(stream);
        ASSERT_TRUE(done);
        ASSERT_GE(done->findings.size(), 4U);
      }
    }
  };
  run(100);  // until every worker, lane and pooled task has seen work
  const uint64_t before = test::heap_use().calls;
  run(kTasks / 3);
  const uint64_t calls = test::heap_use().calls - before;
  // A task that overtakes may need one thing more than were ever needed at the same time.
  const uint64_t of_device =
      GetParam().device_runs == 0
          ? 0
          : static_cast<uint64_t>(GetParam().device_runs) * kTasks * calls_of_a_device_run();
  EXPECT_LE(calls, kTasks + kTasks / 20 + of_device * 21 / 20);
}

INSTANTIATE_TEST_SUITE_P(
    All, PipelineAllocations,
    testing::Values(
        StepsCase{"frame", "steps: {a: m}"},
        StepsCase{"keep", "steps: {a: {model: m, keep: {min_side: 2, min_score: 0.5}}}"},
        StepsCase{"items", "steps: {a: m, b: {model: m, on: a}}"},
        StepsCase{"side_by_side", "steps: {a: m, b: m, c: {model: m, on: [a, b]}}"},
        StepsCase{"every", "steps: {a: {model: m, every: 3}}"},
        StepsCase{"track", "steps: {a: m, t: {track: sort, on: a}}"},
        StepsCase{"per_track",
                  "steps: {a: m, t: {track: bytetrack, on: a}, b: {model: m, on: t, "
                  "per: track, every: 5}}"},
        StepsCase{"three_stages", "flow: {executors: three}\nsteps: {a: m, b: {model: m, on: a}}"},
        StepsCase{"device", "steps: {a: d, b: {model: d, on: a}}", 5}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace weir

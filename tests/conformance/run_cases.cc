// Running: memory, threads, lifetimes, reports.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/conformance/conformance.h"

namespace weir::conformance {
namespace {

void two_hundred_runs_from_eight_threads_are_equal(Bench& bench) {
  constexpr int kThreads = 8;
  constexpr int kRuns = 25;
  const auto model = bench.open(bench.spec(add_one(DType::kFloat32, {-1, 64})));
  ASSERT_NE(model, nullptr);
  std::atomic<int> equal = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      auto session = model->make_session();
      if (!session) return;
      for (int run = 0; run < kRuns; ++run) {
        const int64_t batch = 1 + (t + run) % 3;
        if (!(*session)->set_input_shape(0, {batch, 64})) return;
        float* x = (*session)->input(0).as<float>();
        for (int64_t i = 0; i < batch * 64; ++i) x[i] = static_cast<float>(t * 1000 + run + i);
        if (!(*session)->run()) return;
        bool same = (*session)->output(0).shape == Shape{batch, 64};
        const float* y = (*session)->output(0).as<float>();
        for (int64_t i = 0; i < batch * 64 && same; ++i) same = y[i] == x[i] + 1;
        if (same) ++equal;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(equal, kThreads * kRuns);
}

void sessions_do_not_see_each_other(Bench& bench) {
  const auto model = bench.open(bench.spec(add_one(DType::kFloat32, {2})));
  ASSERT_NE(model, nullptr);
  auto a = model->make_session();
  auto b = model->make_session();
  ASSERT_TRUE(a && b);
  EXPECT_NE((*a)->input(0).data, (*b)->input(0).data);
  (*a)->input(0).as<float>()[0] = 1;
  (*b)->input(0).as<float>()[0] = 5;
  ASSERT_TRUE((*a)->run());
  ASSERT_TRUE((*b)->run());
  EXPECT_EQ((*a)->output(0).as<float>()[0], 2.0F);
  EXPECT_EQ((*b)->output(0).as<float>()[0], 6.0F);
}

void bound_memory_is_read_in_place(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {-1}));
  ASSERT_NE(session, nullptr);
  alignas(64) float first[4] = {1, 2, 3, 4};
  alignas(64) float second[2] = {7, 8};
  ASSERT_TRUE(session->bind_input(0, {first, DType::kFloat32, {4}, {}, {}}));
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[3], 5.0F);
  first[3] = 40;
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[3], 41.0F);
  ASSERT_TRUE(session->bind_input(0, {second, DType::kFloat32, {2}, {}, {}}));
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).shape, (Shape{2}));
  EXPECT_EQ(session->output(0).as<float>()[1], 9.0F);
  ASSERT_TRUE(session->set_input_shape(0, {1}));
  session->input(0).as<float>()[0] = 3;
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[0], 4.0F);
}

void outputs_last_until_the_next_run_of_this_session(Bench& bench) {
  const auto model = bench.open(bench.spec(add_one(DType::kFloat32, {2})));
  ASSERT_NE(model, nullptr);
  auto a = model->make_session();
  auto b = model->make_session();
  ASSERT_TRUE(a && b);
  (*a)->input(0).as<float>()[0] = 1;
  ASSERT_TRUE((*a)->run());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE((*b)->run());
  EXPECT_EQ((*a)->output(0).as<float>()[0], 2.0F);
}

void a_session_outlives_model_and_back_end(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {1}));
  ASSERT_NE(session, nullptr);
  bench.drop_backend();
  session->input(0).as<float>()[0] = 1;
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[0], 2.0F);
}

void warming_up_leaves_no_output(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {1}));
  ASSERT_NE(session, nullptr);
  ASSERT_TRUE(session->warm_up(3));
  EXPECT_EQ(session->output(0).data, nullptr);
  ASSERT_TRUE(session->run());
  EXPECT_NE(session->output(0).data, nullptr);
}

void opening_and_closing_again_and_again(Bench& bench) {
  for (int i = 0; i < 20; ++i) {
    auto session = bench.session(add_one(DType::kFloat32, {1}));
    ASSERT_NE(session, nullptr);
    ASSERT_TRUE(session->run());
  }
}

void two_back_ends_of_a_kind_live_side_by_side(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {1}));
  for (const Subject& subject : subjects()) {
    if (subject.name != bench.backend().name()) continue;
    Bench other(subject);
    auto second = other.session(add_one(DType::kFloat32, {1}));
    ASSERT_NE(second, nullptr);
    bench.drop_backend();
    ASSERT_TRUE(second->run());
    break;
  }
  ASSERT_TRUE(session->run());
}

void equal_inputs_give_equal_bits(Bench& bench) {
  BackendSpec spec = bench.spec(add_one(DType::kFloat32, {16}));
  spec.deterministic = true;
  auto session = bench.session(spec);
  ASSERT_NE(session, nullptr);
  fill(session->input(0), 5);
  ASSERT_TRUE(session->run());
  const std::string first(raw(session->output(0)));
  ASSERT_TRUE(session->run());
  EXPECT_EQ(raw(session->output(0)), first);
}

void the_report_tells_what_runs(Bench& bench) {
  const auto model = bench.open(bench.spec(add_one(DType::kFloat32, {2})));
  ASSERT_NE(model, nullptr);
  const ModelReport& report = model->report();
  EXPECT_EQ(report.backend, bench.backend().name());
  EXPECT_EQ(report.version, bench.backend().version());
  EXPECT_EQ(report.device, Device{});
  EXPECT_NE(report.precision, "");
  EXPECT_EQ(report.intra_op_threads, 1);
  EXPECT_GT(model->memory_bytes(), 0u);
  if (!bench.able().reports_placement) return;
  int nodes = 0;
  for (const Placement& placement : report.placements) nodes += placement.nodes;
  EXPECT_GE(nodes, 1);
}

void the_back_end_describes_itself(Bench& bench) {
  Backend& backend = bench.backend();
  EXPECT_FALSE(backend.description().empty());
  EXPECT_FALSE(backend.version().empty());
  EXPECT_FALSE(backend.file_types().empty());
  EXPECT_FALSE(bench.able().dtypes.empty());
  for (const OptionInfo& option : backend.options()) EXPECT_FALSE(option.help.empty());
  bool cpu = false;
  for (const DeviceInfo& device : backend.devices()) {
    cpu |= device.device.is_cpu() && device.usable;
    EXPECT_NE(device.usable, !device.missing.empty()) << device.name;
    // Whoever lets this suite run on a GPU or NPU may say that one is verified.
    const bool ran = device.device.is_cpu() || device.device.kind == Device::Kind::kFake;
    EXPECT_EQ(device.verified_on_hardware, ran) << to_string(device.device);
  }
  EXPECT_TRUE(cpu);
}

void a_cancel_without_a_run_does_nothing(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {1}));
  ASSERT_NE(session, nullptr);
  session->cancel();
  EXPECT_TRUE(session->run());
}

void an_asynchronous_start_calls_back_once(Bench& bench) {
  BackendSpec spec = bench.spec(add_one(DType::kFloat32, {-1}));
  spec.intra_op_threads = 2;  // one of them runs what was started
  auto session = bench.session(spec);
  ASSERT_NE(session, nullptr);
  for (int i = 0; i < 12; ++i) {
    const int count = 1 + i / 4;
    ASSERT_TRUE(session->set_input_shape(0, {count}));
    for (int k = 0; k < count; ++k) session->input(0).as<float>()[k] = static_cast<float>(i + k);
    std::promise<bool> done;
    ASSERT_TRUE(session->start([&](Status status) { done.set_value(bool(status)); }));
    ASSERT_TRUE(done.get_future().get());
    ASSERT_EQ(session->output(0).shape, Shape({count}));
    for (int k = 0; k < count; ++k) {
      EXPECT_EQ(session->output(0).as<float>()[k], static_cast<float>(i + k + 1));
    }
  }
}

}  // namespace

std::vector<Case> run_cases() {
  const auto needs_async = [](const Capabilities& able, Form) {
    return std::string(able.async ? "" : "it has no asynchronous start");
  };
  return {
      {"TwoHundredRunsFromEightThreadsAreEqual", needs_nothing,
       two_hundred_runs_from_eight_threads_are_equal},
      {"SessionsDoNotSeeEachOther", needs_nothing, sessions_do_not_see_each_other},
      {"BoundMemoryIsReadInPlace", needs_nothing, bound_memory_is_read_in_place},
      {"OutputsLastUntilTheNextRunOfThisSession", needs_nothing,
       outputs_last_until_the_next_run_of_this_session},
      {"ASessionOutlivesModelAndBackEnd", needs_nothing, a_session_outlives_model_and_back_end},
      {"WarmingUpLeavesNoOutput", needs_nothing, warming_up_leaves_no_output},
      {"OpeningAndClosingAgainAndAgain", needs_nothing, opening_and_closing_again_and_again},
      {"TwoBackEndsOfAKindLiveSideBySide", needs_nothing,
       two_back_ends_of_a_kind_live_side_by_side},
      {"EqualInputsGiveEqualBits", needs_nothing, equal_inputs_give_equal_bits},
      {"TheReportTellsWhatRuns", needs_nothing, the_report_tells_what_runs},
      {"TheBackEndDescribesItself", needs_nothing, the_back_end_describes_itself},
      {"ACancelWithoutARunDoesNothing", needs_nothing, a_cancel_without_a_run_does_nothing},
      {"AnAsynchronousStartCallsBackOnce", needs_async, an_asynchronous_start_calls_back_once},
  };
}

}  // namespace weir::conformance

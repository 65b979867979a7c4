#include "weir/backend/fake/fake_backend.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <thread>

#include "tests/backend/fake_fixture.h"
#include "weir/backend/fake/fake_ops.h"

namespace weir {
namespace {

using test::fake_session;
using test::fake_spec;
using testing::HasSubstr;

constexpr std::string_view kPlain = "input x float32 2\noutput y = scale x 1 1\n";

TEST(FakeBackend, AddsScalesCopiesAndFindsWhatIsNotZero) {
  FakeBackend backend;
  auto session = fake_session(backend, fake_spec("input a int32 ?x2   # two\n"
                                                 "input b int32 2\n"
                                                 "output sum = add a b\n"
                                                 "output less = scale a 0.5 -1\n"
                                                 "output same = identity b\n"
                                                 "output where = nonzero a\n"));
  ASSERT_TRUE(session->set_input_shape(0, {2, 2}));
  const int a[] = {10, 0, 30, 40};
  std::copy(a, a + 4, session->input(0).as<int32_t>());
  session->input(1).as<int32_t>()[0] = 1;
  session->input(1).as<int32_t>()[1] = 2;
  ASSERT_TRUE(session->run());
  const auto values = [&](std::size_t i) {
    const int32_t* data = session->output(i).as<int32_t>();
    return std::vector<int32_t>(data, data + session->output(i).bytes() / 4);
  };
  EXPECT_EQ(values(0), (std::vector<int32_t>{11, 2, 31, 42}));
  EXPECT_EQ(values(1), (std::vector<int32_t>{4, -1, 14, 19}));
  EXPECT_EQ(values(2), (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(session->output(3).shape, (Shape{3, 2}));
  EXPECT_EQ(session->output(3).as<int64_t>()[5], 1);
}

TEST(FakeBackend, HalvesAndBfloatsRoundToNearest) {
  for (const float value : {0.0F, 1.0F, -2.5F, 65504.0F, 6.1e-5F, 5.96e-8F}) {
    EXPECT_NEAR(half_to_float(float_to_half(value)), value, std::fabs(value) * 1e-3F + 1e-9F);
    EXPECT_NEAR(bfloat16_to_float(float_to_bfloat16(value)), value, std::fabs(value) * 4e-3F);
  }
  EXPECT_EQ(float_to_half(1e6F), 0x7c00);
  EXPECT_EQ(float_to_half(2047.9F / 2048), 0x3c00) << "carries into the exponent";
  EXPECT_TRUE(std::isnan(half_to_float(float_to_half(NAN))));
  EXPECT_TRUE(std::isnan(bfloat16_to_float(float_to_bfloat16(NAN))));
}

TEST(FakeBackend, AWrongTextNamesTheLineAndTheNearestWord) {
  struct Case {
    std::string_view lines;
    std::string_view says;
  };
  const Case cases[] = {
      {"input x float32 2\noutput y = scael x 1 1\n", "test.fake:3: "},
      {"input x float32 2\noutput y = scael x 1 1\n", "did you mean 'scale'?"},
      {"input x float33 2\n", "test.fake:2: unknown element type 'float33'"},
      {"input x float32 2\noutput y = identity z\n", "no input 'z'"},
      {"inptu x float32 2\n", "did you mean 'input'?"},
      {"delay_ms soon\n", "'soon' is not a number"},
      {"input x float32 2\n", "needs an input and an output"},
      {"input x float32 2\ninput z int8 2\noutput y = add x z\n", "one element type"},
  };
  FakeBackend backend;
  for (const Case& c : cases) {
    const auto model = backend.open(fake_spec(c.lines));
    ASSERT_FALSE(model) << c.lines;
    EXPECT_EQ(model.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(model.error().to_string(), HasSubstr(std::string(c.says)));
  }
}

TEST(FakeBackend, FailsInTheWayThatItIsTold) {
  auto control = std::make_shared<FakeControl>();
  FakeBackend backend(control);
  auto session = fake_session(backend, fake_spec(kPlain));
  control->fail_next(FakeFailure::kError);
  EXPECT_EQ(session->run().error().message, "told to fail");
  control->fail_next(FakeFailure::kThrow, 2);
  EXPECT_EQ(session->run().error().message, "the back end threw: told to throw");
  EXPECT_FALSE(session->run());
  control->fail_next(FakeFailure::kNan);
  ASSERT_TRUE(session->run());
  EXPECT_TRUE(std::isnan(session->output(0).as<float>()[0]));
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[0], 1.0F);
}

TEST(FakeBackend, FailsEveryThirdRunByOption) {
  FakeBackend backend;
  BackendSpec spec = fake_spec(kPlain);
  spec.options = {{"fail", "error"}, {"fail_every", "3"}};
  auto session = fake_session(backend, spec);
  std::string runs;
  for (int i = 0; i < 6; ++i) runs += session->run() ? '.' : 'x';
  EXPECT_EQ(runs, "..x..x");
}

TEST(FakeBackend, AHangEndsWhenStoppedOrCancelled) {
  for (const bool by_cancel : {false, true}) {
    auto control = std::make_shared<FakeControl>();
    FakeBackend backend(control);
    auto session = fake_session(backend, fake_spec(kPlain));
    control->fail_next(FakeFailure::kHang);
    auto run = std::async(std::launch::async, [&] { return session->run(); });
    while (control->runs() == 0) std::this_thread::yield();
    // A stop that comes before the run hangs is not for it: so again until it has ended.
    while (run.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
      if (by_cancel) {
        session->cancel();
      } else {
        control->stop_hangs();
      }
    }
    EXPECT_EQ(run.get().error().code, ErrorCode::kCancelled);
    EXPECT_TRUE(session->run());
  }
}

TEST(FakeBackend, ADelayPassesOnTheInjectedClock) {
  FakeClock clock;
  auto control = std::make_shared<FakeControl>(clock);
  FakeBackend backend(control);
  auto session = fake_session(backend, fake_spec(std::string(kPlain) + "delay_ms 5\n"));
  std::atomic<bool> ended = false;
  std::thread runner([&] {
    EXPECT_TRUE(session->run());
    ended = true;
  });
  while (control->runs() == 0) std::this_thread::yield();
  EXPECT_FALSE(ended);
  while (!ended) {
    clock.advance_ns(1'000'000);
    control->tick();
    std::this_thread::yield();
  }
  runner.join();
  EXPECT_GE(clock.now_ns(), 5'000'000);
}

TEST(FakeBackend, AStartCompletesFromItsOwnThread) {
  FakeBackend backend;
  auto session = fake_session(backend, fake_spec(kPlain));
  std::promise<std::thread::id> done;
  ASSERT_TRUE(session->start([&](Status status) {
    EXPECT_TRUE(status);
    done.set_value(std::this_thread::get_id());
  }));
  EXPECT_NE(done.get_future().get(), std::this_thread::get_id());
  EXPECT_EQ(session->output(0).as<float>()[0], 1.0F);
}

TEST(FakeBackend, AHeldStartCompletesWhenTold) {
  auto control = std::make_shared<FakeControl>();
  FakeBackend backend(control);
  auto session = fake_session(backend, fake_spec(kPlain));
  control->hold_starts(true);
  bool done = false;
  ASSERT_TRUE(session->start([&](Status status) { done = bool(status); }));
  EXPECT_EQ(control->held_starts(), 1u);
  EXPECT_FALSE(done);
  EXPECT_TRUE(control->complete_start());
  EXPECT_TRUE(done);
  EXPECT_FALSE(control->complete_start());
}

TEST(FakeBackend, TheDeviceHasMemoryOfItsOwn) {
  FakeBackend backend;
  BackendSpec spec = fake_spec(kPlain);
  spec.device = {Device::Kind::kFake, 0};
  SessionSpec by_hand;
  by_hand.explicit_copies = true;
  auto session = fake_session(backend, spec, by_hand);
  session->input(0).as<float>()[0] = 4;
  ASSERT_TRUE(session->run());
  ASSERT_TRUE(session->download());
  EXPECT_NE(session->output(0).as<float>()[0], 5.0F) << "the 4 was never uploaded";
  ASSERT_TRUE(session->upload());
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).device, spec.device);
  ASSERT_TRUE(session->download());
  EXPECT_TRUE(session->output(0).device.is_cpu());
  EXPECT_EQ(session->output(0).as<float>()[0], 5.0F);

  auto upload_first = fake_session(backend, spec, by_hand);
  upload_first->input(0).as<float>()[0] = 6;
  ASSERT_TRUE(upload_first->upload());
  ASSERT_TRUE(upload_first->run());
  ASSERT_TRUE(upload_first->download());
  EXPECT_EQ(upload_first->output(0).as<float>()[0], 7.0F);

  auto by_itself = fake_session(backend, spec);
  by_itself->input(0).as<float>()[0] = 4;
  ASSERT_TRUE(by_itself->run());
  EXPECT_EQ(by_itself->output(0).as<float>()[0], 5.0F);
}

TEST(FakeBackend, ABatchThatTheFilePromisedAndTheModelRefusesIsAClearError) {
  FakeBackend backend;
  BackendSpec spec =
      fake_spec("input x float32 ?x3\noutput y = identity x\nmax_batch 1\nmeta author somebody\n");
  auto session = fake_session(backend, spec);
  EXPECT_EQ(session->model().metadata().at("author"), "somebody");
  ASSERT_TRUE(session->set_input_shape(0, {2, 3}));
  EXPECT_THAT(session->run().error().message, HasSubstr("refuses a batch of 2"));
  spec.shapes["x"] = {{1, 3}, {1, 3}, {4, 3}};
  EXPECT_THAT(backend.open(spec).error().message, HasSubstr("refuses a batch of 4"));
}

TEST(FakeBackend, ReachesNoOtherDeviceAndNoPrecision) {
  FakeBackend backend;
  BackendSpec spec = fake_spec(kPlain);
  spec.device = {Device::Kind::kCuda, 0};
  EXPECT_EQ(backend.open(spec).error().code, ErrorCode::kUnavailable);
  spec = fake_spec(kPlain);
  spec.precision = Precision::kInt8;
  EXPECT_EQ(backend.open(spec).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace weir

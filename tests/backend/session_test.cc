// What every session checks and keeps, seen through the fake back end.
#include "weir/backend/session.h"

#include <gmock/gmock.h>

#include <vector>

#include "tests/backend/fake_fixture.h"

namespace weir {
namespace {

using test::fake_session;
using test::fake_spec;
using testing::HasSubstr;

constexpr std::string_view kDouble = "input x float32 ?x3\noutput y = scale x 2 0\n";

TEST(Session, AStaticInputHasZeroedMemoryFromTheStart) {
  FakeBackend backend;
  auto session = fake_session(backend, fake_spec("input x float32 2x2\noutput y = identity x\n"));
  ASSERT_NE(session->input(0).data, nullptr);
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[3], 0.0F);
}

TEST(Session, ADynamicInputSaysThatItHasNoShapeYet) {
  FakeBackend backend;
  auto session = fake_session(backend, fake_spec(kDouble));
  EXPECT_EQ(session->input(0).data, nullptr);
  const Status status = session->run();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().to_string(), HasSubstr("input 0 ('x') has no shape yet: ?x3"));
}

TEST(Session, AShapeIsSetPerRunAndTheOutputFollows) {
  FakeBackend backend;
  auto session = fake_session(backend, fake_spec(kDouble));
  for (const int64_t batch : {1, 4, 2, 0}) {
    ASSERT_TRUE(session->set_input_shape(0, {batch, 3}));
    for (int64_t i = 0; i < batch * 3; ++i) session->input(0).as<float>()[i] = float(i);
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).shape, (Shape{batch, 3}));
    if (batch > 0) {
      EXPECT_EQ(session->output(0).as<float>()[batch * 3 - 1], float(batch * 3 - 1) * 2);
    }
  }
}

TEST(Session, WrongShapesAndInputsAreRefusedWithWhatIsExpected) {
  FakeBackend backend;
  auto session = fake_session(backend, fake_spec(kDouble));
  const auto message = [&](std::size_t i, const Shape& shape) {
    const Status status = session->set_input_shape(i, shape);
    return status ? std::string() : status.error().to_string();
  };
  EXPECT_THAT(message(0, {1, 4}), HasSubstr("input 0 ('x') is ?x3, not 1x4"));
  EXPECT_THAT(message(0, {1, 3, 1}), HasSubstr("not 1x3x1"));
  EXPECT_THAT(message(0, {-1, 3}), HasSubstr("without open sizes"));
  EXPECT_THAT(message(1, {1, 3}), HasSubstr("no input 1"));
  EXPECT_THAT(message(0, {int64_t{1} << 60, 3}), HasSubstr("larger than the limit"));
  EXPECT_THAT(message(0, {int64_t{1} << 62, 3}), HasSubstr("absurd"));
}

TEST(Session, BoundMemoryIsReadInPlaceAndCheckedFirst) {
  FakeBackend backend;
  auto session = fake_session(backend, fake_spec(kDouble));
  std::vector<float> pixels = {1, 2, 3};
  TensorView view{pixels.data(), DType::kFloat32, {1, 3}, {}, {}};
  ASSERT_TRUE(session->bind_input(0, view));
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[2], 6.0F);
  pixels[2] = 5;
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[2], 10.0F);

  TensorView wrong = view;
  wrong.dtype = DType::kInt32;
  EXPECT_THAT(session->bind_input(0, wrong).error().message, HasSubstr("is float32, not int32"));
  wrong = view;
  wrong.strides = {6, 2};
  EXPECT_THAT(session->bind_input(0, wrong).error().message, HasSubstr("must be dense"));
  wrong = view;
  wrong.data = nullptr;
  EXPECT_THAT(session->bind_input(0, wrong).error().message, HasSubstr("no memory"));
  wrong = view;
  wrong.device = {Device::Kind::kCuda, 0};
  EXPECT_THAT(session->bind_input(0, wrong).error().message, HasSubstr("lies on cuda:0"));

  ASSERT_TRUE(session->lease_input(0));
  EXPECT_NE(session->input(0).data, pixels.data());
  EXPECT_EQ(session->input(0).shape, (Shape{1, 3}));
}

TEST(Session, ARangeStartsAtOptAndItsMemoryNeverMoves) {
  FakeBackend backend;
  BackendSpec spec = fake_spec(kDouble);
  spec.shapes["x"] = {{1, 3}, {2, 3}, {8, 3}};
  auto session = fake_session(backend, spec);
  EXPECT_EQ(session->input(0).shape, (Shape{2, 3}));
  const void* memory = session->input(0).data;
  ASSERT_TRUE(session->run());
  const void* result = session->output(0).data;
  for (const int64_t batch : {8, 1, 5}) {
    ASSERT_TRUE(session->set_input_shape(0, {batch, 3}));
    EXPECT_EQ(session->input(0).data, memory);
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).data, result);
  }
  for (const int64_t batch : {0, 9}) {
    const Status status = session->set_input_shape(0, {batch, 3});
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("the range is 1x3 to 8x3"));
  }
}

TEST(Session, OutputsAreEmptyBeforeARunAfterAFailureAndAfterRelease) {
  auto control = std::make_shared<FakeControl>();
  FakeBackend backend(control);
  auto session = fake_session(backend, fake_spec("input x float32 2\noutput y = identity x\n"));
  EXPECT_EQ(session->output(0).data, nullptr);
  ASSERT_TRUE(session->run());
  EXPECT_NE(session->output(0).data, nullptr);
  control->fail_next(FakeFailure::kError);
  EXPECT_FALSE(session->run());
  EXPECT_EQ(session->output(0).data, nullptr);
  ASSERT_TRUE(session->run());
  session->release_outputs();
  EXPECT_EQ(session->output(0).data, nullptr);
}

TEST(Session, WarmUpRunsSoManyTimes) {
  auto control = std::make_shared<FakeControl>();
  FakeBackend backend(control);
  auto session = fake_session(backend, fake_spec("input x float32 2\noutput y = identity x\n"));
  ASSERT_TRUE(session->warm_up(3));
  EXPECT_EQ(control->runs(), 3);
  EXPECT_EQ(session->output(0).data, nullptr);
}

TEST(Session, KeepsItsModelAlive) {
  std::unique_ptr<Session> session;
  {
    FakeBackend backend;
    session = fake_session(backend, fake_spec("input x float32 2\noutput y = identity x\n"));
  }
  EXPECT_TRUE(session->run());
}

}  // namespace
}  // namespace weir

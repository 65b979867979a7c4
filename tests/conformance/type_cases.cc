// What the elements of a tensor may be.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "tests/conformance/conformance.h"

namespace weir::conformance {
namespace {

void every_type_passes_through(Bench& bench) {
  EXPECT_THAT(bench.able().dtypes, testing::UnorderedElementsAreArray(bench.dtypes()));
  for (const DType dtype : bench.dtypes()) {
    SCOPED_TRACE(std::string(name(dtype)));
    auto session = bench.session(identity(dtype, {2, 5}));
    ASSERT_NE(session, nullptr);
    EXPECT_EQ(session->model().inputs()[0].dtype, dtype);
    EXPECT_EQ(session->model().outputs()[0].dtype, dtype);
    fill(session->input(0), 3);
    if (dtype == DType::kInt64 && !bench.able().wide_integers) {
      for (int64_t i = 0; i < 10; ++i) session->input(0).as<int64_t>()[i] = i * 123'456'789 - 5;
    }
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).dtype, dtype);
    EXPECT_EQ(raw(session->output(0)), raw(session->input(0)));
  }
}

template <class T>
void adds_one(Bench& bench) {
  if (!bench.has(kDTypeOf<T>)) return;
  const std::unique_ptr<Session> session = bench.session(add_one(kDTypeOf<T>, {3}));
  ASSERT_NE(session, nullptr);
  T* const x = session->input(0).template as<T>();
  for (int i = 0; i < 3; ++i) x[i] = static_cast<T>(i * 10);
  ASSERT_TRUE(session->run());
  const T* const y = session->output(0).template as<T>();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(y[i], static_cast<T>(i * 10 + 1));
}

void arithmetic_is_exact(Bench& bench) {
  adds_one<float>(bench);
  adds_one<double>(bench);
  adds_one<int32_t>(bench);
  adds_one<int64_t>(bench);
}

void half_floats_are_real(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat16, {2}));
  ASSERT_NE(session, nullptr);
  session->input(0).as<uint16_t>()[0] = 0x3c00;  // 1
  session->input(0).as<uint16_t>()[1] = 0xc000;  // -2
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<uint16_t>()[0], 0x4000);  // 2
  EXPECT_EQ(session->output(0).as<uint16_t>()[1], 0xbc00);  // -1
}

void half_floats_change_shape_per_run(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat16, {-1, 2}));
  ASSERT_NE(session, nullptr);
  for (const int64_t batch : {1, 3, 2}) {
    ASSERT_TRUE(session->set_input_shape(0, {batch, 2}));
    for (int64_t i = 0; i < batch * 2; ++i) session->input(0).as<uint16_t>()[i] = 0x3c00;
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).shape, (Shape{batch, 2}));
    EXPECT_EQ(session->output(0).as<uint16_t>()[batch * 2 - 1], 0x4000);
  }
}

void bytes_change_shape_per_run(Bench& bench) {
  for (const DType dtype : {DType::kInt8, DType::kUInt8, DType::kBool}) {
    if (!bench.has(dtype)) continue;
    auto session = bench.session(identity(dtype, {-1, 3}));
    ASSERT_NE(session, nullptr);
    for (const int64_t batch : {2, 5, 1}) {
      ASSERT_TRUE(session->set_input_shape(0, {batch, 3}));
      fill(session->input(0), static_cast<int>(batch));
      ASSERT_TRUE(session->run());
      EXPECT_EQ(raw(session->output(0)), raw(session->input(0)));
    }
  }
}

void nan_and_infinity_pass_through(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {3}));
  ASSERT_NE(session, nullptr);
  float* x = session->input(0).as<float>();
  x[0] = std::numeric_limits<float>::quiet_NaN();
  x[1] = std::numeric_limits<float>::infinity();
  x[2] = 1;
  ASSERT_TRUE(session->run());
  EXPECT_TRUE(std::isnan(session->output(0).as<float>()[0]));
  EXPECT_TRUE(std::isinf(session->output(0).as<float>()[1]));
  EXPECT_EQ(session->output(0).as<float>()[2], 2.0F);
}

void a_scalar_is_a_tensor(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {}));
  ASSERT_NE(session, nullptr);
  ASSERT_NE(session->input(0).data, nullptr);
  session->input(0).as<float>()[0] = 4;
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).shape.rank(), 0u);
  EXPECT_EQ(session->output(0).as<float>()[0], 5.0F);
}

}  // namespace

std::vector<Case> type_cases() {
  const auto needs_half = [](const Capabilities& able, Form) {
    for (const DType dtype : able.dtypes) {
      if (dtype == DType::kFloat16) return std::string();
    }
    return std::string("it has no float16");
  };
  return {
      {"EveryTypePassesThrough", needs_nothing, every_type_passes_through},
      {"ArithmeticIsExact", needs_nothing, arithmetic_is_exact},
      {"HalfFloatsAreReal", needs_half, half_floats_are_real},
      {"HalfFloatsChangeShapePerRun", needs_half, half_floats_change_shape_per_run},
      {"BytesChangeShapePerRun", needs_nothing, bytes_change_shape_per_run},
      {"NanAndInfinityPassThrough", needs_nothing, nan_and_infinity_pass_through},
      {"AScalarIsATensor", needs_nothing, a_scalar_is_a_tensor},
  };
}

}  // namespace weir::conformance

// Shapes: open, wrong, absurd, empty, false, unknown.
#include <gmock/gmock.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/conformance.h"

namespace weir::conformance {
namespace {

using testing::HasSubstr;

std::string needs_dynamic(const Capabilities& able, Form) {
  return able.dynamic_shapes ? "" : "its shapes are fixed";
}

void runs_shapes(Bench& bench, const std::vector<int64_t>& declared,
                 const std::vector<Shape>& shapes) {
  auto session = bench.session(add_one(DType::kFloat32, declared));
  ASSERT_NE(session, nullptr);
  for (const Shape& shape : shapes) {
    SCOPED_TRACE(to_string(shape));
    ASSERT_TRUE(session->set_input_shape(0, shape));
    const int64_t count = shape.elements().value();
    for (int64_t i = 0; i < count; ++i) session->input(0).as<float>()[i] = static_cast<float>(i);
    for (int repeat = 0; repeat < 3; ++repeat) {
      const Status status = session->run();
      ASSERT_TRUE(status) << status.error().to_string();
      ASSERT_EQ(session->output(0).shape, shape);
      for (int64_t i = 0; i < count; ++i) {
        ASSERT_EQ(session->output(0).as<float>()[i], static_cast<float>(i + 1));
      }
    }
  }
}

void the_batch_is_dynamic(Bench& bench) {
  runs_shapes(bench, {-1, 3}, {{1, 3}, {4, 3}, {2, 3}, {4, 3}, {7, 3}});
}

void height_and_width_are_dynamic(Bench& bench) {
  runs_shapes(bench, {1, 3, -1, -1}, {{1, 3, 8, 8}, {1, 3, 5, 9}, {1, 3, 16, 2}, {1, 3, 8, 8}});
}

void many_shapes_in_turns(Bench& bench) {
  std::vector<Shape> shapes;
  for (int64_t i = 1; i <= 40; ++i) shapes.push_back({1 + i * 7 % 23, 2});
  runs_shapes(bench, {-1, 2}, shapes);
}

void zero_sized_dimensions_run(Bench& bench) {
  runs_shapes(bench, {-1, 3}, {{0, 3}, {2, 3}, {0, 3}});
}

void a_shape_must_be_set_first(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {-1, 3}));
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->input(0).data, nullptr);
  const Status status = session->run();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("?x3"));
}

void wrong_shapes_are_refused(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {2, 3}));
  ASSERT_NE(session, nullptr);
  for (const Shape& shape : {Shape{3, 3}, Shape{2, 3, 1}, Shape{6}, Shape{}, Shape{-1, 3}}) {
    const Status status = session->set_input_shape(0, shape);
    ASSERT_FALSE(status) << to_string(shape);
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(status.error().message, HasSubstr("'x'"));
  }
  EXPECT_TRUE(session->run()) << "the session is as it was";
}

void wrong_types_are_refused(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {2}));
  ASSERT_NE(session, nullptr);
  int64_t memory[2] = {};
  const Status status = session->bind_input(0, {memory, DType::kInt64, {2}, {}, {}});
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("float32, not int64"));
}

void wrong_counts_are_refused(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {2}));
  ASSERT_NE(session, nullptr);
  EXPECT_THAT(session->set_input_shape(1, {2}).error().message, HasSubstr("no input 1"));
  EXPECT_FALSE(session->lease_input(7));
}

void absurd_sizes_are_refused(Bench& bench) {
  auto session = bench.session(add_one(DType::kFloat32, {-1, -1}));
  ASSERT_NE(session, nullptr);
  const int64_t big = int64_t{1} << 40;
  EXPECT_EQ(session->set_input_shape(0, {big, 1}).error().code, ErrorCode::kExhausted);
  EXPECT_FALSE(session->set_input_shape(0, {big, big}));
  ASSERT_TRUE(session->set_input_shape(0, {1, 1}));
  EXPECT_TRUE(session->run());
}

void an_absurd_static_shape_is_refused(Bench& bench) {
  const auto model =
      bench.backend().open(bench.spec(identity(DType::kFloat32, {1 << 30, 1 << 20})));
  if (!model) return;  // refused at once
  const auto session = (*model)->make_session();
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::kExhausted);
}

void a_false_dynamic_batch_is_a_clear_error(Bench& bench) {
  auto session = bench.session(false_batch());
  ASSERT_NE(session, nullptr);
  ASSERT_TRUE(session->set_input_shape(0, {1, 4}));
  ASSERT_TRUE(session->run());
  ASSERT_TRUE(session->set_input_shape(0, {2, 4}));
  const Status status = session->run();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().to_string(), HasSubstr("batch"));
  EXPECT_EQ(session->output(0).data, nullptr);
  ASSERT_TRUE(session->set_input_shape(0, {1, 4}));
  fill(session->input(0), 1);
  ASSERT_TRUE(session->run()) << "the session goes on";
  EXPECT_EQ(raw(session->output(0)), raw(session->input(0)));
}

Status start_and_wait(Session& session) {
  std::promise<Status> done;
  WEIR_TRY(session.start([&](Status status) { done.set_value(std::move(status)); }));
  return done.get_future().get();
}

void unknown_outputs_are_resolved(Bench& bench) {
  BackendSpec spec = bench.spec(nonzero());
  spec.intra_op_threads = 2;
  auto session = bench.session(spec);
  ASSERT_NE(session, nullptr);
  ASSERT_TRUE(session->set_input_shape(0, {8}));
  int runs = 0;
  for (const int found : {3, 3, 5, 0, 8, 1, 0, 2, 2}) {
    for (int i = 0; i < 8; ++i) session->input(0).as<float>()[i] = i < found ? 1.0F : 0.0F;
    const bool started = bench.able().async && runs++ % 2 == 1;
    const Status status = started ? start_and_wait(*session) : session->run();
    ASSERT_TRUE(status) << status.error().to_string();
    ASSERT_EQ(session->output(0).shape, (Shape{found, 1}));
    ASSERT_NE(session->output(0).data, nullptr);
    for (int i = 0; i < found; ++i) EXPECT_EQ(session->output(0).as<int64_t>()[i], i);
    session->release_outputs();
    EXPECT_EQ(session->output(0).data, nullptr);
  }
}

void several_inputs_and_outputs_with_odd_names(Bench& bench) {
  auto session = bench.session(two_in_two_out({-1, 2}));
  ASSERT_NE(session, nullptr);
  ASSERT_EQ(session->input_count(), 2u);
  ASSERT_EQ(session->output_count(), 2u);
  EXPECT_EQ(session->model().inputs()[0].name, kOddInput);
  EXPECT_EQ(session->model().inputs()[1].name, "b");
  EXPECT_EQ(session->model().outputs()[1].name, "copy");
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_TRUE(session->set_input_shape(i, {1, 2}));
    session->input(i).as<float>()[0] = 1.0F + float(i);
    session->input(i).as<float>()[1] = 10.0F;
  }
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[0], 3.0F);
  EXPECT_EQ(session->output(1).as<float>()[0], 1.0F);
}

}  // namespace

std::vector<Case> shape_cases() {
  const auto needs_unknown = [](const Capabilities& able, Form) {
    return std::string(able.unknown_outputs ? "" : "the sizes of its outputs do not vary");
  };
  const auto needs_strict = [](const Capabilities& able, Form) {
    return std::string(able.strict_shapes ? "" : "it takes shapes that the graph denies");
  };
  return {
      {"TheBatchIsDynamic", needs_dynamic, the_batch_is_dynamic},
      {"HeightAndWidthAreDynamic", needs_dynamic, height_and_width_are_dynamic},
      {"ManyShapesInTurns", needs_dynamic, many_shapes_in_turns},
      {"ZeroSizedDimensionsRun", needs_dynamic, zero_sized_dimensions_run},
      {"AShapeMustBeSetFirst", needs_dynamic, a_shape_must_be_set_first},
      {"WrongShapesAreRefused", needs_nothing, wrong_shapes_are_refused},
      {"WrongTypesAreRefused", needs_nothing, wrong_types_are_refused},
      {"WrongCountsAreRefused", needs_nothing, wrong_counts_are_refused},
      {"AbsurdSizesAreRefused", needs_dynamic, absurd_sizes_are_refused},
      {"AnAbsurdStaticShapeIsRefused", needs_nothing, an_absurd_static_shape_is_refused},
      {"AFalseDynamicBatchIsAClearError", needs_strict, a_false_dynamic_batch_is_a_clear_error},
      {"UnknownOutputsAreResolved", needs_unknown, unknown_outputs_are_resolved},
      {"SeveralInputsAndOutputsWithOddNames", needs_dynamic,
       several_inputs_and_outputs_with_odd_names},
  };
}

}  // namespace weir::conformance

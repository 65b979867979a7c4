// Shape ranges: min, opt, max per input.
#include <gmock/gmock.h>

#include "tests/conformance/conformance.h"

namespace weir::conformance {
namespace {

using testing::HasSubstr;

std::string needs_dynamic(const Capabilities& able, Form) {
  return able.dynamic_shapes ? "" : "its shapes are fixed";
}

BackendSpec ranged(Bench& bench, const ShapeRange& range) {
  BackendSpec spec = bench.spec(add_one(DType::kFloat32, {-1, 3, -1}));
  spec.shapes["x"] = range;
  return spec;
}
const ShapeRange kRange = {{1, 3, 2}, {2, 3, 4}, {4, 3, 8}};

void a_session_starts_at_opt(Bench& bench) {
  auto session = bench.session(ranged(bench, kRange));
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->input(0).shape, kRange.opt);
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).shape, kRange.opt);
}

void every_shape_inside_runs_in_the_same_memory(Bench& bench) {
  auto session = bench.session(ranged(bench, kRange));
  ASSERT_NE(session, nullptr);
  const void* memory = session->input(0).data;
  for (int64_t batch = 1; batch <= 4; ++batch) {
    for (int64_t width = 2; width <= 8; ++width) {
      ASSERT_TRUE(session->set_input_shape(0, {batch, 3, width}));
      EXPECT_EQ(session->input(0).data, memory);
      const int64_t last = batch * 3 * width - 1;
      session->input(0).as<float>()[last] = static_cast<float>(last);
      ASSERT_TRUE(session->run());
      EXPECT_EQ(session->output(0).shape, (Shape{batch, 3, width}));
      EXPECT_EQ(session->output(0).as<float>()[last], static_cast<float>(last + 1));
    }
  }
}

void a_shape_outside_names_min_and_max(Bench& bench) {
  auto session = bench.session(ranged(bench, kRange));
  ASSERT_NE(session, nullptr);
  float memory[64] = {};
  for (const Shape& shape : {Shape{5, 3, 4}, Shape{1, 3, 1}, Shape{1, 3, 9}, Shape{0, 3, 2}}) {
    const Status set = session->set_input_shape(0, shape);
    ASSERT_FALSE(set);
    EXPECT_THAT(set.error().message, HasSubstr("1x3x2 to 4x3x8"));
    EXPECT_FALSE(session->bind_input(0, {memory, DType::kFloat32, shape, {}, {}}));
  }
  EXPECT_TRUE(session->run());
}

void a_range_that_the_model_cannot_keep_is_refused(Bench& bench) {
  BackendSpec spec = bench.spec(false_batch());
  spec.shapes["x"] = {{1, 4}, {1, 4}, {3, 4}};
  const Error error = bench.refusal(spec);
  EXPECT_THAT(error.to_string(), HasSubstr("batch"));
  EXPECT_NE(error.where, "");
}

void a_range_against_the_file_is_refused(Bench& bench) {
  EXPECT_THAT(bench.refusal(ranged(bench, {{1, 2, 2}, {1, 2, 2}, {1, 2, 2}})).message,
              HasSubstr("?x3x?"));
  EXPECT_THAT(bench.refusal(ranged(bench, {kRange.max, kRange.opt, kRange.min})).hint,
              HasSubstr("min <= opt <= max"));
  BackendSpec spec = bench.spec(add_one(DType::kFloat32, {-1, 3, -1}));
  spec.shapes["xx"] = kRange;
  EXPECT_THAT(bench.refusal(spec).to_string(), HasSubstr("no input 'xx'"));
}

void an_absurd_range_is_refused(Bench& bench) {
  const int64_t big = int64_t{1} << 36;
  const BackendSpec spec = ranged(bench, {{1, 3, 1}, {1, 3, 1}, {big, 3, 1}});
  const auto model = bench.backend().open(spec);
  if (!model) return;
  EXPECT_FALSE((*model)->make_session());
}

void a_range_with_unknown_outputs_runs(Bench& bench) {
  BackendSpec spec = bench.spec(nonzero());
  spec.shapes["x"] = {{1}, {4}, {8}};
  auto session = bench.session(spec);
  ASSERT_NE(session, nullptr);
  for (const int64_t size : {8, 2, 8, 4}) {
    ASSERT_TRUE(session->set_input_shape(0, {size}));
    for (int64_t i = 0; i < size; ++i) session->input(0).as<float>()[i] = i % 2 == 0 ? 1.F : 0.F;
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).shape, (Shape{(size + 1) / 2, 1}));
  }
}

}  // namespace

std::vector<Case> range_cases() {
  const auto needs_strict = [](const Capabilities& able, Form) {
    return std::string(able.strict_shapes ? "" : "it takes shapes that the graph denies");
  };
  const auto needs_unknown = [](const Capabilities& able, Form) {
    return std::string(able.unknown_outputs ? "" : "the sizes of its outputs do not vary");
  };
  return {
      {"ASessionStartsAtOpt", needs_dynamic, a_session_starts_at_opt},
      {"EveryShapeInsideRunsInTheSameMemory", needs_dynamic,
       every_shape_inside_runs_in_the_same_memory},
      {"AShapeOutsideNamesMinAndMax", needs_dynamic, a_shape_outside_names_min_and_max},
      {"ARangeThatTheModelCannotKeepIsRefused", needs_strict,
       a_range_that_the_model_cannot_keep_is_refused},
      {"ARangeAgainstTheFileIsRefused", needs_dynamic, a_range_against_the_file_is_refused},
      {"AnAbsurdRangeIsRefused", needs_dynamic, an_absurd_range_is_refused},
      {"ARangeWithUnknownOutputsRuns", needs_unknown, a_range_with_unknown_outputs_runs},
  };
}

}  // namespace weir::conformance

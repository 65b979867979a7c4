// Real models, where they are at hand.
#include <gmock/gmock.h>

#include <cmath>

#include "tests/conformance/conformance.h"

namespace weir::conformance {
namespace {

std::string needs_onnx(const Capabilities&, Form form) {
  return form == Form::kOnnx ? "" : "it does not read ONNX files";
}

std::unique_ptr<Session> session_of(Bench& bench, const std::string& path) {
  BackendSpec spec;
  spec.file = asset(path);
  if (spec.file.empty()) return nullptr;
  return bench.session(spec);
}

bool all_finite(const TensorView& view) {
  const float* values = view.as<float>();
  for (std::size_t i = 0; i < view.bytes() / sizeof(float); ++i) {
    if (!std::isfinite(values[i])) return false;
  }
  return true;
}

void a_detector_whose_dynamic_batch_is_false(Bench& bench) {
  auto session = session_of(bench, "models/detection/deimv2_atto_320_int8.onnx");
  if (session == nullptr) GTEST_SKIP() << "no asset deimv2_atto_320_int8.onnx";
  ASSERT_TRUE(session->model().inputs()[0].shape.is_dynamic());
  const auto run = [&](int64_t batch) {
    EXPECT_TRUE(session->set_input_shape(0, {batch, 3, 320, 320}));
    EXPECT_TRUE(session->set_input_shape(1, {batch, 2}));
    return session->run();
  };
  ASSERT_TRUE(run(1));
  const Status status = run(2);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().to_string(), testing::HasSubstr("images 2x3x320x320"));
  EXPECT_THAT(status.error().hint, testing::HasSubstr("a batch of 1"));
  ASSERT_TRUE(run(1));
  EXPECT_TRUE(all_finite(session->output(2)));
}

void a_real_detector_runs(Bench& bench) {
  auto session = session_of(bench, "models/detection/yolox_nano_416.onnx");
  if (session == nullptr) GTEST_SKIP() << "no asset yolox_nano_416.onnx";
  const TensorInfo& input = session->model().inputs()[0];
  ASSERT_TRUE(session->set_input_shape(0, {1, 3, 416, 416})) << to_string(input.shape);
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).shape.rank(), 3u);
  EXPECT_TRUE(all_finite(session->output(0)));
}

void a_quantised_classifier_runs(Bench& bench) {
  auto session = session_of(bench, "models/classification/mobilenet_v2_224_qdq.onnx");
  if (session == nullptr) GTEST_SKIP() << "no asset mobilenet_v2_224_qdq.onnx";
  if (session->input(0).data == nullptr) {
    Shape shape = session->model().inputs()[0].shape;
    shape[0] = 1;
    ASSERT_TRUE(session->set_input_shape(0, shape));
  }
  ASSERT_TRUE(session->run());
  EXPECT_TRUE(all_finite(session->output(0)));
}

}  // namespace

std::vector<Case> asset_cases() {
  const auto needs_strict_onnx = [](const Capabilities& able, Form form) {
    if (!able.strict_shapes) return std::string("it takes shapes that the graph denies");
    return needs_onnx(able, form);
  };
  return {
      {"ADetectorWhoseDynamicBatchIsFalse", needs_strict_onnx,
       a_detector_whose_dynamic_batch_is_false},
      {"ARealDetectorRuns", needs_onnx, a_real_detector_runs},
      {"AQuantisedClassifierRuns", needs_onnx, a_quantised_classifier_runs},
  };
}

}  // namespace weir::conformance

// Real models, where they are at hand.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "tests/conformance/conformance.h"

namespace weir::conformance {
namespace {

std::string needs_onnx(const Capabilities&, Form form) {
  return form == Form::kOnnx ? "" : "it does not read ONNX files";
}

constexpr std::string_view kDeim = "models/detection/deimv2_atto_320_int8.onnx";
constexpr std::string_view kYolox = "models/detection/yolox_nano_416.onnx";
constexpr std::string_view kMobileNet = "models/classification/mobilenet_v2_224_qdq.onnx";

std::unique_ptr<Session> session_of(Bench& bench, std::string_view path) {
  BackendSpec spec;
  spec.file = asset(std::string(path));
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
  auto session = session_of(bench, kDeim);
  ASSERT_NE(session, nullptr);
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
  auto session = session_of(bench, kYolox);
  ASSERT_NE(session, nullptr);
  const TensorInfo& input = session->model().inputs()[0];
  ASSERT_TRUE(session->set_input_shape(0, {1, 3, 416, 416})) << to_string(input.shape);
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).shape.rank(), 3u);
  EXPECT_TRUE(all_finite(session->output(0)));
}

void a_quantised_classifier_runs(Bench& bench) {
  auto session = session_of(bench, kMobileNet);
  ASSERT_NE(session, nullptr);
  Shape shape = session->model().inputs()[0].shape;
  ASSERT_EQ(shape[0], Shape::kDynamic);
  std::vector<float> alone;  // what the picture gives by itself
  for (const int64_t batch : {1, 3}) {
    shape[0] = batch;
    ASSERT_TRUE(session->set_input_shape(0, shape));
    const TensorView& x = session->input(0);
    const std::size_t count = x.bytes() / sizeof(float) / static_cast<std::size_t>(batch);
    for (std::size_t i = 0; i < x.bytes() / sizeof(float); ++i) {
      x.as<float>()[i] = std::sin(static_cast<float>(i % count) / 40.0F);
    }
    ASSERT_TRUE(session->run());
    const TensorView& y = session->output(0);
    EXPECT_TRUE(all_finite(y));
    ASSERT_EQ(y.shape[0], batch);
    if (alone.empty()) alone.assign(y.as<float>(), y.as<float>() + y.bytes() / sizeof(float));
    const auto largest = std::max_element(alone.begin(), alone.end());
    for (int64_t item = 0; item < batch; ++item) {
      const float* row = y.as<float>() + item * static_cast<int64_t>(alone.size());
      EXPECT_NEAR(row[largest - alone.begin()], *largest, std::abs(*largest) * 0.05F) << item;
    }
  }
}

}  // namespace

std::vector<Case> asset_cases() {
  const auto needs_strict_onnx = [](const Capabilities& able, Form form) {
    if (!able.strict_shapes) return std::string("it takes shapes that the graph denies");
    return needs_onnx(able, form);
  };
  return {
      {"ADetectorWhoseDynamicBatchIsFalse", needs_strict_onnx,
       a_detector_whose_dynamic_batch_is_false, kDeim},
      {"ARealDetectorRuns", needs_onnx, a_real_detector_runs, kYolox},
      {"AQuantisedClassifierRuns", needs_onnx, a_quantised_classifier_runs, kMobileNet},
  };
}

}  // namespace weir::conformance

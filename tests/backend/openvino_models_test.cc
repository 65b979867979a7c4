// OpenVINO on real models, beside ONNX Runtime where both are compiled in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "weir/backend/openvino/openvino_backend.h"
#if WEIR_WITH_ONNXRUNTIME
#include "weir/backend/onnxruntime/onnxruntime_backend.h"
#endif

namespace weir {
namespace {

const std::string kModels = WEIR_SOURCE_DIR "/../shared/assets/models/";

bool have(const std::string& model) {
  return std::filesystem::exists(kModels + model);
}

// The first output for a picture of noise with a fixed seed.
std::vector<float> run(Backend& backend, const std::string& model, float low, float high,
                       Precision precision = Precision::kDefault) {
  BackendSpec spec;
  spec.file = kModels + model;
  spec.precision = precision;
  auto opened = backend.open(spec);
  if (!opened) {
    EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported) << opened.error().to_string();
    return {};
  }
  const auto session = (*opened)->make_session().value();
  Shape shape = (*opened)->inputs()[0].shape;
  if (shape[0] == Shape::kDynamic) shape[0] = 1;
  EXPECT_TRUE(session->set_input_shape(0, shape));
  std::mt19937 random(2026);
  std::uniform_real_distribution<float> noise(low, high);
  float* x = session->input(0).as<float>();
  std::generate_n(x, shape.elements().value(), [&] { return noise(random); });
  const Status status = session->run();
  EXPECT_TRUE(status) << status.error().to_string();
  const TensorView& y = session->output(0);
  return {y.as<float>(), y.as<float>() + y.shape.elements().value()};
}

// The largest difference, as a part of the largest value.
double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  double apart = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, static_cast<double>(std::abs(b[i])));
    apart = std::max(apart, static_cast<double>(std::abs(a[i] - b[i])));
  }
  return apart / largest;
}

// The difference of all elements together: root mean square, as a part of that of the values.
double mean_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double values = 0;
  double apart = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    values += static_cast<double>(b[i]) * b[i];
    apart += static_cast<double>(a[i] - b[i]) * (a[i] - b[i]);
  }
  return std::sqrt(apart / values);
}

struct Model {
  std::string file;
  float low, high;
};
const Model kBoth[] = {{"detection/yolox_nano_416.onnx", 0, 255},
                       {"classification/mobilenet_v2_224_fp32.onnx", -1, 1}};

#if WEIR_WITH_ONNXRUNTIME
TEST(OpenVinoModels, AgreeWithOnnxRuntimeInFloat32) {
  OpenVinoBackend openvino;
  OnnxRuntimeBackend onnxruntime;
  for (const Model& model : kBoth) {
    if (!have(model.file)) GTEST_SKIP() << "no " << kModels << model.file;
    const double apart = largest_difference(run(openvino, model.file, model.low, model.high),
                                            run(onnxruntime, model.file, model.low, model.high));
    EXPECT_LT(apart, 1e-4) << model.file;
    std::cout << model.file << ": " << apart << "\n";
  }
}
#endif

// Eight bits of mantissa through some hundred layers, on noise, which no model was trained on: 0.06
// and 0.10 were seen, and the units of other CPUs round at other places.
constexpr double kBFloat16Tolerance = 0.2;

TEST(OpenVinoModels, AreALittleOffInBFloat16) {
  OpenVinoBackend backend;
  for (const Model& model : kBoth) {
    if (!have(model.file)) GTEST_SKIP() << "no " << kModels << model.file;
    const auto rough = run(backend, model.file, model.low, model.high, Precision::kBFloat16);
    if (rough.empty()) GTEST_SKIP() << "this CPU has no bfloat16";
    const double apart = mean_difference(rough, run(backend, model.file, model.low, model.high));
    EXPECT_GT(apart, 1e-4) << model.file;
    EXPECT_LT(apart, kBFloat16Tolerance) << model.file;
    std::cout << model.file << ": " << apart << "\n";
  }
}

// The same weights, stored as int8 by TFLite: other numbers, but the same shape of result.
TEST(OpenVinoModels, RunTfliteFilesAsTheyAre) {
  const std::string tflite = "tflite/yolox_nano_dynamic_range_quantize.tflite";
  if (!have(tflite)) GTEST_SKIP() << "no " << kModels << tflite;
  OpenVinoBackend backend;
  const auto from_tflite = run(backend, tflite, 0, 255);
  const auto from_onnx = run(backend, kBoth[0].file, 0, 255);
  ASSERT_EQ(from_tflite.size(), std::size_t{3549} * 85);
  const double apart = mean_difference(from_tflite, from_onnx);
  std::cout << tflite << ": " << apart << "\n";
  EXPECT_LT(apart, 0.5);
}

#if WEIR_WITH_ONNXRUNTIME
// A TFLite classifier of bytes, and what was made of it as ONNX: planes of (x - 128) / 128.
TEST(OpenVinoModels, GiveATfliteClassifierTheProbabilitiesOfItsOnnxTwin) {
  const std::string tflite = kModels + "tflite/mobilenet_v1_0.25_128_quant.tflite";
  const std::string onnx = kModels + "classification/mobilenet_v1_025_128_qdq.onnx";
  if (!std::filesystem::exists(tflite)) GTEST_SKIP() << "no " << tflite;
  const auto open = [](Backend&& backend, const std::string& file) {
    BackendSpec spec;
    spec.file = file;
    return backend.open(spec).value()->make_session().value();
  };
  const auto bytes = open(OpenVinoBackend(), tflite);
  const auto floats = open(OnnxRuntimeBackend(), onnx);
  EXPECT_EQ(bytes->model().inputs()[0].name, "input");
  EXPECT_EQ(bytes->model().inputs()[0].dtype, DType::kUInt8);
  ASSERT_EQ(bytes->model().inputs()[0].shape, (Shape{1, 128, 128, 3}));
  ASSERT_TRUE(floats->set_input_shape(0, {1, 3, 128, 128}));
  for (int i = 0; i < 128 * 128 * 3; ++i) {
    const int y = i / 3 / 128, x = i / 3 % 128, c = i % 3;
    const int value = (y * (c + 1) + x * x / 97) % 256;
    bytes->input(0).as<uint8_t>()[i] = static_cast<uint8_t>(value);
    floats->input(0).as<float>()[(c * 128 + y) * 128 + x] = static_cast<float>(value - 128) / 128;
  }
  ASSERT_TRUE(bytes->run());
  ASSERT_TRUE(floats->run());
  ASSERT_EQ(bytes->output(0).shape, (Shape{1, 1001}));
  float most = 0;
  for (int i = 0; i < 1001; ++i) {
    const float expected = floats->output(0).as<float>()[i];
    most = std::max(most, expected);
    EXPECT_NEAR(static_cast<float>(bytes->output(0).as<uint8_t>()[i]) / 256, expected, 0.03F) << i;
  }
  EXPECT_GT(most, 0.03F) << "nothing was compared";
}
#endif

TEST(OpenVinoModels, NameTheOperatorOfATfliteFileThatIsNotStandard) {
  const std::string tflite = "tflite/selfie_segmentation.tflite";
  if (!have(tflite)) GTEST_SKIP() << "no " << kModels << tflite;
  OpenVinoBackend backend;
  BackendSpec spec;
  spec.file = kModels + tflite;
  const auto opened = backend.open(spec);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().where, spec.file);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("Convolution2DTransposeBias"));
}

}  // namespace
}  // namespace weir

#include "weir/backend/openvino/openvino_backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/onnx_builder.h"

namespace weir {
namespace {

using test::OnnxGraph;
using test::OnnxModel;
using testing::Contains;
using testing::HasSubstr;

BackendSpec spec_of(std::string bytes) {
  BackendSpec spec;
  spec.file = "test.onnx";
  spec.bytes = std::make_shared<const std::string>(std::move(bytes));
  return spec;
}

class OpenVino : public testing::Test {
 protected:
  std::shared_ptr<const LoadedModel> open(const BackendSpec& spec) {
    auto opened = backend_.open(spec);
    EXPECT_TRUE(opened) << opened.error().to_string();
    return opened ? *opened : nullptr;
  }
  Error refuse(const BackendSpec& spec) {
    auto opened = backend_.open(spec);
    EXPECT_FALSE(opened);
    return opened ? Error() : opened.error();
  }

  OpenVinoBackend backend_;
};

// x + 1, by the float.
void expect_adds_one(Session& session, const Shape& shape) {
  const int64_t count = shape.elements().value();
  float* x = session.input(0).as<float>();
  for (int64_t i = 0; i < count; ++i) x[i] = static_cast<float>(i);
  const Status status = session.run();
  ASSERT_TRUE(status) << status.error().to_string();
  EXPECT_EQ(session.output(0).shape, shape);
  for (int64_t i = 0; i < count; ++i) {
    ASSERT_EQ(session.output(0).as<float>()[i], static_cast<float>(i) + 1.0F);
  }
}

TEST_F(OpenVino, ComputesInFloat32UnlessAsked) {
  const auto model = open(spec_of(test::onnx_matmul("N", 8, 4)));
  EXPECT_EQ(model->report().precision, "float32");
  EXPECT_EQ(model->report().intra_op_threads, 1);
  EXPECT_FALSE(model->report().placements.empty());
  EXPECT_THAT(model->report().placements[0].provider, HasSubstr("CPU float32"));
  EXPECT_THAT(model->report().notes, Contains(HasSubstr("layers:")));
}

TEST_F(OpenVino, KeepsTheNamesAndShapesOfTheFile) {
  OnnxGraph graph;
  graph.input("a:b/c.1", DType::kFloat32, {"N", 3}).input("second", DType::kFloat32, {1, 3});
  graph.output("out/put:0", DType::kFloat32, {"N", 3}).output("b", DType::kFloat32, {1, 3});
  graph.node({.op = "Add", .inputs = {"a:b/c.1", "second"}, .outputs = {"out/put:0"}});
  graph.node({.op = "Neg", .inputs = {"second"}, .outputs = {"b"}});
  const auto model = open(spec_of(OnnxModel{.graph = graph}.bytes()));
  ASSERT_EQ(model->inputs().size(), 2U);
  EXPECT_EQ(model->inputs()[0].name, "a:b/c.1");
  EXPECT_EQ(model->inputs()[0].shape, (Shape{-1, 3}));
  EXPECT_EQ(model->inputs()[1].name, "second");
  EXPECT_EQ(model->outputs()[0].name, "out/put:0");
  EXPECT_EQ(model->outputs()[1].name, "b");
}

TEST_F(OpenVino, RunsEveryShapeThatTheModelLeavesOpen) {
  const auto model = open(spec_of(test::onnx_add_one(DType::kFloat32, {"N", 3})));
  const auto session = model->make_session().value();
  for (const int64_t batch : {1, 5, 2, 64, 1}) {
    ASSERT_TRUE(session->set_input_shape(0, {batch, 3}));
    expect_adds_one(*session, {batch, 3});
  }
}

TEST_F(OpenVino, RunsInsideARangeAndNamesItOutside) {
  BackendSpec spec = spec_of(test::onnx_conv_net("N", 3, "H", "W"));
  spec.shapes["x"] = {{1, 3, 16, 16}, {1, 3, 32, 32}, {4, 3, 64, 64}};
  const auto model = open(spec);
  const auto session = model->make_session().value();
  for (const Shape& shape : {Shape{1, 3, 32, 32}, Shape{4, 3, 64, 64}, Shape{2, 3, 16, 50}}) {
    ASSERT_TRUE(session->set_input_shape(0, shape));
    std::fill_n(session->input(0).as<float>(), shape.elements().value(), 1.0F);
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).shape, (Shape{shape[0], 4}));
  }
  EXPECT_THAT(session->set_input_shape(0, {5, 3, 32, 32}).error().to_string(),
              HasSubstr("1x3x16x16 to 4x3x64x64"));
}

TEST_F(OpenVino, CarriesEveryElementType) {
  for (std::size_t i = 0; i < kDTypeCount; ++i) {
    const auto dtype = static_cast<DType>(i);
    SCOPED_TRACE(name(dtype));
    const auto model = open(spec_of(test::onnx_identity(dtype, {4})));
    ASSERT_NE(model, nullptr);
    EXPECT_EQ(model->inputs()[0].dtype, dtype);
    const auto session = model->make_session().value();
    // One or two bytes of ones are a small number in every type.
    auto* bytes = static_cast<unsigned char*>(session->input(0).data);
    for (std::size_t at = 0; at < 4; ++at) bytes[at * size_of(dtype)] = at % 2 == 0 ? 1 : 0;
    ASSERT_TRUE(session->run());
    EXPECT_EQ(session->output(0).dtype, dtype);
    if (dtype == DType::kFloat64) continue;  // computed in float32, where the smallest are zero
    EXPECT_EQ(0, std::memcmp(session->output(0).data, bytes, 4 * size_of(dtype)));
  }
}

TEST_F(OpenVino, OffersPrecisionsWhereTheDeviceHasThem) {
  BackendSpec spec = spec_of(test::onnx_matmul("N", 8, 4));
  spec.precision = Precision::kInt8;
  EXPECT_THAT(refuse(spec).to_string(), HasSubstr("quantised model"));
  for (const auto& [precision, word] :
       {std::pair(Precision::kBFloat16, "bfloat16"), std::pair(Precision::kFloat16, "float16")}) {
    spec.precision = precision;
    const auto opened = backend_.open(spec);
    if (opened) {
      EXPECT_EQ((*opened)->report().precision, word);
    } else {
      EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
      EXPECT_THAT(opened.error().to_string(), HasSubstr("write precision: float32"));
    }
  }
}

TEST_F(OpenVino, RefusesWhatItDoesNotKnow) {
  BackendSpec spec = spec_of(test::onnx_matmul("N", 8, 4));
  spec.options["steams"] = "2";
  EXPECT_THAT(refuse(spec).to_string(), HasSubstr("streams"));
  spec.options = {{"streams", "many"}};
  EXPECT_EQ(refuse(spec).code, ErrorCode::kInvalidArgument);
  spec.options = {{"property.NUM_STREAMS", "2"}};
  EXPECT_THAT(refuse(spec).to_string(), HasSubstr("the option streams"));
  spec.options = {{"property.NO_SUCH_THING", "2"}};
  EXPECT_THAT(refuse(spec).to_string(), HasSubstr("NO_SUCH_THING"));
  spec.options = {};
  spec.device = {Device::Kind::kCuda, 0};
  EXPECT_EQ(refuse(spec).code, ErrorCode::kUnavailable);
  EXPECT_THAT(refuse(spec).to_string(), HasSubstr("does not reach cuda:0; it has: cpu"));
}

TEST_F(OpenVino, TakesThreadsAndStreamsAndProperties) {
  BackendSpec spec = spec_of(test::onnx_matmul("N", 8, 4));
  spec.intra_op_threads = 2;
  spec.options = {{"streams", "2"}, {"property.CPU_DENORMALS_OPTIMIZATION", "YES"}};
  const auto model = open(spec);
  ASSERT_NE(model, nullptr);
  EXPECT_LE(model->report().intra_op_threads, 4);
}

TEST_F(OpenVino, RefusesANumberOfThreadsThatIsNone) {
  BackendSpec spec = spec_of(test::onnx_matmul("N", 8, 4));
  for (const int threads : {0, -1, 1025}) {
    spec.intra_op_threads = threads;
    EXPECT_EQ(refuse(spec).code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(refuse(spec).to_string(),
                HasSubstr(std::to_string(threads) + " threads for one model; intra_op_threads is"));
  }
}

TEST_F(OpenVino, IsDeterministicOnOneThreadAndSaysSo) {
  BackendSpec spec = spec_of(test::onnx_conv_net(1, 3, 64, 64));
  spec.intra_op_threads = 2;
  const auto free = open(spec);
  ASSERT_NE(free, nullptr);
  EXPECT_THAT(free->report().notes, testing::Not(Contains(HasSubstr("equal bits"))));
  spec.deterministic = true;
  const auto model = open(spec);
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->report().intra_op_threads, 1);
  EXPECT_THAT(model->report().notes, Contains(HasSubstr("one thread, not 2")));
  const auto session = model->make_session().value();
  float* x = session->input(0).as<float>();
  for (int i = 0; i < 3 * 64 * 64; ++i) x[i] = static_cast<float>(i % 97) / 7.0F;
  ASSERT_TRUE(session->run());
  const auto bytes = [&] {
    const TensorView& y = session->output(0);
    return std::string(static_cast<const char*>(y.data), y.bytes());
  };
  const std::string first = bytes();
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(session->run());
    ASSERT_EQ(bytes(), first);
  }
}

TEST_F(OpenVino, LeasesItsInputsFromOnePool) {
  const auto model = open(spec_of(test::onnx_add_one(DType::kFloat32, {"N", 3})));
  ASSERT_NE(model->host_pool(), nullptr);
  const int64_t before = model->host_pool()->counters().blocks_leased;
  const auto session = model->make_session().value();
  ASSERT_TRUE(session->set_input_shape(0, {2, 3}));
  EXPECT_EQ(model->host_pool()->counters().blocks_leased, before + 1);
  expect_adds_one(*session, {2, 3});
}

TEST_F(OpenVino, ListsItsDevicesAndWhatIsMissing) {
  const std::vector<DeviceInfo> devices = backend_.devices();
  ASSERT_FALSE(devices.empty());
  EXPECT_TRUE(devices[0].device.is_cpu());
  EXPECT_TRUE(devices[0].usable);
  EXPECT_FALSE(devices[0].name.empty());
  for (const DeviceInfo& device : devices) EXPECT_NE(device.usable, !device.missing.empty());
  EXPECT_THAT(backend_.version(), HasSubstr("20"));
}

TEST_F(OpenVino, SaysWhatIsWrongWithAFile) {
  const std::string whole = test::onnx_conv_net(1, 3, 32, 32);
  EXPECT_EQ(refuse(spec_of("")).code, ErrorCode::kCorrupt);
  EXPECT_THAT(refuse(spec_of("hello, world")).to_string(), HasSubstr("not an ONNX model"));
  const Error cut = refuse(spec_of(whole.substr(0, whole.size() / 2)));
  EXPECT_EQ(cut.code, ErrorCode::kCorrupt);
  EXPECT_EQ(cut.where, "test.onnx");
  EXPECT_THAT(cut.message, testing::Not(HasSubstr("src/")));
  BackendSpec missing;
  missing.file = "/nowhere/model.onnx";
  EXPECT_EQ(refuse(missing).code, ErrorCode::kNotFound);
}

TEST_F(OpenVino, NamesTheOperatorThatItDoesNotHave) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {1}).output("y", DType::kFloat32, {1});
  graph.node({.op = "Frobnicate", .inputs = {"x"}, .outputs = {"y"}, .domain = "my.own"});
  OnnxModel model{.graph = graph, .opsets = {{"", 17}, {"my.own", 1}}};
  EXPECT_THAT(refuse(spec_of(model.bytes())).to_string(), HasSubstr("Frobnicate"));
}

TEST_F(OpenVino, GivesOutputsWhoseSizeTheDataDecides) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {6}).output("y", DType::kInt64, {1, "found"});
  graph.node({.op = "NonZero", .inputs = {"x"}, .outputs = {"y"}});
  const auto model = open(spec_of(OnnxModel{.graph = graph}.bytes()));
  const auto session = model->make_session().value();
  float* x = session->input(0).as<float>();
  x[1] = x[4] = 1.0F;
  ASSERT_TRUE(session->run());
  ASSERT_EQ(session->output(0).shape, (Shape{1, 2}));
  EXPECT_EQ(session->output(0).as<int64_t>()[1], 4);
  x[1] = x[4] = 0.0F;
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).shape, (Shape{1, 0}));
  EXPECT_NE(session->output(0).data, nullptr);
}

TEST_F(OpenVino, StartsWithoutWaitingAndAgainFromTheCallBack) {
  const auto model = open(spec_of(test::onnx_add_one(DType::kFloat32, {2})));
  const auto session = model->make_session().value();
  session->input(0).as<float>()[1] = 41.0F;
  std::mutex mutex;
  std::condition_variable changed;
  for (int round = 0; round < 200; ++round) {
    bool done = false;
    Status result;
    ASSERT_TRUE(session->start([&](Status status) {
      const std::lock_guard lock(mutex);
      result = std::move(status);
      done = true;
      changed.notify_one();
    }));
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done; });
    ASSERT_TRUE(result);
    ASSERT_EQ(session->output(0).as<float>()[1], 42.0F);
  }
}

TEST_F(OpenVino, RunsSessionsOfOneModelSideBySide) {
  BackendSpec spec = spec_of(test::onnx_matmul("N", 8, 4));
  spec.options["streams"] = "2";
  const auto model = open(spec);
  std::vector<std::thread> threads;
  for (int lane = 0; lane < 4; ++lane) {
    threads.emplace_back([&model, lane] {
      const auto session = model->make_session().value();
      ASSERT_TRUE(session->set_input_shape(0, {lane + 1, 8}));
      float* x = session->input(0).as<float>();
      std::fill_n(x, 8 * (lane + 1), static_cast<float>(lane));
      float expected = 0;
      for (int64_t i = 0; i < 8; ++i)
        expected += test::matmul_weight(i, 2) * static_cast<float>(lane);
      for (int round = 0; round < 50; ++round) {
        ASSERT_TRUE(session->run());
        ASSERT_NEAR(session->output(0).as<float>()[2], expected, 1e-4F);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(OpenVino, KeepsCompiledModelsInTheCacheFolder) {
  const std::string folder = testing::TempDir() + "weir_openvino_cache";
  std::filesystem::remove_all(folder);
  BackendSpec spec = spec_of(test::onnx_conv_net(1, 3, 32, 32));
  spec.cache_folder = folder;
  const char* note = "the compiled model came from the cache";
  EXPECT_THAT(open(spec)->report().notes, testing::Not(Contains(note)));
  const auto again = open(spec);
  EXPECT_THAT(again->report().notes, Contains(note));
  EXPECT_EQ(again->report().precision, "float32");
  EXPECT_EQ(again->inputs()[0].name, "x");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace weir

// What is particular to ONNX Runtime; what every back end must do is in tests/conformance.
#include "weir/backend/onnxruntime/onnxruntime_backend.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include "tests/support/onnx_builder.h"
#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/backend/onnxruntime/ort_log.h"
#include "weir/backend/onnxruntime/ort_providers.h"
#include "weir/graph/file_kind.h"

namespace weir {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

BackendSpec add_one_spec() {
  BackendSpec spec;
  spec.file = "m.onnx";
  spec.bytes = std::make_shared<const std::string>(test::onnx_add_one(DType::kFloat32, {"N", 3}));
  return spec;
}

std::vector<OrtProvider> providers(const BackendSpec& spec) {
  OnnxRuntimeBackend backend;
  auto result = providers_for(spec, OptionReader(backend, spec));
  if (!result) ADD_FAILURE() << result.error().to_string();
  return std::move(result).value_or(std::vector<OrtProvider>());
}

std::string provider_error(const BackendSpec& spec) {
  OnnxRuntimeBackend backend;
  const auto result = providers_for(spec, OptionReader(backend, spec));
  return result ? "" : result.error().to_string();
}

TEST(OnnxRuntime, ReadsWhereTheNodesWerePlacedFromTheLog) {
  std::vector<Placement> placements;
  read_placement("Node placements", placements);
  read_placement(" All nodes placed on [CPUExecutionProvider]. Number of nodes: 33", placements);
  read_placement(" Node(s) placed on [X]. Number of nodes: 7", placements);
  read_placement("placed on [ and nothing more", placements);
  ASSERT_EQ(placements.size(), 2u);
  EXPECT_EQ(placements[0].provider, "CPUExecutionProvider");
  EXPECT_EQ(placements[0].nodes, 33);
  EXPECT_EQ(placements[1].nodes, 7);
}

TEST(OnnxRuntime, ReportsWhatRunsWhere) {
  OnnxRuntimeBackend backend;
  const auto model = backend.open(add_one_spec());
  ASSERT_TRUE(model) << model.error().to_string();
  ASSERT_EQ((*model)->report().placements.size(), 1u);
  EXPECT_EQ((*model)->report().placements[0].provider, "CPUExecutionProvider");
  EXPECT_EQ((*model)->report().placements[0].nodes, 1);
  EXPECT_EQ((*model)->metadata().at("producer"), "weir-test");
}

TEST(OnnxRuntime, TheSpecIsSaidInTheWordsOfTensorRt) {
  BackendSpec spec = add_one_spec();
  spec.device = {Device::Kind::kCuda, 1};
  spec.precision = Precision::kFloat16;
  spec.cache_folder = "/cache";
  spec.shapes["x"] = {{1, 3}, {2, 3}, {8, 3}};
  spec.options = {{"provider", "tensorrt"}, {"provider.trt_dla_enable", "1"}};
  const std::vector<OrtProvider> chosen = providers(spec);
  ASSERT_EQ(chosen.size(), 2u);
  EXPECT_EQ(chosen[0].name, "TensorrtExecutionProvider");
  EXPECT_THAT(chosen[0].options,
              UnorderedElementsAre(
                  Pair("device_id", "1"), Pair("trt_fp16_enable", "1"),
                  Pair("trt_profile_min_shapes", "x:1x3"), Pair("trt_profile_opt_shapes", "x:2x3"),
                  Pair("trt_profile_max_shapes", "x:8x3"), Pair("trt_engine_cache_enable", "1"),
                  Pair("trt_engine_cache_path", "/cache"), Pair("trt_timing_cache_enable", "1"),
                  Pair("trt_timing_cache_path", "/cache"), Pair("trt_dla_enable", "1")));
  EXPECT_EQ(chosen[1], (OrtProvider{"CUDAExecutionProvider", {{"device_id", "1"}}}));
}

TEST(OnnxRuntime, ADeviceHasItsProviderAndAProviderItsDevice) {
  BackendSpec spec = add_one_spec();
  EXPECT_TRUE(providers(spec).empty());
  spec.options["provider"] = "xnnpack, CPUExecutionProvider";
  EXPECT_EQ(providers(spec), (std::vector<OrtProvider>{{"XnnpackExecutionProvider", {}}}));
  spec.options["provider"] = "cuda";
  EXPECT_THAT(provider_error(spec), HasSubstr("does not run on cpu; write device: cuda:0"));
  spec.options.clear();
  spec.device = {Device::Kind::kMps, 0};
  EXPECT_EQ(providers(spec)[0].name, "CoreMLExecutionProvider");
  spec.device = {Device::Kind::kNpu, 0};
  EXPECT_THAT(provider_error(spec), HasSubstr("reaches npu:0"));
  spec.options["provider"] = "my-own";
  EXPECT_EQ(providers(spec)[0].name, "my-own");
  spec = add_one_spec();
  spec.options["provider.device_id"] = "0";
  EXPECT_THAT(provider_error(spec), HasSubstr("without a provider"));
}

TEST(OnnxRuntime, ADeviceOfAPlugInIsTheOneThatTheSpecNames) {
  using Kind = Device::Kind;
  const std::vector<OrtPluggedIn> found = {{"CPUExecutionProvider", Kind::kCpu},
                                           {"own", Kind::kCpu},
                                           {"own", Kind::kGpu},
                                           {"other", Kind::kGpu},
                                           {"own", Kind::kGpu},
                                           {"own", Kind::kNpu}};
  const auto chosen = [&](const char* provider, Device device) {
    return plugged_in_device(found, provider, device);
  };
  EXPECT_EQ(chosen("own", {}).value(), 1U);
  EXPECT_EQ(chosen("other", {}).value(), 3U);
  EXPECT_EQ(chosen("own", {Kind::kGpu, 0}).value(), 2U);
  EXPECT_EQ(chosen("own", {Kind::kCuda, 1}).value(), 4U);
  EXPECT_EQ(chosen("own", {Kind::kNpu, 0}).value(), 5U);
  EXPECT_EQ(chosen("own", {Kind::kGpu, 2}).error().to_string(),
            "own has no gpu:2: devices of that kind are 2; it has: cpu, gpu:0, gpu:1, npu:0");
  EXPECT_THAT(chosen("other", {Kind::kNpu, 0}).error().to_string(),
              HasSubstr("other has no npu:0: devices of that kind are 0; it has: gpu:0"));
  EXPECT_THAT(chosen("third", {}).error().to_string(), HasSubstr("third finds no device"));
}

TEST(OnnxRuntime, AnOrtFileRuns) {
  const std::string file = testing::TempDir() + "weir_add_one.ort";
  const std::string onnx = test::onnx_add_one(DType::kFloat32, {"N", 3});
  OnnxRuntimeBackend backend;
  ASSERT_TRUE(backend.open(add_one_spec()));  // makes the library's environment, which is shared
  OrtEnv* env = nullptr;
  ASSERT_TRUE(ort_status(ort().CreateEnv(ORT_LOGGING_LEVEL_WARNING, "test", &env)));
  const OrtEnvPtr env_owner(env);
  OrtSessionOptions* options = nullptr;
  ASSERT_TRUE(ort_status(ort().CreateSessionOptions(&options)));
  const OrtSessionOptionsPtr options_owner(options);
  ASSERT_TRUE(ort_status(ort().AddSessionConfigEntry(options, "session.save_model_format", "ORT")));
  ASSERT_TRUE(ort_status(ort().SetOptimizedModelFilePath(options, file.c_str())));
  OrtSession* converted = nullptr;
  ASSERT_TRUE(
      ort_status(ort().CreateSessionFromArray(env, onnx.data(), onnx.size(), options, &converted)));
  const OrtSessionPtr session_owner(converted);

  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(graph::detect_file_kind(bytes), graph::FileKind::kOrt);
  for (const bool in_memory : {false, true}) {
    BackendSpec spec;
    spec.file = file;
    if (in_memory) spec.bytes = std::make_shared<const std::string>(bytes);
    spec.shapes["x"] = {{1, 3}, {2, 3}, {4, 3}};
    const auto model = backend.open(spec);
    ASSERT_TRUE(model) << model.error().to_string();
    EXPECT_EQ((*model)->inputs()[0].shape, (Shape{-1, 3}));
    const auto session = (*model)->make_session().value();
    for (int i = 0; i < 6; ++i) session->input(0).as<float>()[i] = static_cast<float>(i);
    ASSERT_TRUE(session->run());
    for (int i = 0; i < 6; ++i) EXPECT_EQ(session->output(0).as<float>()[i], float(i + 1));
  }
  std::filesystem::remove(file);
}

TEST(OnnxRuntime, AnOrtFileThatIsCutShortIsCorrupt) {
  BackendSpec spec;
  spec.file = "cut.ort";
  using namespace std::string_literals;
  spec.bytes = std::make_shared<const std::string>("\x18\0\0\0ORTM\0\0\0\0"s);
  OnnxRuntimeBackend backend;
  const auto model = backend.open(spec);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kCorrupt) << model.error().to_string();
  EXPECT_EQ(model.error().where, "cut.ort");
}

TEST(OnnxRuntime, AProviderThatTheLibraryLacksIsNamedWithThoseThatItHas) {
  OnnxRuntimeBackend backend;
  BackendSpec spec = add_one_spec();
  spec.device = {Device::Kind::kCuda, 0};
  const auto model = backend.open(spec);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(model.error().message, HasSubstr("without CUDAExecutionProvider"));
  EXPECT_THAT(model.error().hint, HasSubstr("CPUExecutionProvider"));
}

// Every build of the library has this one, which takes no node of an ordinary model.
TEST(OnnxRuntime, AProviderOfTheLibraryIsAskedAndTheCpuTakesWhatItLeaves) {
  OnnxRuntimeBackend backend;
  BackendSpec spec = add_one_spec();
  spec.options["provider"] = "azure";
  const auto model = backend.open(spec);
  if (!model && model.error().code == ErrorCode::kUnavailable) GTEST_SKIP() << "without it";
  ASSERT_TRUE(model) << model.error().to_string();
  ASSERT_FALSE((*model)->report().placements.empty());
  EXPECT_EQ((*model)->report().placements[0].provider, "CPUExecutionProvider");
  auto session = (*model)->make_session().value();
  ASSERT_TRUE(session->set_input_shape(0, {1, 3}));
  ASSERT_TRUE(session->run());
  EXPECT_EQ(session->output(0).as<float>()[2], 1.0F);
}

TEST(OnnxRuntime, LibrariesThatAreNotThereAreNamed) {
  OnnxRuntimeBackend backend;
  for (const char* option : {"custom_ops", "provider_library"}) {
    BackendSpec spec = add_one_spec();
    spec.options[option] = "/nowhere/libnothing.so";
    const auto model = backend.open(spec);
    ASSERT_FALSE(model) << option;
    EXPECT_THAT(model.error().to_string(), HasSubstr("/nowhere/libnothing.so"));
  }
}

TEST(OnnxRuntime, AnOperatorOfALibraryRuns) {
  BackendSpec spec;
  test::OnnxGraph graph;
  graph.input("x", DType::kFloat32, {3}).output("y", DType::kFloat32, {3});
  graph.node({.op = "PlusTwo", .inputs = {"x"}, .outputs = {"y"}, .domain = "weir.test"});
  const test::OnnxModel model{.graph = graph, .opsets = {{"", 17}, {"weir.test", 1}}};
  spec.bytes = std::make_shared<const std::string>(model.bytes());
  OnnxRuntimeBackend backend;
  EXPECT_FALSE(backend.open(spec)) << "nobody has told of PlusTwo yet";
  spec.options["custom_ops"] = WEIR_CUSTOM_OPERATOR;
  const auto opened = backend.open(spec);
  ASSERT_TRUE(opened) << opened.error().to_string();
  const auto session = (*opened)->make_session().value();
  for (int i = 0; i < 3; ++i) session->input(0).as<float>()[i] = static_cast<float>(i);
  const Status status = session->run();
  ASSERT_TRUE(status) << status.error().to_string();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(session->output(0).as<float>()[i], float(i + 2));
}

TEST(OnnxRuntime, AModelOfOneThreadHasNoneToStartARunOn) {
  OnnxRuntimeBackend backend;
  const auto model = backend.open(add_one_spec());
  ASSERT_TRUE(model);
  const auto session = (*model)->make_session().value();
  ASSERT_TRUE(session->set_input_shape(0, {1, 3}));
  const Status status = session->start([](Status) { ADD_FAILURE() << "called back"; });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(status.error().hint, HasSubstr("intra_op_threads"));
  EXPECT_TRUE(session->run());
}

TEST(OnnxRuntime, OptionsAreChecked) {
  OnnxRuntimeBackend backend;
  const std::pair<const char*, const char*> wrong[] = {
      {"optimize", "much"}, {"arena", "perhaps"}, {"spinning", "2"}, {"porvider", "cpu"}};
  for (const auto& [option, value] : wrong) {
    BackendSpec spec = add_one_spec();
    spec.options[option] = value;
    EXPECT_FALSE(backend.open(spec)) << option;
  }
  BackendSpec spec = add_one_spec();
  spec.options = {{"optimize", "off"},
                  {"arena", "false"},
                  {"spinning", "true"},
                  {"config.session.disable_prepacking", "1"}};
  EXPECT_TRUE(backend.open(spec));
  spec.intra_op_threads = 0;
  EXPECT_FALSE(backend.open(spec));
}

TEST(OnnxRuntime, StringsAndSequencesAreRefusedByName) {
  OnnxRuntimeBackend backend;
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(
      test::onnx_identity(test::OnnxType(8), {2}));  // TensorProto.STRING
  const auto model = backend.open(spec);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(model.error().message, HasSubstr("input 'x' holds strings"));
}

TEST(OnnxRuntime, AnInputWithoutAShapeTakesAny) {
  OnnxRuntimeBackend backend;
  test::OnnxGraph graph;
  graph.input_without_shape("x", DType::kFloat32).output_without_shape("y", DType::kFloat32);
  graph.node({.op = "Identity", .inputs = {"x"}, .outputs = {"y"}});
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(test::OnnxModel{.graph = graph}.bytes());
  const auto model = backend.open(spec);
  ASSERT_TRUE(model) << model.error().to_string();
  auto session = (*model)->make_session();
  ASSERT_TRUE(session);
  for (const Shape& shape : {Shape{2, 3}, Shape{4}, Shape{2, 3}}) {
    ASSERT_TRUE((*session)->set_input_shape(0, shape));
    ASSERT_TRUE((*session)->run());
    EXPECT_EQ((*session)->output(0).shape, shape);
  }
}

TEST(OnnxRuntime, WeightsThatLieInAMissingFileAreNamed) {
  OnnxRuntimeBackend backend;
  test::OnnxGraph graph;
  graph.input("x", DType::kFloat32, {4}).output("y", DType::kFloat32, {4});
  graph.initializer_external("w", DType::kFloat32, {4}, "weights.bin", 0, 16);
  graph.node({.op = "Add", .inputs = {"x", "w"}, .outputs = {"y"}});
  BackendSpec spec;
  spec.file = testing::TempDir() + "weir_external.onnx";
  ASSERT_TRUE(test::write_file(spec.file, test::OnnxModel{.graph = graph}.bytes()));
  const auto model = backend.open(spec);
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().to_string(), HasSubstr("weights.bin"));
}

TEST(OnnxRuntime, ARunThatIsUnderWayIsCancelled) {
  OnnxRuntimeBackend backend;
  constexpr int kNodes = 2000;
  test::OnnxGraph graph;
  graph.input("t0", DType::kFloat32, {1 << 16});
  for (int i = 0; i < kNodes; ++i) {
    graph.node({.op = "Sin",
                .inputs = {"t" + std::to_string(i)},
                .outputs = {"t" + std::to_string(i + 1)}});
  }
  graph.output("t" + std::to_string(kNodes), DType::kFloat32, {1 << 16});
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(test::OnnxModel{.graph = graph}.bytes());
  const auto model = backend.open(spec);
  ASSERT_TRUE(model) << model.error().to_string();
  auto session = (*model)->make_session();
  ASSERT_TRUE(session);
  auto run = std::async(std::launch::async, [&] { return (*session)->run(); });
  // A cancel that comes before the run is not for it: so again until it has ended.
  while (run.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    (*session)->cancel();
  }
  const Status status = run.get();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled) << status.error().to_string();
  EXPECT_TRUE((*session)->run()) << "the next run is not cancelled";
}

TEST(OnnxRuntime, ALyingStaticOutputShapeIsResolvedAnyway) {
  OnnxRuntimeBackend backend;
  test::OnnxGraph graph;
  graph.input("x", DType::kFloat32, {"N"}).output("y", DType::kFloat32, {3});
  graph.node({.op = "Identity", .inputs = {"x"}, .outputs = {"y"}});
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>(test::OnnxModel{.graph = graph}.bytes());
  const auto model = backend.open(spec);
  if (!model) return;  // refused is as good
  auto session = (*model)->make_session();
  ASSERT_TRUE((*session)->set_input_shape(0, {5}));
  if ((*session)->run()) {
    EXPECT_EQ((*session)->output(0).shape, (Shape{5}));
  }
}

}  // namespace
}  // namespace weir

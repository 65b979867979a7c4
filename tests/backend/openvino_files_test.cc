// The kinds of files that OpenVINO reads beside ONNX, each written here and run.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/onnx_builder.h"
#include "tests/support/proto_writer.h"
#include "weir/backend/openvino/openvino_backend.h"

namespace weir {
namespace {

using test::ProtoWriter;

class OpenVinoFiles : public testing::Test {
 protected:
  OpenVinoFiles()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("weir_openvino_files_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~OpenVinoFiles() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string path(const char* name) const { return (folder_ / name).string(); }

  std::vector<float> run(const std::string& file, const std::vector<float>& x) {
    BackendSpec spec;
    spec.file = file;
    auto model = backend_.open(spec);
    EXPECT_TRUE(model) << model.error().to_string();
    if (!model) return {};
    const auto session = (*model)->make_session().value();
    EXPECT_TRUE(session->set_input_shape(0, {1, static_cast<int64_t>(x.size())}));
    std::copy(x.begin(), x.end(), session->input(0).as<float>());
    const Status status = session->run();
    EXPECT_TRUE(status) << status.error().to_string();
    const TensorView& y = session->output(0);
    return {y.as<float>(), y.as<float>() + y.shape.elements().value()};
  }

 private:
  std::filesystem::path folder_;
  OpenVinoBackend backend_;
};

// y = x · weights, where the weights lie in the .bin beside the .xml.
void write_ir(const std::string& file) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 3});
  const auto weights = ov::op::v0::Constant::create(ov::element::f32, {3, 2},
                                                    std::vector<float>{1, 10, 2, 20, 3, 30});
  const auto y = std::make_shared<ov::op::v0::MatMul>(x, weights);
  ov::save_model(std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x}), file,
                 false);
}

TEST_F(OpenVinoFiles, AnIrWithItsWeightsRuns) {
  write_ir(path("net.xml"));
  EXPECT_EQ(run(path("net.xml"), {1, 1, 2}), (std::vector<float>{9, 90}));
}

TEST_F(OpenVinoFiles, AnIrWithoutItsWeightsIsRefused) {
  write_ir(path("net.xml"));
  std::filesystem::remove(path("net.bin"));
  BackendSpec spec;
  spec.file = path("net.xml");
  OpenVinoBackend backend;
  const auto model = backend.open(spec);
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().to_string().find("net.xml"), std::string::npos)
      << model.error().to_string();
}

// Paddle's ProgramDesc, as far as one operator needs it.
constexpr int kFloat32 = 5, kDenseTensor = 7, kFeedList = 9, kFetchList = 10;

ProtoWriter variable(const char* name, int kind) {
  ProtoWriter type;
  type.varint(1, kind);
  if (kind == kDenseTensor) {
    ProtoWriter tensor;
    tensor.varint(1, kFloat32).varint(2, -1).varint(2, 3);
    type.message(3, ProtoWriter().message(1, tensor));
  }
  return ProtoWriter().bytes(1, name).message(2, type);
}

ProtoWriter operation(const char* kind, const char* input, const char* output) {
  const auto slot = [](const char* name, const char* value) {
    return ProtoWriter().bytes(1, name).bytes(2, value);
  };
  ProtoWriter column;
  column.bytes(1, "col").varint(2, 0).varint(3, 0);
  return ProtoWriter()
      .message(1, slot("X", input))
      .message(2, slot("Out", output))
      .bytes(3, kind)
      .message(4, column);
}

std::string paddle_relu() {
  ProtoWriter block;
  block.varint(1, 0).varint(2, -1);
  for (const auto& [name, kind] : {std::pair<const char*, int>{"feed", kFeedList},
                                   {"fetch", kFetchList},
                                   {"x", kDenseTensor},
                                   {"y", kDenseTensor}}) {
    block.message(3, variable(name, kind));
  }
  block.message(4, operation("feed", "feed", "x"))
      .message(4, operation("relu", "x", "y"))
      .message(4, operation("fetch", "y", "fetch"));
  return ProtoWriter().message(1, block).message(4, ProtoWriter().varint(1, 2'006'000)).str();
}

TEST_F(OpenVinoFiles, APaddleProgramRuns) {
  ASSERT_TRUE(test::write_file(path("net.pdmodel"), paddle_relu()));
  EXPECT_EQ(run(path("net.pdmodel"), {-1, 0, 2}), (std::vector<float>{0, 0, 2}));
}

}  // namespace
}  // namespace weir

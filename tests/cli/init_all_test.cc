// `weir init --all` as a user runs it: what it writes are specs that work.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/process.h"
#include "tests/support/onnx_builder.h"
#include "weir/model/spec.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

class InitAll : public testing::Test {
 protected:
  InitAll() : folder_(fs::path(testing::TempDir()) / ("init_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    for (const char* model : {"doubler.fake", "open_sizes.fake"}) {
      fs::copy_file(fs::path(WEIR_SOURCE_DIR "/tests/cli/files") / model, folder_ / model);
    }
    const fs::path real = WEIR_SOURCE_DIR "/../shared/assets/models/detection/yolox_nano_416.onnx";
    if (fs::exists(real)) fs::copy_file(real, folder_ / "yolox_nano_416.onnx");
  }
  ~InitAll() override { fs::remove_all(folder_); }

  ProcessResult weir(std::vector<std::string> words) const {
    Process process;
    process.command = std::move(words);
    process.command.insert(process.command.begin(), WEIR_COMMAND);
    return process.run();
  }

  void put_onnx(const char* name) const {
    test::OnnxGraph graph;
    graph.input("x", DType::kFloat32, {1, 3}).output("y", DType::kFloat32, {1, 3});
    graph.node({.op = "Identity", .inputs = {"x"}, .outputs = {"y"}});
    std::ofstream(folder_ / name, std::ios::binary) << test::OnnxModel{.graph = graph}.bytes();
  }

  // The name of the file that a spec is of; the Error if it cannot be read.
  std::string model_of(const char* spec) const {
    const auto read = read_model_spec_file((folder_ / spec).string());
    return read ? fs::path(read->file.path).filename().string() : read.error().to_string();
  }

  std::vector<fs::path> specs() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const fs::path& path = entry.path();
      if (path.extension() == ".yaml" && path.filename() != "defaults.yaml") found.push_back(path);
    }
    return found;
  }

  fs::path folder_;
};

TEST_F(InitAll, EverySpecReadsBackAndTakesTheDefaults) {
  const ProcessResult written = weir({"init", "--all", folder_.string()});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  ASSERT_TRUE(fs::exists(folder_ / "defaults.yaml"));
  ASSERT_GE(specs().size(), 2U);
  std::ofstream(folder_ / "defaults.yaml", std::ios::app) << "\nthreads: 3\nprecision: float16\n";
  for (const fs::path& path : specs()) {
    const auto spec = read_model_spec_file(path.string());
    ASSERT_TRUE(spec) << spec.error().to_string();
    EXPECT_TRUE(fs::exists(spec->file.path)) << spec->file.path;
    EXPECT_EQ(fs::path(spec->file.path).stem(), path.stem());
    EXPECT_EQ(spec->threads, 3);
    EXPECT_EQ(spec->precision, Precision::kFloat16);
    EXPECT_NE(written.out.find(path.string()), std::string::npos);
  }
}

TEST_F(InitAll, TwoModelsOfOneNameHaveASpecEach) {
  put_onnx("doubler.onnx");
  const ProcessResult written = weir({"init", "--all", folder_.string()});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_EQ(model_of("doubler.yaml"), "doubler.fake");
  EXPECT_EQ(model_of("doubler-onnx.yaml"), "doubler.onnx");
  EXPECT_NE(written.err.find("doubler-onnx.yaml: is of doubler.onnx; doubler.yaml is another"),
            std::string::npos)
      << written.err;
  EXPECT_EQ(weir({"init", "--all", folder_.string()}).out, "") << "both are there";
}

TEST_F(InitAll, AModelThatComesLaterTakesNoSpecOfAnother) {
  fs::rename(folder_ / "doubler.fake", folder_ / "twin.fake");
  ASSERT_EQ(weir({"init", "--all", folder_.string()}).exit_code, 0);
  put_onnx("twin.onnx");
  fs::copy_file(folder_ / "twin.fake", folder_ / "defaults.fake");
  const ProcessResult again = weir({"init", "--all", folder_.string()});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(model_of("twin.yaml"), "twin.fake");
  EXPECT_EQ(model_of("twin-onnx.yaml"), "twin.onnx");
  EXPECT_EQ(model_of("defaults-fake.yaml"), "defaults.fake") << "defaults.yaml is for all";
}

TEST_F(InitAll, GoesIntoSubfoldersButNotIntoHiddenOnes) {
  for (const char* folder : {"faces/small", ".git"}) {
    fs::create_directories(folder_ / folder);
    fs::copy_file(folder_ / "doubler.fake", folder_ / folder / "deep.fake");
  }
  const ProcessResult written = weir({"init", "--all", folder_.string()});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_FALSE(fs::exists(folder_ / ".git/deep.yaml"));
  EXPECT_FALSE(fs::exists(folder_ / "faces/small/defaults.yaml"));
  std::ofstream(folder_ / "defaults.yaml", std::ios::app) << "\nthreads: 3\n";
  const auto spec = read_model_spec_file((folder_ / "faces/small/deep.yaml").string());
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_TRUE(fs::exists(spec->file.path)) << spec->file.path;
  EXPECT_EQ(spec->threads, 3) << "from the defaults of the folder above";
}

TEST_F(InitAll, WhatItWritesCanBeBenched) {
  ASSERT_EQ(weir({"init", "--all", folder_.string()}).exit_code, 0);
  const ProcessResult bench = weir({"bench", (folder_ / "doubler.yaml").string(), "--repeat", "5"});
  EXPECT_EQ(bench.exit_code, 0) << bench.err;
}

TEST_F(InitAll, ASecondRunLeavesWhatIsThere) {
  ASSERT_EQ(weir({"init", "--all", folder_.string()}).exit_code, 0);
  std::ofstream(folder_ / "doubler.yaml") << "file: doubler.fake\nwarm_up: 7\n";
  fs::remove(folder_ / "open_sizes.yaml");
  const ProcessResult again = weir({"init", "--all", folder_.string()});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, (folder_ / "open_sizes.yaml").string() + "\n");
  EXPECT_EQ(read_model_spec_file((folder_ / "doubler.yaml").string())->warm_up, 7);
}

}  // namespace
}  // namespace weir::cli

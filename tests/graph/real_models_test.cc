#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "weir/graph/inspect.h"

namespace weir::graph {
namespace {

const std::string kAssets = WEIR_SOURCE_DIR "/../shared/assets/";

// "input=1x3x320x320;state=2x1x128"
InspectOptions shapes_from(const std::string& text) {
  InspectOptions options;
  if (text == "-") return options;
  std::stringstream entries(text);
  for (std::string entry; std::getline(entries, entry, ';');) {
    const std::size_t equals = entry.find('=');
    std::stringstream sizes(entry.substr(equals + 1));
    std::vector<int64_t>& dims = options.input_shapes[entry.substr(0, equals)];
    for (std::string size; std::getline(sizes, size, 'x');) dims.push_back(std::stoll(size));
  }
  return options;
}

TEST(RealModels, AreCountedAsOtherProgramsCountThem) {
  if (!std::filesystem::exists(kAssets)) GTEST_SKIP() << "no assets at " << kAssets;
  std::ifstream table(WEIR_SOURCE_DIR "/tests/graph/real_models.txt");
  int seen = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::stringstream row(line);
    std::string file, shapes, precision, quantisation;
    int64_t nodes, subgraphs, initialisers, parameters, macs;
    row >> file >> shapes >> nodes >> subgraphs >> initialisers >> parameters >> macs >>
        precision >> quantisation;
    ASSERT_TRUE(row) << line;
    SCOPED_TRACE(file);
    if (!std::filesystem::exists(kAssets + file)) continue;
    const Result<GraphSummary> summary = inspect_file(kAssets + file, shapes_from(shapes));
    ASSERT_TRUE(summary) << summary.error().to_string();
    ++seen;
    EXPECT_EQ(summary->nodes, nodes);
    EXPECT_EQ(summary->subgraphs, subgraphs);
    EXPECT_EQ(summary->initialisers, initialisers);
    EXPECT_EQ(summary->parameters, parameters);
    EXPECT_EQ(summary->macs.total, macs);
    EXPECT_EQ(summary->macs.unknown_nodes, 0);
    EXPECT_EQ(name(summary->precision), precision);
    EXPECT_EQ(summary->quantisation.kind(), quantisation);
    EXPECT_TRUE(summary->notes.empty());
  }
  if (seen == 0) GTEST_SKIP() << "no models at " << kAssets;
}

TEST(RealModels, YoloxNanoAndMobileNetHaveTheMacsOfTheLiterature) {
  const std::string yolox = kAssets + "models/detection/yolox_nano_416.onnx";
  const std::string mobilenet = kAssets + "models/classification/mobilenet_v2_224_fp32.onnx";
  if (!std::filesystem::exists(yolox)) GTEST_SKIP() << "no models at " << kAssets;
  // 1.08 GFLOPs (two per multiply-accumulate, activations included) and 300
  // million.
  EXPECT_NEAR(static_cast<double>(inspect_file(yolox)->macs.total), 0.54e9, 0.03e9);
  EXPECT_NEAR(static_cast<double>(inspect_file(mobilenet)->macs.total), 0.300e9, 0.003e9);
}

}  // namespace
}  // namespace weir::graph

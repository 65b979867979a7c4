// The family yolov8 on generated files, in each layout and with each back end: colours, padding and
// boxes are where they belong.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/model/family/generated_models.h"
#include "tests/model/family/real_models.h"

namespace weir {
namespace {

constexpr int kSide = 64;
constexpr int kStride = 8;
constexpr int kCells = (kSide / kStride) * (kSide / kStride);

// The cells of one grid as cx, cy, w, h: row after row of the tensor [4,cells].
std::vector<float> cell_boxes() {
  std::vector<float> boxes(4 * kCells, float(kStride));
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    boxes[cell] = float(kStride) * (float(cell % 8) + 0.5F);
    boxes[kCells + cell] = float(kStride) * (float(cell / 8) + 0.5F);
  }
  return boxes;
}

// Each cell's box, with the means of its three channels as the scores of three classes.
std::string colour_yolo(bool box_major,
                        const std::vector<std::pair<std::string, std::string>>& metadata = {}) {
  test::OnnxDims sizes = {1, 7, kCells};
  if (box_major) sizes = {1, kCells, 7};
  test::OnnxGraph graph;
  graph.input("images", DType::kFloat32, {1, 3, kSide, kSide});
  graph.output("output0", DType::kFloat32, sizes);
  graph.initializer<float>("boxes", {1, 4, kCells}, cell_boxes());
  graph.initializer<int64_t>("columns", {3}, {1, 3, kCells});
  graph.node({.op = "AveragePool",
              .inputs = {"images"},
              .outputs = {"means"},
              .attributes = {test::OnnxAttribute::integers("kernel_shape", {kStride, kStride}),
                             test::OnnxAttribute::integers("strides", {kStride, kStride})}});
  graph.node({.op = "Reshape", .inputs = {"means", "columns"}, .outputs = {"scores"}});
  graph.node({.op = "Concat",
              .inputs = {"boxes", "scores"},
              .outputs = {box_major ? "all" : "output0"},
              .attributes = {test::OnnxAttribute::integer("axis", 1)}});
  if (box_major) {
    graph.node({.op = "Transpose",
                .inputs = {"all"},
                .outputs = {"output0"},
                .attributes = {test::OnnxAttribute::integers("perm", {0, 2, 1})}});
  }
  return test::OnnxModel{.graph = graph, .metadata = metadata}.bytes();
}

// 128x64: the left half red, the right half blue.
Image red_and_blue() {
  const Image image = Image::allocate(PixelFormat::kBgr, 128, 64).value();
  for (int y = 0; y < 64; ++y) {
    uint8_t* pixel = image.view().row(0, y);
    for (int x = 0; x < 128; ++x, pixel += 3) {
      pixel[0] = x < 64 ? 0 : 255;
      pixel[1] = 0;
      pixel[2] = x < 64 ? 255 : 0;
    }
  }
  return image;
}

const char* const kBackends[] = {"onnxruntime", "openvino"};

TEST(Yolov8, FindsColoursWhereTheyAreInBothLayouts) {
  for (const bool box_major : {false, true}) {
    const auto file = test::scratch("colours.onnx", colour_yolo(box_major));
    for (const char* backend : kBackends) {
      const auto model = test::load("{file: " + file + ", family: yolov8, backend: " + backend +
                                    ", labels: [red, green, blue]}");
      ASSERT_NE(model, nullptr);
      // The padding has 114 of 255 in each channel, and all of its boxes lie outside of the
      // picture.
      const auto found = test::find(*model, red_and_blue());
      EXPECT_EQ(test::counts(*model, found), (test::Counts{{"red", 16}, {"blue", 16}})) << backend;
      for (const Finding& finding : found) {
        EXPECT_NEAR(finding.best->score, 1, 1e-3);
        EXPECT_EQ(finding.box->width(), 16);
        EXPECT_EQ(finding.box->height(), 16);
        EXPECT_EQ(finding.best->label_id == 0, finding.box->x2 <= 64);
      }
      ASSERT_FALSE(found.empty());
      EXPECT_EQ(*found[0].box, (Box{0, 0, 16, 16}));
    }
  }
}

TEST(Yolov8, TakesTheNamesThatTheFileHas) {
  const auto file = test::scratch(
      "named.onnx", colour_yolo(false, {{"names", "{0: 'red', 1: 'green', 2: 'blue'}"}}));
  for (const char* backend : kBackends) {
    const std::string spec = "{file: " + file + ", family: yolov8, backend: " + backend;
    const auto model = test::load(spec + "}");
    ASSERT_NE(model, nullptr);
    EXPECT_EQ(test::counts(*model, test::find(*model, red_and_blue())),
              (test::Counts{{"red", 16}, {"blue", 16}}))
        << backend;
    const auto own = test::load(spec + ", labels: [r, g, b]}");  // the spec goes before
    ASSERT_NE(own, nullptr);
    EXPECT_EQ(own->labels()->name(0), "r");
  }
}

TEST(Yolov8, ReadsWhatIsEndToEnd) {
  test::OnnxGraph graph;
  graph.input("images", DType::kFloat32, {1, 3, kSide, kSide});
  graph.output("output0", DType::kFloat32, {1, 3, 6});
  graph.initializer<float>("rows", {1, 3, 6},
                           {0, 16, 32, 48, 0.5F, 1,    //
                            32, 16, 64, 48, 0.75F, 0,  //
                            0, 16, 32, 48, 0.1F, 0});
  graph.node({.op = "Identity", .inputs = {"rows"}, .outputs = {"output0"}});
  const auto file = test::scratch("end.onnx", test::OnnxModel{.graph = graph}.bytes());
  for (const char* backend : kBackends) {
    const auto model = test::load("{file: " + file + ", family: yolov8, backend: " + backend +
                                  ", labels: [a, b]}");
    ASSERT_NE(model, nullptr);
    const auto found = test::find(*model, red_and_blue());
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(*found[0].box, (Box{64, 0, 128, 64}));
    EXPECT_EQ(found[0].best, (ClassScore{0, 0.75F}));
    EXPECT_EQ(*found[1].box, (Box{0, 0, 64, 64}));
    EXPECT_EQ(found[1].best, (ClassScore{1, 0.5F}));
  }
}

TEST(Yolov8, KeepsNoMoreThanItIsAskedFor) {
  const auto file = test::scratch("colours.onnx", colour_yolo(false));
  const auto model =
      test::load("{file: " + file + ", family: yolov8, thresholds: {max_findings: 5}}");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->spec().thresholds.candidates, 30000);
  EXPECT_EQ(test::find(*model, red_and_blue()).size(), 5U);
}

TEST(Yolov8, SaysWhatDoesNotFit) {
  const auto file = test::scratch("colours.onnx", colour_yolo(false));
  EXPECT_NE(test::refusal("{file: " + file + ", family: yolov8, labels: [red, green]}")
                .find("2 labels do not match the 3 classes of the model"),
            std::string::npos);
  const auto other =
      test::scratch("other.onnx", test::model_of({{"x", DType::kFloat32, {1, 3, 64, 64}}},
                                                 {{"a", DType::kFloat32, {1, 4, 84}}}));
  const std::string message = test::refusal("{file: " + other + ", family: yolov8}");
  EXPECT_NE(message.find("its output is a float32 1x4x84"), std::string::npos) << message;
  EXPECT_NE(message.find("1x(4+classes)xN"), std::string::npos) << message;
}

}  // namespace
}  // namespace weir

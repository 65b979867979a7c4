// The family yolov8 on generated files, in each layout and with each back end: colours, padding and
// boxes are where they belong.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/model/family/generated_models.h"
#include "tests/model/family/real_models.h"
#include "weir/ops/box.h"

namespace weir {
namespace {

// The left half red, the right half blue.
Image red_and_blue(int width = 128, int height = 64) {
  const Image image = Image::allocate(PixelFormat::kBgr, width, height).value();
  for (int y = 0; y < height; ++y) {
    uint8_t* pixel = image.view().row(0, y);
    for (int x = 0; x < width; ++x, pixel += 3) {
      pixel[0] = x < width / 2 ? 0 : 255;
      pixel[1] = 0;
      pixel[2] = x < width / 2 ? 255 : 0;
    }
  }
  return image;
}

// Red boxes cover the left half of a picture, blue ones the right, and nothing is green.
void expect_halves(const Model& model, const Image& image) {
  const auto width = float(image.width()), height = float(image.height());
  const Box halves[] = {{0, 0, width / 2, height}, {}, {width / 2, 0, width, height}};
  Box hull[3];
  for (const Finding& finding : test::find(model, image)) {
    const auto label = std::size_t(finding.best->label_id);
    ASSERT_NE(label, 1U);
    Box& whole = hull[label];
    const Box& box = *finding.box;
    whole = whole.area() > 0 ? Box{std::min(whole.x1, box.x1), std::min(whole.y1, box.y1),
                                   std::max(whole.x2, box.x2), std::max(whole.y2, box.y2)}
                             : box;
  }
  // Boxes that straddle the border of the picture, or the two halves, are less sure of a colour.
  EXPECT_GE(iou(hull[0], halves[0]), 0.85) << image.width();
  EXPECT_GE(iou(hull[2], halves[2]), 0.85) << image.width();
}

const char* const kBackends[] = {"onnxruntime", "openvino"};

TEST(Yolov8, FindsColoursWhereTheyAreInBothLayouts) {
  for (const bool box_major : {false, true}) {
    const auto file = test::scratch("colours.onnx", test::colour_yolo(box_major));
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

// The size of an input that is open, in multiples of 32, and what is found in it.
TEST(Yolov8, AnOpenSizeIsThatOfThePictureInWholeStrides) {
  for (const bool box_major : {false, true}) {
    const auto file = test::scratch("open_colours.onnx", test::open_colour_yolo(box_major));
    for (const std::string backend : kBackends) {
      for (const char* size : {"", ", input: {size: auto}"}) {
        const auto model = test::load("{file: " + file + ", family: yolov8, backend: " + backend +
                                      ", labels: [red, green, blue], thresholds: "
                                      "{max_findings: 2000}" +
                                      size + "}");
        ASSERT_NE(model, nullptr);
        const struct {
          int width, height;
          Shape input;
        } rows[] = {{128, 64, {1, 3, 64, 128}},
                    {120, 60, {1, 3, 64, 128}},
                    {320, 224, {1, 3, 224, 320}},
                    {322, 97, {1, 3, 128, 352}}};
        for (const auto& row : rows) {
          const Image image = red_and_blue(row.width, row.height);
          std::vector<Shape> shapes(1);
          ASSERT_TRUE(model->family().shape_for({.picture = &image.view()}, shapes));
          EXPECT_EQ(shapes[0], row.input) << row.width;
          expect_halves(*model, image);
        }
      }
    }
  }
}

TEST(Yolov8, TakesTheNamesThatTheFileHas) {
  const auto file = test::scratch(
      "named.onnx", test::colour_yolo(false, {{"names", "{0: 'red', 1: 'green', 2: 'blue'}"}}));
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
  graph.input("images", DType::kFloat32, {1, 3, 64, 64});
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
  const auto file = test::scratch("colours.onnx", test::colour_yolo(false));
  const auto model =
      test::load("{file: " + file + ", family: yolov8, thresholds: {max_findings: 5}}");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->spec().thresholds.candidates, 30000);
  EXPECT_EQ(test::find(*model, red_and_blue()).size(), 5U);
}

TEST(Yolov8, SaysWhatDoesNotFit) {
  const auto file = test::scratch("colours.onnx", test::colour_yolo(false));
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

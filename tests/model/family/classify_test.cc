// Classifiers with real weights, and tensors of any number of channels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/model/family/generated_models.h"
#include "tests/model/family/real_models.h"
#include "weir/media/npy.h"
#include "weir/ops/prepare_tensor.h"

namespace weir {
namespace {

constexpr const char* kMobilenet =
    ", family: classify, labels: labels/imagenet_1001.txt, "
    "input: {size: 224, scale: 1/128, mean: 1}";

std::string mobilenet(const std::string& kind, const std::string& more = {}) {
  return "{file: classification/mobilenet_v2_224_" + kind + ".onnx" + kMobilenet + more + "}";
}

ClassScore best(const std::vector<Finding>& found) {
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? ClassScore() : *found[0].best;
}

struct Row {
  const char* picture;
  const char* label;
  double sources;    // the score of SOURCES.md, whose pictures were made smaller with a filter
  double quantised;  // and of the quantised twin
  double stretched;  // ours, which takes the nearest two pixels
};

const Row kRows[] = {{"cat_720p.jpg", "Egyptian cat", 0.78, 0.77, 0.87},
                     {"parrot.jpg", "macaw", 1.00, 1.00, 1.00},
                     {"face_grace_hopper.bmp", "military uniform", 0.90, 0.89, 0.91}};

TEST(Classify, NamesWhatIsToBeSeenOnEveryBackEnd) {
  WEIR_NEEDS_ASSETS("models/classification");
  const auto onnx = test::load(mobilenet("fp32", ", backend: onnxruntime"));
  const auto vino = test::load(mobilenet("fp32", ", backend: openvino"));
  ASSERT_TRUE(onnx != nullptr && vino != nullptr);
  for (const Row& row : kRows) {
    const Image image = test::picture(row.picture);
    const ClassScore found = best(test::find(*onnx, image));
    EXPECT_EQ(onnx->labels()->name(found.label_id), row.label);
    EXPECT_NEAR(found.score, row.stretched, 0.01) << row.picture;
    EXPECT_EQ(best(test::find(*vino, image)).label_id, found.label_id);
    EXPECT_NEAR(best(test::find(*vino, image)).score, found.score, 0.01) << row.picture;
  }
}

// PIL rounds to whole levels between rows and columns and at the end, which moves a score by this.
constexpr double kRounding = 0.025;

TEST(Classify, GivesTheScoresOfSourcesWithTheFilterThatWasUsedThere) {
  WEIR_NEEDS_ASSETS("models/classification");
  const auto bicubic = [](const std::string& kind) {
    return test::load("{file: classification/mobilenet_v2_224_" + kind +
                      ".onnx, family: classify, labels: labels/imagenet_1001.txt, "
                      "input: {size: 224, scale: 1/128, mean: 1, resize: {filter: bicubic}}}");
  };
  const auto plain = bicubic("fp32");
  const auto coarse = bicubic("qdq");
  ASSERT_TRUE(plain != nullptr && coarse != nullptr);
  for (const Row& row : kRows) {
    const Image image = test::picture(row.picture);
    EXPECT_NEAR(best(test::find(*plain, image)).score, row.sources, kRounding) << row.picture;
    EXPECT_NEAR(best(test::find(*coarse, image)).score, row.quantised, 0.03) << row.picture;
  }
}

// A quantised classifier names the same class, with a score that differs by this at most.
constexpr double kQuantised = 0.05;

TEST(Classify, QuantisedTwinsNameTheSame) {
  WEIR_NEEDS_ASSETS("models/classification");
  const std::string small =
      ", family: classify, labels: labels/imagenet_1001.txt, "
      "input: {size: 128, scale: 1/128, mean: 1}}";
  const std::string names[] = {mobilenet("fp32"), mobilenet("qdq"),
                               "{file: classification/mobilenet_v1_025_128_fp32.onnx" + small,
                               "{file: classification/mobilenet_v1_025_128_qdq.onnx" + small};
  for (const std::size_t i : {0U, 2U}) {
    const auto plain = test::load(names[i]);
    const auto coarse = test::load(names[i + 1]);
    ASSERT_TRUE(plain != nullptr && coarse != nullptr);
    for (const Row& row : kRows) {
      const Image image = test::picture(row.picture);
      const ClassScore a = best(test::find(*plain, image));
      const ClassScore b = best(test::find(*coarse, image));
      EXPECT_EQ(a.label_id, b.label_id) << names[i] << row.picture;
      EXPECT_NEAR(a.score, b.score, i == 0 ? kQuantised : 3 * kQuantised)
          << names[i] << row.picture;
    }
  }
}

TEST(Classify, CutsTheMiddleOutWhereTheSpecSaysSo) {
  WEIR_NEEDS_ASSETS("models/classification");
  const auto score = [](const std::string& resize) {
    const auto model = test::load(
        "{file: classification/mobilenet_v2_224_fp32.onnx, family: classify, "
        "labels: labels/imagenet_1001.txt, "
        "input: {size: 224, scale: 1/128, mean: 1, resize: " +
        resize + "}}");
    return best(test::find(*model, test::picture("cat_720p.jpg")));
  };
  EXPECT_EQ(score("{policy: crop}").label_id, 286);
  EXPECT_NEAR(score("{policy: crop}").score, 0.92, 0.01);
  EXPECT_NEAR(score("{policy: crop, short_side: 256}").score, 0.93, 0.015);
}

TEST(Classify, LabelsWithoutTheBackgroundAreOneLess) {
  WEIR_NEEDS_ASSETS("models/classification");
  std::ifstream all(test::asset("models/labels/imagenet_1001.txt"));
  std::string line, text;
  std::getline(all, line);
  EXPECT_EQ(line, "background");
  while (std::getline(all, line)) text += line + "\n";
  const std::string labels = test::scratch("imagenet_1000.txt", text);
  const auto model = test::load(
      "{file: classification/mobilenet_v2_224_fp32.onnx, family: classify, labels: " + labels +
      ", input: {size: 224, scale: 1/128, mean: 1}, family_options: {top: 2}}");
  ASSERT_NE(model, nullptr);
  const auto found = test::find(*model, test::picture("cat_720p.jpg"));
  EXPECT_EQ(best(found).label_id, 285);
  EXPECT_EQ(model->labels()->name(285), "Egyptian cat");
  EXPECT_EQ(found[0].others.size(), 1U);
}

TEST(Classify, NamesAsManyClassesAsItsThresholdsSay) {
  WEIR_NEEDS_ASSETS("models/classification");
  const std::string file =
      "{file: classification/mobilenet_v2_224_fp32.onnx, family: classify, input: {scale: 1/128, "
      "mean: 1}, ";
  const auto classes = [&](const std::string& more) {
    const auto found = test::find(*test::load(file + more), test::picture("cat_720p.jpg"));
    return found.empty() ? 0 : 1 + found[0].others.size();
  };
  EXPECT_EQ(classes("thresholds: {max_findings: 3}}"), 3U);
  EXPECT_EQ(classes("thresholds: {max_findings: 3}, family_options: {top: 2}}"), 2U);
  EXPECT_EQ(classes("labels: []}"), 5U);
}

TEST(Classify, TellsWhichWayUpALineOfTextIs) {
  WEIR_NEEDS_ASSETS("models/ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx");
  const auto model = test::load(
      "{file: ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx, family: classify, labels: ['0', '180'], "
      "input: {size: [192, 48], colour: bgr, scale: 1/255, mean: 0.5, std: 0.5, "
      "resize: stretch}}");
  ASSERT_NE(model, nullptr);
  const Image page = test::picture("ocr_text_synthetic.png");
  const auto direction = [&](const Image& image, const Box& line) {
    Finding on;
    on.box = line;
    const auto found = test::try_find(*model, {.picture = &image.view(), .on = &on}).value();
    return model->labels()->name(best(found).label_id);
  };
  const Image turned = page.rotated(Rotation::k180);
  const auto w = float(page.width()), h = float(page.height());
  const Box lines[] = {{18, 12, 240, 60}, {280, 12, 528, 60}, {18, 82, 360, 130}};
  for (const Box& line : lines) {
    EXPECT_EQ(direction(page, line), "0");
    EXPECT_EQ(direction(turned, {w - line.x2, h - line.y2, w - line.x1, h - line.y1}), "180");
  }
}

// Five channels, of which the fourth is the highest.
std::vector<float> five_channels(int height, int width) {
  std::vector<float> values;
  for (int c = 0; c < 5; ++c) {
    for (int i = 0; i < height * width; ++i) values.push_back(c == 3 ? 2.0F : 0.25F * float(c));
  }
  return values;
}

std::string npy(const std::string& shape, const std::vector<float>& values) {
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }\n";
  std::string bytes("\x93NUMPY\1", 7);
  bytes += std::string(1, '\0');
  bytes += {char(header.size()), '\0'};
  bytes += header;
  return bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
}

TEST(Classify, TakesTensorsOfFiveChannels) {
  const auto open = test::scratch("five.onnx", test::channel_classifier("N", 5, "H", "W"));
  const auto fixed = test::scratch("five_8.onnx", test::channel_classifier(1, 5, 8, 8));
  const auto array = test::scratch("five.npy", npy("(5, 6, 7)", five_channels(6, 7)));
  const Tensor tensor = read_npy(array).value();
  for (const std::string& file : {open, fixed}) {
    for (const char* backend : {"onnxruntime", "openvino"}) {
      const auto model =
          test::load("{file: " + file + ", family: classify, labels: [a, b, c, d, e], " +
                     "backend: " + backend + ", input: {mean: [0, 0, 0, 1, 0]}}");
      ASSERT_NE(model, nullptr);
      const auto found = test::try_find(*model, {.tensor = &tensor.view()});
      ASSERT_TRUE(found) << found.error().to_string();
      // The mean makes the fourth equal to the last, which is 1 as well: of equals the first.
      EXPECT_EQ(best(*found).label_id, 3);
      const double sum = 2 * std::exp(1.0) + 1 + std::exp(0.25) + std::exp(0.5);
      EXPECT_NEAR(best(*found).score, std::exp(1.0) / sum, 1e-6);
      EXPECT_EQ((*found)[0].others[0].label_id, 4);
    }
  }
}

TEST(Classify, TakesPicturesStackedIntoATensor) {
  const auto file = test::scratch("five.onnx", test::channel_classifier("N", 5, "H", "W"));
  const auto model = test::load("{file: " + file + ", family: classify, input: {scale: 1/255}}");
  ASSERT_NE(model, nullptr);
  const Image colour = Image::allocate(PixelFormat::kBgr, 20, 10).value();
  const Image grey = Image::allocate(PixelFormat::kGrey, 20, 10).value();
  for (int y = 0; y < 10; ++y) {
    std::fill_n(colour.view().row(0, y), 60, uint8_t{10});
    std::fill_n(grey.view().row(0, y), 20, uint8_t{200});
  }
  const ImageView views[] = {colour.view(), grey.view(), colour.view()};
  const Tensor stack = stack_images({views, 2}).value();
  // Four channels are not what it takes; with a second grey picture there are five.
  const auto refused = test::try_find(*model, {.tensor = &stack.view()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "a tensor of 4x10x20 has 4 channels, the model takes 5");
  const ImageView five[] = {colour.view(), grey.view(), grey.view()};
  const Tensor tensor = stack_images(five).value();
  EXPECT_EQ(best(test::try_find(*model, {.tensor = &tensor.view()}).value()).label_id, 3);
  const auto picture = test::try_find(*model, {.picture = &colour.view()});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().to_string(),
            "the model takes tensors of ?x5x?x?, and this is a picture; give a .npy file, or "
            "pictures stacked into a tensor");
}

TEST(Classify, ManyClassesMayBeThereTogether) {
  const auto file = test::scratch("three.onnx", test::channel_classifier("N", 3, "H", "W"));
  const auto model = test::load("{file: " + file +
                                ", family: classify, labels: [r, g, b], thresholds: {score: 0.5}, "
                                "input: {mean: [0, 0, 100]}, family_options: {scores: sigmoid}}");
  ASSERT_NE(model, nullptr);
  const Image image = Image::allocate(PixelFormat::kBgr, 32, 32).value();
  for (int y = 0; y < 32; ++y) std::fill_n(image.view().row(0, y), 96, uint8_t{3});
  const auto found = test::find(*model, image);
  EXPECT_EQ(best(found).label_id, 0);
  EXPECT_NEAR(best(found).score, 1 / (1 + std::exp(-3.0)), 1e-6);
  EXPECT_EQ(found[0].others.size(), 1U);
}

}  // namespace
}  // namespace weir

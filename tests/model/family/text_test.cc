// Text boxes, directions and lines with real weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/model/family/real_models.h"
#include "tests/model/family/text_pictures.h"
#include "weir/assemble/read_text.h"
#include "weir/ops/box.h"
#include "weir/ops/text_quad.h"

namespace weir {
namespace {

using test::asset;
using testing::HasSubstr;

constexpr const char* kSample = "ocr_text_synthetic.png";
constexpr const char* kRead = "Camera 07 2026-11-21\nPlate ABC-1234";

const std::string kDetector = "{file: ocr/ch_PP-OCRv4_det_infer.onnx, family: dbnet";
const std::string kDirection =
    "{file: ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx, "
    "family: text-direction";
const std::string kRecogniser =
    "{file: ocr/ch_PP-OCRv4_rec_infer.onnx, family: ctc, labels: ocr/ppocr_keys_v1.txt";

ModelSpec spec_of(const std::string& yaml) {
  const config::Node node = config::parse_yaml(yaml, asset("models/spec.yaml")).value();
  return read_model_spec(node, "models.m").value();
}

TextReader& reader(const std::string& backend = "onnxruntime") {
  static std::map<std::string, std::unique_ptr<TextReader>> readers;
  auto& reader = readers[backend];
  if (!reader) {
    const std::string rest = ", backend: " + backend + "}";
    TextReaderSpec spec;
    spec.detector = spec_of(kDetector + rest);
    spec.direction = spec_of(kDirection + rest);
    spec.recogniser = spec_of(kRecogniser + rest);
    auto made = TextReader::make(test::runtime(), spec);
    EXPECT_TRUE(made) << made.error().to_string();
    reader = std::move(made).value();
  }
  return *reader;
}

std::string read(TextReader& by, const Image& picture) {
  const auto page = by.read(picture.view());
  EXPECT_TRUE(page) << page.error().to_string();
  return page ? page->text : "";
}

#define NEEDS_TEXT_MODELS() WEIR_NEEDS_ASSETS("models/ocr/ch_PP-OCRv4_det_infer.onnx")

TEST(ReadText, ReadsBothLines) {
  NEEDS_TEXT_MODELS();
  for (const char* backend : {"onnxruntime", "openvino"}) {
    EXPECT_EQ(read(reader(backend), test::picture(kSample)), kRead) << backend;
  }
}

TEST(ReadText, SaysWhereItsLinesAre) {
  NEEDS_TEXT_MODELS();
  const TextPage page = reader().read(test::picture(kSample).view()).value();
  ASSERT_EQ(page.lines.size(), 3U);  // the date is a box of its own
  EXPECT_EQ(page.lines[0].text, "Camera 07");
  EXPECT_EQ(page.lines[1].text, "2026-11-21");
  for (const Finding& line : page.lines) {
    EXPECT_EQ(line.keypoints.size(), 4U);
    EXPECT_GT(line.best->score, 0.9F);
    EXPECT_EQ(line.best->label_id, -1);
  }
  const Box& plate = *page.lines[2].box;
  EXPECT_NEAR(plate.x1, 21, 6);
  EXPECT_NEAR(plate.x2, 356, 6);
  EXPECT_NEAR(plate.y1, 90, 6);
  EXPECT_NEAR(plate.y2, 122, 6);
}

TEST(ReadText, ReadsAPictureThatIsTurned) {
  NEEDS_TEXT_MODELS();
  const Image upright = test::picture(kSample);
  for (const auto turn : {Rotation::k90, Rotation::k180, Rotation::k270}) {
    EXPECT_EQ(read(reader(), upright.rotated(turn)), kRead) << static_cast<int>(turn);
  }
}

TEST(ReadText, ReadsASlantedLine) {
  NEEDS_TEXT_MODELS();
  const Image upright = test::picture(kSample);
  for (const double degrees : {-30.0, -8.0, 5.0, 20.0, 45.0, 135.0}) {
    const std::string said = read(reader(), test::turned(upright, degrees));
    EXPECT_THAT(said, HasSubstr("\nPlate ABC-1234")) << degrees;
    EXPECT_THAT(said, testing::StartsWith("Camera")) << degrees;
    EXPECT_THAT(said, HasSubstr("2026-11-21\n")) << degrees;
  }
}

TEST(ReadText, CornersFollowTheTextNotThePicture) {
  NEEDS_TEXT_MODELS();
  const TextPage page = reader().read(test::turned(test::picture(kSample), 180).view()).value();
  ASSERT_EQ(page.lines.size(), 3U);
  for (const Finding& line : page.lines) {
    EXPECT_NEAR(std::abs(text_quad(line).value().angle()), 3.14159, 0.1);
  }
}

TEST(ReadText, APictureWithoutTextIsAnEmptyPage) {
  NEEDS_TEXT_MODELS();
  const TextPage page = reader().read(test::flat(300, 200, 200).view()).value();
  EXPECT_EQ(page.text, "");
  EXPECT_TRUE(page.lines.empty());
  EXPECT_EQ(read(reader(), test::flat(1, 1, 0)), "");
  EXPECT_EQ(read(reader(), test::flat(1, 3000, 90)), "");
}

TEST(ReadText, TheModelsOfTheCatalogueReadTheSame) {
  // Only where they have been pulled: a test fetches nothing.
  const auto made = TextReader::make(test::runtime());
  if (!made) GTEST_SKIP() << made.error().to_string();
  const Image upright = test::picture(kSample);
  EXPECT_EQ(read(**made, upright), kRead);
  EXPECT_EQ(read(**made, upright.rotated(Rotation::k90)), kRead);
  for (const double degrees : {-30.0, -8.0, 5.0, 20.0, 45.0, 135.0, 180.0}) {
    EXPECT_EQ(read(**made, test::turned(upright, degrees)), kRead) << degrees;
  }
}

// The model of the direction is 0.97 sure that one line of this page is upside down, and of the
// page on its head that four lines are not.
TEST(ReadText, LinesOfWhichTheDirectionIsWronglyToldAreReadAllTheSame) {
  const auto made = TextReader::make(test::runtime());
  const auto page = test::runtime().pull_files("page");
  if (!made || !page) GTEST_SKIP() << "ocr-det, ocr-cls, ocr-rec or page is not pulled";
  const Image picture = read_picture(page->front()).value();
  for (const auto turn : {Rotation::k0, Rotation::k180}) {
    EXPECT_THAT(read(**made, picture.rotated(turn)),
                testing::StartsWith("Region-based segmentation\n"
                                    "Let us first determine markers of the coins and the\n"
                                    "background. These markers are pixels that we can label\n"
                                    "unambiguously as either object or background. Here,\n"
                                    "the markers are found at the two extreme parts of the\n"
                                    "histogram of grey values:"))
        << static_cast<int>(turn);
  }
}

TEST(Dbnet, BackEndsAgree) {
  NEEDS_TEXT_MODELS();
  const Image picture = test::picture(kSample);
  const auto a = test::find(*test::load(kDetector + ", backend: onnxruntime}"), picture);
  const auto b = test::find(*test::load(kDetector + ", backend: openvino}"), picture);
  ASSERT_EQ(a.size(), b.size());
  ASSERT_GE(a.size(), 3U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a[i].best->score, b[i].best->score, 0.01);
    EXPECT_GE(iou(*a[i].box, *b[i].box), 0.99);
    ASSERT_EQ(a[i].keypoints.size(), 4U);
    ASSERT_EQ(b[i].keypoints.size(), 4U);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NEAR(a[i].keypoints[k].x, b[i].keypoints[k].x, 0.5);
      EXPECT_NEAR(a[i].keypoints[k].y, b[i].keypoints[k].y, 0.5);
    }
  }
}

TEST(Dbnet, GivesNoMoreLinesThanItIsAskedFor) {
  NEEDS_TEXT_MODELS();
  const Image page = test::picture("ocr_text_synthetic.png");
  const auto all = test::find(*test::load(kDetector + "}"), page);
  const auto one = test::find(*test::load(kDetector + ", thresholds: {max_findings: 1}}"), page);
  ASSERT_GT(all.size(), 1U);
  ASSERT_EQ(one.size(), 1U);
  for (const Finding& line : all) EXPECT_LE(line.best->score, one[0].best->score);
}

TEST(Dbnet, SizesAreRoundedAndBounded) {
  NEEDS_TEXT_MODELS();
  const auto model = test::load(kDetector + "}");
  const auto shape = [&](int width, int height) {
    const Image picture = test::flat(width, height, 0);
    std::vector<Shape> shapes(1);
    EXPECT_TRUE(model->family().shape_for({.picture = &picture.view()}, shapes));
    return shapes[0];
  };
  EXPECT_EQ(shape(640, 160), (Shape{1, 3, 160, 640}));
  EXPECT_EQ(shape(641, 1), (Shape{1, 3, 32, 672}));
  EXPECT_EQ(shape(1920, 1080), (Shape{1, 3, 544, 960}));
  EXPECT_EQ(shape(1, 5000), (Shape{1, 3, 960, 32}));
}

TEST(Dbnet, RefusesOtherModelsAndOptions) {
  NEEDS_TEXT_MODELS();
  EXPECT_THAT(test::refusal("{file: segmentation/twinlitenet_360x640.onnx, family: dbnet}"),
              HasSubstr("2 outputs"));
  EXPECT_THAT(test::refusal("{file: ocr/ch_PP-OCRv4_rec_infer.onnx, family: dbnet}"),
              HasSubstr("float32 ?x?x6625; the family expects one map of probabilities"));
  EXPECT_THAT(test::refusal("{file: ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx, family: dbnet}"),
              HasSubstr("1x1xHxW"));
  const std::string file = "{file: ocr/ch_PP-OCRv4_det_infer.onnx, family: dbnet";
  EXPECT_THAT(test::refusal(file + ", family_options: {unclp: 2}}"), HasSubstr("unclip"));
  EXPECT_THAT(test::refusal(file + ", family_options: {bin: 2}}"), HasSubstr("bin"));
}

TEST(TextDirection, TellsWhatIsUpsideDown) {
  NEEDS_TEXT_MODELS();
  const auto model = test::load(kDirection + "}");
  const Image picture = test::picture(kSample);
  Finding line{.box = Box{18, 84, 360, 126}};
  const auto up = test::try_find(*model, {.picture = &picture.view(), .on = &line}).value();
  ASSERT_EQ(up.size(), 1U);
  EXPECT_EQ(up[0].best->label_id, 0);
  EXPECT_FLOAT_EQ(up[0].keypoints[0].x, 18);
  // The same line, said to begin at its other end.
  set_quad(line, text_quad(line).value().turned(2), 640, 160);
  const auto down = test::try_find(*model, {.picture = &picture.view(), .on = &line}).value();
  ASSERT_EQ(down.size(), 1U);
  EXPECT_EQ(down[0].best->label_id, 1);
  EXPECT_GT(down[0].best->score, 0.9F);
  EXPECT_FLOAT_EQ(down[0].keypoints[0].x, 18);
  EXPECT_THAT(test::refusal(kDirection + ", labels: [up]}"), HasSubstr("1 labels"));
}

TEST(Ctc, ReadsAWholePictureAsALine) {
  NEEDS_TEXT_MODELS();
  const auto model = test::load(kRecogniser + "}");
  const Finding line{.box = Box{16, 88, 360, 126}};
  const Image picture = test::picture(kSample);
  const auto on = test::try_find(*model, {.picture = &picture.view(), .on = &line}).value();
  ASSERT_EQ(on.size(), 1U);
  EXPECT_EQ(on[0].text, "Plate ABC-1234");
  const Image cut = test::cut(picture, 16, 88, 344, 38);
  const auto whole = test::find(*model, cut);
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].text, "Plate ABC-1234");
  EXPECT_NEAR(whole[0].best->score, on[0].best->score, 0.05);  // its border is mixed with the pad
  // A column is read downwards.
  const auto tall = test::find(*model, cut.rotated(Rotation::k90));
  ASSERT_EQ(tall.size(), 1U);
  EXPECT_EQ(tall[0].text, "Plate ABC-1234");
}

TEST(Ctc, LinesInOneRunReadAsAlone) {
  NEEDS_TEXT_MODELS();
  const auto model = test::load(kRecogniser + ", batch: {max: 4}}");
  const auto lane = model->make_lane().value();
  ASSERT_EQ(lane->max_batch(), 4);
  const Image picture = test::picture(kSample);
  const std::vector<Finding> lines = {{.box = Box{18, 22, 246, 60}},
                                      {.box = Box{284, 22, 530, 60}},
                                      {.box = Box{16, 88, 160, 126}},
                                      {.box = Box{16, 88, 360, 126}}};
  std::vector<ItemSource> items;
  std::vector<Shape> shapes(1);
  for (const Finding& line : lines) items.push_back({.picture = &picture.view(), .on = &line});
  ASSERT_TRUE(model->family().shape_for(items[0], shapes));
  EXPECT_EQ(shapes[0], (Shape{1, 3, 48, 320}));
  ASSERT_TRUE(model->family().shape_for(items[3], shapes));
  EXPECT_EQ(shapes[0], (Shape{1, 3, 48, 448}));
  std::vector<ItemResult> results(items.size());
  lane->run(items, results);
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::vector<Finding> alone;
    ASSERT_TRUE(lane->run(items[i], alone));
    ASSERT_EQ(alone.size(), 1U);
    ASSERT_TRUE(results[i].status);
    ASSERT_EQ(results[i].findings.size(), 1U);
    EXPECT_EQ(results[i].findings[0].text, alone[0].text);
    EXPECT_NEAR(results[i].findings[0].best->score, alone[0].best->score, 1e-4);
  }
  EXPECT_EQ(results[0].findings[0].text, "Camera 07");
  EXPECT_EQ(results[2].findings[0].text, "Plate");
}

TEST(Ctc, SaysWhatIsWrongWithADictionary) {
  NEEDS_TEXT_MODELS();
  const std::string file = "{file: ocr/ch_PP-OCRv4_rec_infer.onnx, family: ctc";
  EXPECT_THAT(test::refusal(file + "}"), HasSubstr("there is no dictionary"));
  EXPECT_THAT(test::refusal(kRecogniser + ", input: {resize: {filter: area}}}"),
              HasSubstr("the filter 'area' is for pictures and upright boxes"));
  const std::string wrong = test::refusal(file + ", labels: [a, b]}");
  EXPECT_THAT(wrong, HasSubstr("6625 classes"));
  EXPECT_THAT(wrong, HasSubstr("2 characters"));
  EXPECT_THAT(test::refusal("{file: ocr/ch_PP-OCRv4_det_infer.onnx, family: ctc, labels: [a]}"),
              HasSubstr("1xTxC"));
}

TEST(Ctc, ALineThatCannotBeReadIsNoFinding) {
  NEEDS_TEXT_MODELS();
  const auto model = test::load(kRecogniser + "}");
  EXPECT_TRUE(test::find(*model, test::flat(300, 48, 255)).empty());
  const Image picture = test::picture(kSample);
  const Finding none{.text = "no box"};
  const auto refused = test::try_find(*model, {.picture = &picture.view(), .on = &none});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("without a box"));
}

}  // namespace
}  // namespace weir

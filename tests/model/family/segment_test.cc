// Masks with real weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/model/family/real_models.h"
#include "tests/model/family/text_pictures.h"

namespace weir {
namespace {

using testing::HasSubstr;

// The share of the picture that each label takes, in percent.
using Shares = std::map<std::string, double>;

Shares shares(const Model& model, const std::vector<Finding>& found, const Image& picture) {
  Shares shares;
  for (const Finding& finding : found) {
    EXPECT_TRUE(finding.mask);
    EXPECT_EQ(finding.mask->width, picture.width());
    EXPECT_EQ(finding.mask->height, picture.height());
    EXPECT_TRUE(finding.mask->check());
    EXPECT_GT(finding.best->score, 0);
    EXPECT_LE(finding.best->score, 1);
    shares[std::string(model.labels()->name(finding.best->label_id))] +=
        100.0 * static_cast<double>(finding.mask->area()) / picture.width() / picture.height();
  }
  return shares;
}

Shares shares(const std::string& spec, const Image& picture) {
  const auto model = test::load(spec);
  return shares(*model, test::find(*model, picture), picture);
}

// How far two are apart in any label.
double apart(const Shares& a, const Shares& b) {
  double most = 0;
  for (const auto& [label, share] : a) {
    most = std::max(most, std::abs(share - (b.contains(label) ? b.at(label) : 0)));
  }
  for (const auto& [label, share] : b) {
    if (!a.contains(label)) most = std::max(most, share);
  }
  return most;
}

const std::string kDriving = "{file: segmentation/twinlitenet_360x640.onnx, family: twinlitenet";
const std::string kRoad =
    "{file: segmentation/road_segmentation_adas_0001_512x896.onnx, family: segment, "
    "labels: [background, road, curb, mark], input: {colour: bgr, scale: 1}";
const std::string kCity =
    "{file: segmentation/deeplab_edgetpu_cityscapes_513_qdq.onnx, family: segment, "
    "labels: cityscapes, input: {colour: rgb, mean: 128, std: 128, scale: 1}";
const std::string kVoc =
    "{file: segmentation/deeplab_v3_voc_257.onnx, family: segment, labels: voc, "
    "input: {colour: rgb, scale: 1/127.5, mean: 1}";
const std::string kSelfie = "{file: segmentation/selfie_segmentation_256.onnx, family: matting";

#define NEEDS_MASK_MODELS() WEIR_NEEDS_ASSETS("models/segmentation/twinlitenet_360x640.onnx")

TEST(TwinLiteNet, SeesDrivableAreaAndLanesInOneRun) {
  NEEDS_MASK_MODELS();
  const Image picture = test::picture("drive_solidWhiteCurve.jpg");
  for (const char* backend : {"onnxruntime", "openvino"}) {
    const Shares found = shares(kDriving + ", backend: " + backend + "}", picture);
    ASSERT_EQ(found.size(), 2U) << backend;
    EXPECT_NEAR(found.at("drivable"), 33.1, 0.4) << backend;
    EXPECT_NEAR(found.at("lane"), 2.9, 0.3) << backend;
  }
}

TEST(TwinLiteNet, IsASegmentationWithTwoHeads) {
  NEEDS_MASK_MODELS();
  const Image picture = test::picture("drive_solidWhiteCurve.jpg");
  const std::string file = "{file: segmentation/twinlitenet_360x640.onnx, family: segment, ";
  const Shares wanted = shares(kDriving + "}", picture);
  EXPECT_EQ(shares(file + "labels: [drivable, lane]}", picture), wanted);
  const Shares all = shares(file + "labels: [not, drivable, none, lane]}", picture);
  EXPECT_EQ(all.at("lane"), wanted.at("lane"));
  EXPECT_NEAR(all.at("not") + all.at("drivable"), 100, 1e-9);
  const Shares lanes = shares(file + "labels: [lane], family_options: {heads: ll}}", picture);
  EXPECT_EQ(lanes, (Shares{{"lane", wanted.at("lane")}}));
  EXPECT_THAT(test::refusal(file + "labels: [a, b, c]}"), HasSubstr("2 + 2 classes, and 3 labels"));
  EXPECT_THAT(test::refusal(file + "labels: [a], family_options: {heads: lane}}"),
              HasSubstr("no output 'lane'"));
}

TEST(Segment, FindsTheRoad) {
  NEEDS_MASK_MODELS();
  const Image picture = test::picture("drive_solidWhiteCurve.jpg");
  const Shares found = shares(kRoad + "}", picture);
  EXPECT_NEAR(found.at("road"), 35.8, 0.4);
  EXPECT_FALSE(found.contains("background"));
  const Shares all = shares(kRoad + ", family_options: {background: none}}", picture);
  double sum = 0;
  for (const auto& [label, share] : all) sum += share;
  EXPECT_NEAR(sum, 100, 1e-9);
  EXPECT_LT(apart(found, shares(kRoad + ", backend: openvino}", picture)), 0.5);
}

TEST(Segment, ClassesOfAQuantisedModelAgreeBetweenBackEnds) {
  NEEDS_MASK_MODELS();
  // Each back end rounds in its own way. A motorway is not what the model was trained on, and there
  // it hangs in the balance.
  const std::map<std::string, double> tolerance = {
      {"street_vtest_1.jpg", 3}, {"street_vtest_2.jpg", 3}, {"drive_test1.jpg", 8}};
  for (const auto& [name, points] : tolerance) {
    const Image picture = test::picture(name);
    const Shares found = shares(kCity + ", backend: onnxruntime}", picture);
    EXPECT_GT(found.size(), 5U);
    EXPECT_LT(apart(found, shares(kCity + ", backend: openvino}", picture)), points) << name;
    // Borders are finer than by the nearest of 33x33 places, areas are not far from it.
    EXPECT_LT(apart(found, shares(kCity + ", family_options: {upscale: nearest}}", picture)), 3)
        << name;
  }
}

TEST(Segment, FindsACatAndAPerson) {
  NEEDS_MASK_MODELS();
  const Shares cat = shares(kVoc + "}", test::picture("cat_720p.jpg"));
  EXPECT_NEAR(cat.at("cat"), 36, 0.6);
  EXPECT_EQ(cat.size(), 1U);
  const Shares person = shares(kVoc + "}", test::picture("face_obama_c.jpg"));
  EXPECT_NEAR(person.at("person"), 51.6, 1);
}

TEST(Segment, RefusesLabelsThatDoNotMatch) {
  NEEDS_MASK_MODELS();
  const std::string said = test::refusal(
      "{file: segmentation/deeplab_v3_voc_257.onnx, family: segment, labels: cityscapes}");
  EXPECT_THAT(said, HasSubstr("21 classes, and 19 labels"));
  EXPECT_THAT(test::refusal(kVoc + ", family_options: {background: sky}}"),
              HasSubstr("no label 'sky'"));
  EXPECT_THAT(test::refusal(kVoc + ", family_options: {upscale: cubic}}"), HasSubstr("bilinear"));
  EXPECT_THAT(test::refusal("{file: ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx, family: segment}"),
              HasSubstr("1xCxHxW"));
}

TEST(Matting, CutsAPersonOut) {
  NEEDS_MASK_MODELS();
  const Image picture = test::picture("face_obama_c.jpg");
  const Shares found = shares(kSelfie + "}", picture);
  EXPECT_NEAR(found.at("person"), 50.9, 0.6);
  EXPECT_LT(apart(found, shares(kSelfie + ", backend: openvino}", picture)), 0.3);
  EXPECT_GT(found.at("person"),
            shares(kSelfie + ", thresholds: {score: 0.9}}", picture).at("person"));
  EXPECT_THAT(test::refusal("{file: segmentation/twinlitenet_360x640.onnx, family: matting}"),
              HasSubstr("one plane"));
}

// A mask of a cut of the picture is where it is in the whole one.
TEST(Matting, AMaskOfAPartLiesInTheWholePicture) {
  NEEDS_MASK_MODELS();
  const Image picture = test::picture("face_obama_c.jpg");
  const auto model = test::load(kSelfie + "}");
  const Finding on{.box = Box{100, 50, 719.5F, 900}};
  const auto found = test::try_find(*model, {.picture = &picture.view(), .on = &on}).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].mask->width, 820);
  EXPECT_GE(found[0].box->x1, 100);
  EXPECT_LE(found[0].box->x2, 720);
  EXPECT_GE(found[0].box->y1, 50);
  EXPECT_LE(found[0].box->y2, 900);
  const auto whole = test::find(*model, picture);
  const auto a = found[0].mask->decode().value();
  const auto b = whole[0].mask->decode().value();
  int same = 0, all = 0;
  for (int y = 50; y < 900; ++y) {
    for (int x = 100; x < 719; ++x) {
      const auto i = static_cast<std::size_t>(y * 820 + x);
      same += a[i] == b[i] ? 1 : 0;
      ++all;
    }
  }
  EXPECT_GT(same, 0.97 * all);
}

// Letterboxed or stretched, odd or not: the same person in the same place.
TEST(Matting, TheWayBackIsExactForAnySizeAndResize) {
  NEEDS_MASK_MODELS();
  const Image picture = test::picture("face_obama_c.jpg");
  const auto stretched = test::load(kSelfie + "}");
  const auto boxed = test::load(kSelfie + ", input: {resize: {policy: letterbox, pad: 0}}}");
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{{820, 1024}, {333, 417}}) {
    const Image sized =
        test::seen_through(picture, {820.0 / width, 0, 0, 0, 1024.0 / height, 0}, width, height);
    const auto a = test::find(*stretched, sized);
    const auto b = test::find(*boxed, sized);
    ASSERT_EQ(a.size(), 1U);
    ASSERT_EQ(b.size(), 1U);
    EXPECT_GT(iou(*a[0].mask, *b[0].mask), 0.96);
  }
}

}  // namespace
}  // namespace weir

// Detectors with real weights find what is to be seen, on every back end and by every decode.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/model/family/real_models.h"
#include "tests/model/family/same_findings.h"
#include "tests/ops/plain_decodes.h"
#include "weir/ops/ssd_anchors.h"

namespace weir {
namespace {

using test::Counts;

struct Expected {
  const char* picture;
  Counts counts;
};

const char* const kPictures[] = {
    "face_obama_c.jpg", "coco_000000000785.jpg", "street_vtest_1.jpg",   "street_vtest_2.jpg",
    "drive_test1.jpg",  "drive_test6.jpg",       "face_grace_hopper.bmp"};

// A model's spec without its braces, and what it finds; those of YOLOX-nano are the ones of the
// assets' SOURCES.md, the others were looked at.
struct Detector {
  std::string spec;
  std::vector<Expected> expected;
  bool is_float = true;
};

const std::vector<Detector>& all_detectors() {
  static const std::vector<Detector> all = {
      {"file: detection/yolox_nano_416.onnx, family: yolox, labels: coco, "
       "thresholds: {score: 0.35, nms: 0.45}",
       {{"face_obama_c.jpg", {{"person", 1}, {"tie", 1}}},
        {"coco_000000000785.jpg", {{"person", 1}, {"skis", 1}}},
        {"street_vtest_1.jpg", {{"person", 4}, {"car", 2}, {"truck", 1}}},
        {"street_vtest_2.jpg", {{"person", 9}, {"car", 2}, {"truck", 1}}},
        {"drive_test1.jpg", {{"car", 2}}},
        {"drive_test6.jpg", {{"car", 3}}},
        {"face_grace_hopper.bmp", {{"person", 1}, {"tie", 1}}}}},
      {"file: detection/light_person_192.onnx, family: yolox, labels: [person]",
       {{"face_obama_c.jpg", {{"person", 1}}},
        {"coco_000000000785.jpg", {{"person", 1}}},
        {"street_vtest_1.jpg", {{"person", 3}}},
        {"street_vtest_2.jpg", {{"person", 8}}},
        {"drive_test1.jpg", {}},
        {"face_grace_hopper.bmp", {{"person", 1}}}}},
      {"file: detection/nanodet_m_416.onnx, family: nanodet, labels: coco, "
       "thresholds: {score: 0.45}",
       {{"face_obama_c.jpg", {{"person", 1}, {"tie", 1}}},
        {"coco_000000000785.jpg", {{"person", 1}}},
        {"street_vtest_1.jpg", {{"person", 3}, {"car", 1}, {"truck", 1}}},
        {"street_vtest_2.jpg", {{"person", 7}, {"car", 1}, {"truck", 1}}},
        {"drive_test1.jpg", {{"car", 2}}},
        {"drive_test6.jpg", {{"car", 2}}},
        {"face_grace_hopper.bmp", {{"person", 1}, {"tie", 1}}}}},
      {"file: detection/picodet_s_320.onnx, family: picodet, labels: coco, "
       "thresholds: {score: 0.55}",
       {{"face_obama_c.jpg", {{"person", 1}, {"tie", 1}}},
        {"coco_000000000785.jpg", {{"person", 1}, {"skis", 1}}},
        {"street_vtest_1.jpg", {{"person", 3}, {"car", 1}, {"truck", 1}}},
        {"street_vtest_2.jpg", {{"person", 7}, {"car", 1}, {"truck", 1}}},
        {"drive_test1.jpg", {{"car", 2}}},
        {"drive_test6.jpg", {{"car", 2}}},
        {"face_grace_hopper.bmp", {{"person", 1}}}}},
      {"file: detection/fastestdet_352.onnx, family: fastestdet, labels: coco",
       {{"face_obama_c.jpg", {{"person", 1}}},
        {"coco_000000000785.jpg", {{"person", 1}, {"skis", 1}}},
        {"street_vtest_1.jpg", {{"person", 3}}},
        {"drive_test1.jpg", {{"car", 2}}},
        {"drive_test6.jpg", {{"car", 2}}}}},
      // Its steps are chosen while it runs: a 200th of a level in one pixel moves a score by 0.1.
      {"file: detection/deimv2_atto_320_int8.onnx, family: detr, labels: coco, "
       "backend: onnxruntime, thresholds: {score: 0.6}",
       {{"coco_000000000785.jpg", {{"person", 1}}},
        {"drive_test1.jpg", {{"car", 1}}},
        {"drive_test6.jpg", {{"car", 1}}}},
       false}};
  return all;
}

TEST(Detectors, FindWhatIsToBeSeen) {
  WEIR_NEEDS_ASSETS("models/detection");
  for (const Detector& detector : all_detectors()) {
    const auto model = test::load("{" + detector.spec + "}");
    ASSERT_NE(model, nullptr);
    for (const Expected& row : detector.expected) {
      EXPECT_EQ(test::counts(*model, test::find(*model, test::picture(row.picture))), row.counts)
          << detector.spec << ": " << row.picture;
    }
  }
}

TEST(Detectors, YoloxPutsThePersonWhereSourcesSay) {
  WEIR_NEEDS_ASSETS("models/detection/yolox_nano_416.onnx");
  const auto model = test::load("{file: detection/yolox_nano_416.onnx, labels: coco}");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->info().name, "yolox");  // which nobody had to name
  const auto found = test::find(*model, test::picture("coco_000000000785.jpg"));
  ASSERT_FALSE(found.empty());
  EXPECT_NEAR(found[0].best->score, 0.89, 0.01);
  EXPECT_GE(test::overlap(*found[0].box, {277, 54, 492, 386}), 0.98);
}

TEST(Detectors, BackEndsAgreeInFloat) {
  WEIR_NEEDS_ASSETS("models/detection");
  for (const Detector& detector : all_detectors()) {
    if (!detector.is_float) continue;
    const auto onnx = test::load("{" + detector.spec + ", backend: onnxruntime}");
    const auto vino = test::load("{" + detector.spec + ", backend: openvino}");
    ASSERT_TRUE(onnx != nullptr && vino != nullptr);
    const double threshold = *onnx->spec().thresholds.score;
    for (const char* name : kPictures) {
      const Image image = test::picture(name);
      test::expect_alike(test::find(*onnx, image), test::find(*vino, image), threshold, {},
                         detector.spec + ": " + name);
    }
  }
}

// From the outputs of one run to proposals, by a decode that shares nothing with the family's.
using Plain = std::function<test::Proposals(const test::RawRun&)>;

void expect_plain(const std::string& spec, const DetectionSpec& detect, const Plain& plain) {
  const auto model = test::load(spec);
  ASSERT_NE(model, nullptr);
  for (const char* name : kPictures) {
    const Image image = test::picture(name);
    const auto run = test::run_raw(*model, {.picture = &image.view()});
    ASSERT_TRUE(run) << run.error().to_string();
    test::expect_same(run->found, test::plain_detections(plain(*run), detect, run->plan.resize));
  }
}

TEST(Detectors, DecodesAgreeWithPlainOnesOnRealOutputs) {
  WEIR_NEEDS_ASSETS("models/detection");
  const DetectionSpec detect{.score = 0.2F, .iou = 0.5F, .candidates = 200, .max_count = 50};
  const std::string thresholds =
      ", thresholds: {score: 0.2, nms: 0.5, candidates: 200, max_findings: 50}}";
  expect_plain("{file: detection/yolox_nano_416.onnx, family: yolox" + thresholds, detect,
               [](const test::RawRun& run) {
                 return test::plain_yolox(run.outputs[0].data(), 85, 416, 416, 0.2F);
               });
  expect_plain("{file: detection/light_person_192.onnx, family: yolox" + thresholds, detect,
               [](const test::RawRun& run) {
                 return test::plain_yolox(run.outputs[0].data(), 6, 192, 192, 0.2F);
               });
  const auto gfl = [](int levels, int side) {
    return [levels, side](const test::RawRun& run) {
      std::vector<test::PlainLevel> plain;
      for (int i = 0; i < levels; ++i) {
        plain.push_back({8 << i, run.outputs[std::size_t(i)].data(),
                         run.outputs[std::size_t(levels + i)].data()});
      }
      return test::plain_gfl(plain, 80, 8, side, side);
    };
  };
  expect_plain("{file: detection/nanodet_m_416.onnx, family: nanodet" + thresholds, detect,
               gfl(3, 416));
  expect_plain("{file: detection/picodet_s_320.onnx, family: picodet" + thresholds, detect,
               gfl(4, 320));
  expect_plain("{file: detection/fastestdet_352.onnx, family: fastestdet" + thresholds, detect,
               [](const test::RawRun& run) {
                 return test::plain_fastestdet(run.outputs[0].data(), 80, 22, 22, 352, 352);
               });
}

TEST(Detectors, ADetrAgreesWithAPlainDecode) {
  WEIR_NEEDS_ASSETS("models/detection/deimv2_atto_320_int8.onnx");
  const DetectionSpec detect{.score = 0.2F, .iou = 1, .max_count = 50};
  expect_plain(
      "{file: detection/deimv2_atto_320_int8.onnx, family: detr, labels: coco, "
      "thresholds: {score: 0.2, max_findings: 50}}",
      detect, [](const test::RawRun& run) {
        const auto queries = int(run.outputs[2].size());
        return test::plain_detr(run.outputs[0].data(), run.outputs[1].data(), run.outputs[2].data(),
                                queries, 80);
      });
}

// By how much a quantised or bfloat16 model may differ from its float twin. Seen: an overlap of
// 0.915 and 0.034 in score, 0.908 and 0.017.
constexpr test::Tolerance kQuantised{.iou = 0.88, .score = 0.05};
constexpr test::Tolerance kBFloat16{.iou = 0.88, .score = 0.05};
// And by how much two back ends may, each of which chooses its own steps while it runs. Seen: 0.89
// and 0.113.
constexpr test::Tolerance kDynamicallyQuantised{.iou = 0.8, .score = 0.2};

TEST(Detectors, QuantisedYoloxStaysNearItsFloatTwin) {
  WEIR_NEEDS_ASSETS("models/tflite/yolox_nano_dynamic_range_quantize.tflite");
  const auto plain = test::load("{file: detection/yolox_nano_416.onnx, family: yolox}");
  const auto coarse =
      test::load("{file: tflite/yolox_nano_dynamic_range_quantize.tflite, family: yolox}");
  ASSERT_TRUE(plain != nullptr && coarse != nullptr);
  for (const char* name : kPictures) {
    const Image image = test::picture(name);
    test::expect_alike(test::find(*plain, image), test::find(*coarse, image), 0.3, kQuantised,
                       name);
  }
}

TEST(Detectors, BFloat16StaysNearFloat) {
  WEIR_NEEDS_ASSETS("models/detection/yolox_nano_416.onnx");
  const std::string spec = "{file: detection/yolox_nano_416.onnx, family: yolox, backend: openvino";
  const auto coarse = test::try_load(spec + ", precision: bfloat16}");
  if (!coarse) GTEST_SKIP() << coarse.error().to_string();
  const auto plain = test::load(spec + "}");
  for (const char* name : kPictures) {
    const Image image = test::picture(name);
    test::expect_alike(test::find(*plain, image), test::find(**coarse, image), 0.3, kBFloat16,
                       name);
  }
}

TEST(Detectors, BackEndsStayNearEachOtherInADynamicallyQuantisedDetr) {
  WEIR_NEEDS_ASSETS("models/detection/deimv2_atto_320_int8.onnx");
  const auto onnx = test::load("{file: detection/deimv2_atto_320_int8.onnx, backend: onnxruntime}");
  const auto vino = test::load("{file: detection/deimv2_atto_320_int8.onnx, backend: openvino}");
  ASSERT_TRUE(onnx != nullptr && vino != nullptr);
  for (const char* name : kPictures) {
    const Image image = test::picture(name);
    // One way only: OpenVINO sees one car twice, and nothing is suppressed.
    test::expect_each_in(test::find(*onnx, image), test::find(*vino, image), 0.4,
                         kDynamicallyQuantised, name);
  }
}

// The detector of the catalogue, where this machine has pulled it.
class CatalogueSsd : public testing::Test {
 protected:
  void SetUp() override {
    auto model = test::try_load("{use: ssd-mobilenet-v2-oid}");
    if (!model) GTEST_SKIP() << model.error().to_string();
    model_ = *model;
    WEIR_NEEDS_ASSETS("images");
  }
  std::shared_ptr<const Model> model_;
};

TEST_F(CatalogueSsd, FindsWhatIsToBeSeen) {
  const auto counts = [&](const char* name) {
    return test::counts(*model_, test::find(*model_, test::picture(name)));
  };
  EXPECT_EQ(counts("coco_000000000785.jpg"), (Counts{{"Footwear", 2}, {"Person", 1}}));
  EXPECT_EQ(counts("street_vtest_1.jpg"), (Counts{{"Car", 2}, {"Person", 4}}));
  EXPECT_EQ(counts("street_vtest_2.jpg"), (Counts{{"Car", 2}, {"Person", 10}}));
  EXPECT_EQ(counts("drive_test1.jpg"), (Counts{{"Car", 2}}));
  EXPECT_EQ(counts("drive_test6.jpg"), (Counts{{"Car", 3}}));
  EXPECT_EQ(counts("face_grace_hopper.bmp"), (Counts{{"Person", 1}}));
}

TEST_F(CatalogueSsd, AgreesWithAPlainDecode) {
  const std::vector<SsdAnchor> anchors = ssd_anchors().value();
  const DetectionSpec detect{.score = 0.4F, .iou = 0.6F, .max_count = 100};
  for (const char* name : kPictures) {
    const Image image = test::picture(name);
    const auto run = test::run_raw(*model_, {.picture = &image.view()});
    ASSERT_TRUE(run) << run.error().to_string();
    const std::size_t boxes = run->shapes[0][run->shapes[0].rank() - 1] == 4 ? 0 : 1;
    const auto proposals = test::plain_ssd(run->outputs[boxes].data(),
                                           run->outputs[1 - boxes].data(), 24, anchors, 300, 300);
    test::expect_same(run->found, test::plain_detections(proposals, detect, run->plan.resize));
  }
}

}  // namespace
}  // namespace weir

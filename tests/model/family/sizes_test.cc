// Pictures of every size and kind, and batches of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "tests/media/odd_pictures.h"
#include "tests/model/family/generated_models.h"
#include "tests/model/family/real_models.h"
#include "tests/model/family/same_findings.h"
#include "tests/ops/plain_decodes.h"
#include "weir/ops/prepare_image.h"

namespace weir {
namespace {

// Black, with one white square.
Image with_square(int width, int height, int left, int top, int side,
                  PixelFormat format = PixelFormat::kBgr) {
  const Image image = Image::allocate(format, width, height).value();
  const int channels = format == PixelFormat::kGrey ? 1 : 3;
  for (int y = 0; y < height; ++y) {
    uint8_t* row = image.view().row(0, y);
    std::fill_n(row, std::size_t(width) * std::size_t(channels), uint8_t{0});
    if (y >= top && y < top + side) {
      std::fill_n(row + left * channels, std::size_t(side) * std::size_t(channels), uint8_t{255});
    }
  }
  return image;
}

std::string bright_spec(const std::string& file, const std::string& more = {}) {
  return "{file: " + file +
         ", family: yolox, labels: [bright], thresholds: {score: 0.9, max_findings: 100000, "
         "candidates: 100000}" +
         more + "}";
}

// The box around everything that was found.
Box hull(const std::vector<Finding>& found) {
  Box hull = *found.at(0).box;
  for (const Finding& finding : found) {
    hull = {std::min(hull.x1, finding.box->x1), std::min(hull.y1, finding.box->y1),
            std::max(hull.x2, finding.box->x2), std::max(hull.y2, finding.box->y2)};
  }
  return hull;
}

TEST(Sizes, AnOpenSizeIsThatOfThePictureInWholeStrides) {
  const auto file = test::scratch("open.onnx", test::bright_yolox("N", "H", "W"));
  const auto model = test::load(bright_spec(file));
  ASSERT_NE(model, nullptr);
  struct Row {
    int width, height;
    Shape input;
  };
  for (const Row& row : {Row{320, 224, {1, 3, 224, 320}}, Row{321, 97, {1, 3, 128, 352}},
                         Row{1, 1, {1, 3, 32, 32}}, Row{2560, 1280, {1, 3, 640, 1280}}}) {
    const Image image = with_square(row.width, row.height, 0, 0, 1);
    std::vector<Shape> shapes(1);
    ASSERT_TRUE(model->family().shape_for({.picture = &image.view()}, shapes));
    EXPECT_EQ(shapes[0], row.input) << row.width << "x" << row.height;
  }
}

TEST(Sizes, FindsASquareInPicturesOfEverySize) {
  const auto open = test::scratch("open.onnx", test::bright_yolox("N", "H", "W"));
  const auto fixed = test::scratch("fixed.onnx", test::bright_yolox(1, 96, 160));
  for (const std::string& spec :
       {bright_spec(open), bright_spec(open, ", input: {size: [256, 192]}"), bright_spec(fixed),
        bright_spec(open, ", backend: openvino"), bright_spec(fixed, ", backend: openvino")}) {
    const auto model = test::load(spec);
    ASSERT_NE(model, nullptr);
    for (const auto& [width, height] : std::vector<std::pair<int, int>>{
             {160, 96}, {320, 192}, {640, 640}, {1920, 1080}, {333, 190}}) {
      // A third of the picture, somewhere in it.
      const int side = std::min(width, height) / 2;
      const Image image = with_square(width, height, width / 3, height / 4, side);
      const auto found = test::find(*model, image);
      ASSERT_FALSE(found.empty()) << spec << " " << width << "x" << height;
      const Box wanted{float(width / 3), float(height / 4), float(width / 3 + side),
                       float(height / 4 + side)};
      // Cells that are wholly white cover it but for a rim of less than one.
      EXPECT_GE(test::overlap(hull(found), wanted), 0.6) << spec << " " << width << "x" << height;
    }
  }
}

TEST(Sizes, BoxesLieExactlyWhereTheyAre) {
  const auto file = test::scratch("open.onnx", test::bright_yolox("N", "H", "W"));
  const auto model = test::load(bright_spec(file));
  ASSERT_NE(model, nullptr);
  const auto found = test::find(*model, with_square(320, 224, 64, 96, 32));
  ASSERT_EQ(found.size(), 21U);  // 16 cells of 8 pixels, 4 of 16, 1 of 32
  EXPECT_EQ(hull(found), (Box{64, 96, 96, 128}));
}

TEST(Sizes, AFindingIsLookedAtInTheSource) {
  const auto file = test::scratch("open.onnx", test::bright_yolox("N", "H", "W"));
  const auto model = test::load(bright_spec(file));
  ASSERT_NE(model, nullptr);
  const Image image = with_square(640, 448, 64 + 32, 128 + 96, 32);
  Finding on;
  on.box = Box{64, 128, 64 + 320, 128 + 224};
  const auto found = test::try_find(*model, {.picture = &image.view(), .on = &on}).value();
  ASSERT_EQ(found.size(), 21U);
  EXPECT_EQ(hull(found), (Box{96, 224, 128, 256}));
  on.box = Box{700, 0, 800, 100};
  EXPECT_EQ(test::try_find(*model, {.picture = &image.view(), .on = &on}).error().code,
            ErrorCode::kInvalidArgument);
}

// Whatever the size: no error, and every box inside of the picture.
void expect_sane(const Model& model, const Image& image) {
  const auto found = test::try_find(model, {.picture = &image.view()});
  ASSERT_TRUE(found) << found.error().to_string();
  for (const Finding& finding : *found) {
    if (finding.mask) {
      EXPECT_EQ(finding.mask->width, image.width());
      EXPECT_EQ(finding.mask->height, image.height());
      EXPECT_TRUE(finding.mask->decode());
    }
    for (const float x : finding.embedding) EXPECT_TRUE(std::isfinite(x));
    if (!finding.box) continue;
    EXPECT_GE(finding.box->x1, 0);
    EXPECT_GE(finding.box->y1, 0);
    EXPECT_LE(finding.box->x2, float(image.width()));
    EXPECT_LE(finding.box->y2, float(image.height()));
    EXPECT_GT(finding.box->area(), 0);
  }
}

TEST(Sizes, TheSmallestTheThinnestAndTheLargestPicture) {
  const auto open = test::scratch("open.onnx", test::bright_yolox("N", "H", "W"));
  std::vector<std::string> specs = {bright_spec(open)};
  if (std::filesystem::exists(test::asset("models/detection"))) {
    for (const char* spec :
         {"{file: detection/yolox_nano_416.onnx}",
          "{file: detection/nanodet_m_416.onnx, family: nanodet}",
          "{file: detection/fastestdet_352.onnx, family: fastestdet}",
          "{file: detection/picodet_s_320.onnx, family: picodet}",
          "{file: segmentation/deeplab_v3_voc_257.onnx, family: segment, labels: voc, "
          "input: {scale: 1/127.5, mean: 1}}",
          "{file: segmentation/selfie_segmentation_256.onnx, family: matting}",
          "{file: segmentation/twinlitenet_360x640.onnx, family: twinlitenet}",
          "{file: reid/person-reidentification-retail-0288.onnx, family: reid}",
          "{file: ocr/ch_PP-OCRv4_rec_infer.onnx, family: ctc, labels: ocr/ppocr_keys_v1.txt}",
          "{file: detection/deimv2_atto_320_int8.onnx, backend: onnxruntime}",
          "{file: classification/mobilenet_v1_025_128_fp32.onnx, family: classify, "
          "input: {size: 128}}"}) {
      specs.emplace_back(spec);
    }
  }
  const Image tiny = with_square(1, 1, 0, 0, 1);
  const Image tall = with_square(1, 5000, 0, 2000, 1);
  const Image wide = with_square(5000, 1, 2000, 0, 1);
  const Image huge = with_square(12000, 12000, 3000, 6000, 3000, PixelFormat::kGrey);
  for (const std::string& spec : specs) {
    const auto model = test::load(spec);
    ASSERT_NE(model, nullptr);
    SCOPED_TRACE(spec);
    for (const Image* image : {&tiny, &tall, &wide, &huge}) expect_sane(*model, *image);
  }
  const auto model = test::load(bright_spec(open));
  const auto found = test::find(*model, huge);
  ASSERT_FALSE(found.empty());
  EXPECT_GE(test::overlap(hull(found), {3000, 6000, 6000, 9000}), 0.9);
}

// YOLOX's own preparation cuts a side down to whole pixels where ours rounds it, and divides boxes
// by the factor from before. Both see the same things, less than a pixel apart in the input.
TEST(Sizes, RoundingOfASideMovesNoBoxByMoreThanOnePixelOfTheInput) {
  WEIR_NEEDS_ASSETS("models/detection/yolox_nano_416.onnx");
  const auto model = test::load("{file: detection/yolox_nano_416.onnx}");
  ASSERT_NE(model, nullptr);
  const Image whole = test::picture("drive_test1.jpg");
  for (const auto& [width, height] :
       std::vector<std::pair<int, int>>{{1279, 719}, {1277, 713}, {1271, 701}}) {
    ImageView view = whole.view();
    view.width = width;
    view.height = height;
    const double factor = std::min(416.0 / width, 416.0 / height);
    ResizePlan plan = plan_resize(ResizePolicy::kLetterbox, width, height, 416, 416).value();
    plan.inner_width = static_cast<int>(width * factor);
    plan.inner_height = static_cast<int>(height * factor);
    const auto session = model->parts()[0]->make_session().value();
    PrepareSpec bgr;
    bgr.channels = ChannelOrder::kBgr;
    ASSERT_TRUE(prepare_image(view, plan, bgr, session->input(0)));
    ASSERT_TRUE(session->run());
    auto proposals = test::plain_yolox(session->output(0).as<float>(), 85, 416, 416, 0.3F);
    for (test::Proposal& box : proposals) {
      for (double* side : {&box.x1, &box.y1, &box.x2, &box.y2}) *side /= factor;
    }
    const ResizePlan same =
        plan_resize(ResizePolicy::kStretch, width, height, width, height).value();
    const auto theirs = test::plain_detections(proposals, {.score = 0.3F, .iou = 0.45F}, same);
    const auto ours = test::try_find(*model, {.picture = &view}).value();
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const Box& a = *ours[i].box;
      const Box& b = *theirs[i].box;
      for (const float away : {a.x1 - b.x1, a.y1 - b.y1, a.x2 - b.x2, a.y2 - b.y2}) {
        EXPECT_LE(std::abs(away) * factor, 1.5) << width << "x" << height;
      }
      EXPECT_NEAR(ours[i].best->score, theirs[i].best->score, 0.03);
    }
  }
}

// Real pictures as files of other kinds.
class Kinds : public testing::Test {
 protected:
  void SetUp() override {
    WEIR_NEEDS_ASSETS("models/detection/yolox_nano_416.onnx");
    model_ = test::load("{file: detection/yolox_nano_416.onnx, labels: coco}");
    plain_ = cv::imread(test::asset("images/drive_test1.jpg"));
    ASSERT_NE(model_, nullptr);
    wanted_ = found_in(encoded(plain_, ".png"));
  }
  static std::vector<uint8_t> encoded(const cv::Mat& pixels, const char* ending) {
    std::vector<uint8_t> bytes;
    EXPECT_TRUE(cv::imencode(ending, pixels, bytes));
    return bytes;
  }
  std::vector<Finding> found_in(const std::vector<uint8_t>& bytes) {
    const auto image = decode_picture(bytes);
    EXPECT_TRUE(image) << image.error().to_string();
    return image ? test::find(*model_, *image) : std::vector<Finding>();
  }

  std::shared_ptr<const Model> model_;
  cv::Mat plain_;
  std::vector<Finding> wanted_;
};

TEST_F(Kinds, TransparencyAnd16BitsChangeNothing) {
  ASSERT_EQ(wanted_.size(), 2U);
  cv::Mat four(plain_.size(), CV_8UC4);
  const int from_to[] = {0, 0, 1, 1, 2, 2, 0, 3};  // blue as the transparency, say
  cv::mixChannels(&plain_, 1, &four, 1, from_to, 4);
  EXPECT_EQ(found_in(encoded(four, ".png")), wanted_);
  cv::Mat deep;
  plain_.convertTo(deep, CV_16U, 257);
  EXPECT_EQ(found_in(encoded(deep, ".png")), wanted_);
}

TEST_F(Kinds, GreyStillShowsCars) {
  std::vector<cv::Mat> channels;
  cv::split(plain_, channels);
  const auto found = found_in(encoded(channels[1], ".png"));
  EXPECT_EQ(test::counts(*model_, found)["car"], 2);
}

TEST_F(Kinds, TurnedFilesAreSeenUpright) {
  const struct {
    uint8_t orientation;
    int turn;  // what was done to the picture before it was stored
  } rows[] = {
      {3, cv::ROTATE_180}, {6, cv::ROTATE_90_COUNTERCLOCKWISE}, {8, cv::ROTATE_90_CLOCKWISE}};
  for (const auto& row : rows) {
    cv::Mat stored;
    cv::rotate(plain_, stored, row.turn);
    const auto found = found_in(test::with_orientation(encoded(stored, ".jpg"), row.orientation));
    test::expect_alike(found, wanted_, 0.3, {.iou = 0.95, .score = 0.03}, "turned");
  }
}

TEST_F(Kinds, TheInksOfAPressAreNoError) {
  EXPECT_TRUE(found_in(test::cmyk_jpeg({{0, 0, 0, 0}, {0, 255, 255, 0}})).empty());
}

TEST(Batches, GiveWhatSinglesGive) {
  WEIR_NEEDS_ASSETS("models/detection/yolox_nano_416_dynbatch.onnx");
  std::vector<Image> pictures;
  for (const char* name : {"face_obama_c.jpg", "coco_000000000785.jpg", "street_vtest_1.jpg",
                           "drive_test1.jpg", "face_grace_hopper.bmp"}) {
    pictures.push_back(test::picture(name));
  }
  std::vector<ItemSource> items;
  for (const Image& image : pictures) items.push_back({.picture = &image.view()});
  for (const char* backend : {"onnxruntime", "openvino"}) {
    const auto model = test::load(
        "{file: detection/yolox_nano_416_dynbatch.onnx, family: yolox, labels: coco, "
        "input: {size: 416}, batch: {max: 4}, backend: " +
        std::string(backend) + "}");
    ASSERT_NE(model, nullptr);
    const auto lane = model->make_lane().value();
    ASSERT_EQ(lane->max_batch(), 4);
    std::vector<ItemResult> results(items.size());
    lane->run(items, results);
    for (std::size_t i = 0; i < items.size(); ++i) {
      ASSERT_TRUE(results[i].status) << results[i].status.error().to_string();
      std::vector<Finding> alone;
      ASSERT_TRUE(lane->run(items[i], alone));
      ASSERT_FALSE(alone.empty());
      if (std::string(backend) == "onnxruntime") {
        EXPECT_EQ(results[i].findings, alone);
      } else {
        test::expect_alike(results[i].findings, alone, 0.3, {}, backend);
      }
    }
  }
}

TEST(Batches, OfADetrThatCannotAreRunOneByOne) {
  WEIR_NEEDS_ASSETS("models/detection/deimv2_atto_320_int8.onnx");
  const auto model = test::load(
      "{file: detection/deimv2_atto_320_int8.onnx, labels: coco, backend: onnxruntime, "
      "batch: {max: 2}}");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->info().name, "detr");
  const Image a = test::picture("coco_000000000785.jpg");
  const Image b = test::picture("drive_test1.jpg");
  const ItemSource items[] = {{.picture = &a.view()}, {.picture = &b.view()}};
  std::vector<ItemResult> results(2);
  const auto lane = model->make_lane().value();
  lane->run(items, results);
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_TRUE(results[i].status) << results[i].status.error().to_string();
    EXPECT_EQ(results[i].findings, test::find(*model, i == 0 ? a : b));
    EXPECT_FALSE(results[i].findings.empty());
  }
}

}  // namespace
}  // namespace weir

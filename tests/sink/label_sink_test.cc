#include <limits>

#include "tests/sink/support.h"
#include "weir/media/picture.h"
#include "weir/sink/bgr_copy.h"
#include "weir/sink/sink.h"

namespace weir {
namespace {

using testing::files_below;
using testing::grey_picture;
using testing::has_python;
using testing::python;
using testing::street_task;
using testing::text_of_file;
using LabelSinkTest = testing::SinkTest;
using PictureSinkTest = testing::SinkTest;

Mask square(int width, int height, int x1, int y1, int x2, int y2) {
  std::vector<uint8_t> pixels(static_cast<std::size_t>(width * height));
  for (int y = y1; y < y2; ++y) {
    for (int x = x1; x < x2; ++x) pixels[static_cast<std::size_t>(y * width + x)] = 1;
  }
  return Mask::encode(pixels.data(), width, width, height).value();
}

TEST_F(LabelSinkTest, CocoIsReadByPythonAsItWas) {
  if (!has_python()) GTEST_SKIP() << "no python3";
  auto sink = open_sink({.coco = at("coco.json")}).value();
  Task first = street_task("gate", 0);
  first.parameters["file"] = std::string("in/a.jpg");
  first.add({.step = 0, .best = ClassScore{1, 0.5F}, .mask = square(200, 100, 30, 40, 60, 90)});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  first.add({.step = 0, .box = Box{nan, 0, 1, 1}, .best = ClassScore{1, 0.5F}});
  ASSERT_TRUE(sink->write(first));
  ASSERT_TRUE(sink->write(street_task("yard", 5)));
  ASSERT_TRUE(sink->finish());
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(files_below(at("")), std::vector<std::string>{"coco.json"});
  EXPECT_EQ(
      python(
          "import json\n"
          "d = json.load(open('" +
          at("coco.json") +
          "', encoding='utf8'))\n"
          "print([c['name'] for c in d['categories']], [c['id'] for c in d['categories']])\n"
          "print([(i['id'], i['file_name'], i['width'], i['height']) for i in d['images']])\n"
          "a = d['annotations']\n"
          "print(len(a), [x['id'] for x in a] == list(range(1, 10)), [x['image_id'] for x in a])\n"
          "print(a[2]['bbox'], a[2]['category_id'], a[2]['score'], a[2]['track_id'])\n"
          "print(a[1]['keypoints'], a[1]['num_keypoints'], a[3]['category_id'])\n"
          "print(a[4]['bbox'], a[4]['area'], a[4]['segmentation']['size'])"),
      "['object', 'Person', 'Car', 'face'] [0, 1, 2, 3]\n"
      "[(1, 'in/a.jpg', 200, 100), (2, 'yard_000005.jpg', 200, 100)]\n"
      "9 True [1, 1, 1, 1, 1, 2, 2, 2, 2]\n"
      "[100, 50, 80.5, 30] 2 0.25 9\n"
      "[25, 30, 2, 35, 30, 0] 1 0\n"
      "[30, 40, 30, 50] 1500 [100, 200]\n");
}

TEST_F(LabelSinkTest, ACocoFileIsReplacedOnlyByAWholeOne) {
  std::ofstream(at("coco.json")) << "old";
  {
    auto sink = open_sink({.coco = at("coco.json")}).value();
    ASSERT_TRUE(sink->write(street_task("gate", 0)));
    EXPECT_EQ(text_of_file(at("coco.json.images.part")).back(), '\n');
  }  // not finished: as if it had been killed
  EXPECT_EQ(text_of_file(at("coco.json")), "old");
  EXPECT_EQ(files_below(at("")).size(), 3U);
}

TEST_F(LabelSinkTest, CocoOfNothingIsAFileToo) {
  auto sink = open_sink({.coco = at("coco.json")}).value();
  ASSERT_TRUE(sink->finish());
  if (!has_python()) GTEST_SKIP() << "no python3";
  EXPECT_EQ(python("import json\nprint(json.load(open('" + at("coco.json") + "'))['images'])"),
            "[]\n");
}

TEST_F(LabelSinkTest, YoloHasSharesOfThePictureAndItsClasses) {
  auto sink = open_sink({.yolo = at("labels")}).value();
  ASSERT_TRUE(sink->write(street_task("gate", 3)));
  Task other = street_task("gate", 4);
  other.parameters["file"] = std::string("folder/b.png");
  other.findings.clear();
  ASSERT_TRUE(sink->write(other));
  EXPECT_EQ(text_of_file(at("labels/classes.txt")), "Person\nCar\nface\n");
  EXPECT_EQ(text_of_file(at("labels/gate_000003.txt")),
            "0 0.15 0.55 0.2 0.7\n2 0.15 0.32 0.1 0.2\n1 0.70125 0.65 0.4025 0.3\n");
  EXPECT_EQ(text_of_file(at("labels/b.txt")), "");
  Task nothing{.stream = "gate"};
  EXPECT_FALSE(sink->write(nothing));
}

TEST_F(LabelSinkTest, YoloLeavesOutWhatFailed) {
  auto sink = open_sink({.yolo = at("labels")}).value();
  Task task{.stream = "gate", .seq = 3};
  EXPECT_EQ(sink->write(task).error().code, ErrorCode::kUnsupported);
  task.outcome = Outcome::kFailed;
  EXPECT_TRUE(sink->write(task));
  ASSERT_TRUE(sink->finish());
  EXPECT_FALSE(std::filesystem::exists(at("labels/gate_000003.txt")));
}

TEST_F(LabelSinkTest, YoloOfEachStreamInAFolderOfItsOwn) {
  auto sink = open_sink({.yolo = at("{source}/{seq}.txt"), .scores = true}).value();
  ASSERT_TRUE(sink->write(street_task("gate", 3)));
  EXPECT_EQ(files_below(at("")), (std::vector<std::string>{"classes.txt", "gate/000003.txt"}));
  EXPECT_TRUE(text_of_file(at("gate/000003.txt")).starts_with("0 0.15 0.55 0.2 0.7 0.75\n"));
}

TEST_F(PictureSinkTest, PicturesHaveTheirFindingsDrawnIn) {
  auto sink = open_sink({.pictures = at("drawn")}).value();
  const Task task = street_task("gate", 3);
  ASSERT_TRUE(sink->write(task));
  ASSERT_TRUE(sink->write(Task{.stream = "gate", .seq = 4}));  // no picture: nothing to draw into
  EXPECT_EQ(files_below(at("")), std::vector<std::string>{"drawn/gate_000003.jpg"});
  const Image drawn = read_picture(at("drawn/gate_000003.jpg")).value();
  EXPECT_EQ(drawn.width(), 200);
  EXPECT_GT(std::abs(drawn.view().row(0, 60)[3 * 10] - 90), 10);
  EXPECT_EQ(task.image()->view().row(0, 60)[3 * 10], 90);  // the task's own is as it was
}

TEST_F(PictureSinkTest, PicturesOfOneNameDoNotReplaceEachOther) {
  auto sink = open_sink({.pictures = at("{stem}.png")}).value();
  for (const char* file : {"a/x.jpg", "b/x.jpg", "c/x_2.jpg", "d/x.jpg"}) {
    Task task = street_task("gate", 0);
    task.parameters["file"] = std::string(file);
    ASSERT_TRUE(sink->write(task));
  }
  EXPECT_EQ(files_below(at("")),
            (std::vector<std::string>{"x.png", "x_2.png", "x_2_2.png", "x_3.png"}));
}

TEST_F(PictureSinkTest, DrawsNotOverThePictureItself) {
  Task task = street_task("gate", 0);
  task.parameters["file"] = at("a.jpg");
  std::ofstream(at("a.jpg")) << "the original";
  auto sink = open_sink({.pictures = at(".") + "/{stem}.jpg"}).value();
  const Status written = sink->write(task);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("the picture itself"), std::string::npos);
  EXPECT_EQ(text_of_file(at("a.jpg")), "the original");
  ASSERT_TRUE(open_sink({.pictures = at("drawn")}).value()->write(task));
}

TEST_F(LabelSinkTest, YoloHasNothingOfATaskThatFailed) {
  Task task{.stream = "gate"};
  task.fail(Error(ErrorCode::kCorrupt, "a broken picture", "a.jpg"));
  auto sink = open_sink({.yolo = at("labels")}).value();
  EXPECT_TRUE(sink->write(task));
  EXPECT_FALSE(sink->write(Task{.stream = "gate"}));
  EXPECT_EQ(files_below(at("")), std::vector<std::string>());
}

TEST_F(PictureSinkTest, CropsAreOfEachFinding) {
  auto sink = open_sink({.crops = at("crops"), .margin = 0.1}).value();
  ASSERT_TRUE(sink->write(street_task("gate", 3)));
  EXPECT_EQ(files_below(at("crops")),
            (std::vector<std::string>{"gate_000003_0_Person.jpg", "gate_000003_1_face.jpg",
                                      "gate_000003_2_Car.jpg", "gate_000003_3_read.jpg"}));
  const Image face = read_picture(at("crops/gate_000003_1_face.jpg")).value();
  EXPECT_EQ(face.width(), 24);
  EXPECT_EQ(face.height(), 24);
}

TEST_F(PictureSinkTest, SaysWhatIsWrong) {
  EXPECT_EQ(open_sink({.pictures = at("a.gif")}).error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(open_sink({.pictures = at("{id}.jpg")}));
  EXPECT_FALSE(open_sink({.pictures = at("a"), .draw = {.font = "/nowhere.ttf"}}));
}

TEST(BgrCopy, IsUprightWhateverThePicture) {
  const Image image = grey_picture(40, 20);
  image.view().row(0, 0)[0] = 200;
  const Image turned = bgr_copy(image.rotated(Rotation::k90).view()).value();
  EXPECT_EQ(turned.width(), 20);
  EXPECT_EQ(turned.view().row(0, 0)[3 * 19], 200);  // top left turns to the top right
  const Image i420 = Image::allocate(PixelFormat::kI420, 31, 17).value();
  for (int plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < i420.view().plane_rows(plane); ++y) {
      std::fill_n(i420.view().row(plane, y), i420.view().row_bytes(plane), uint8_t{128});
    }
  }
  const Image grey = bgr_copy(i420.view()).value();
  EXPECT_EQ(grey.width(), 31);
  EXPECT_NEAR(grey.view().row(0, 16)[3 * 30], 130, 1);
}

TEST(BgrCopy, CropsAreCutToThePicture) {
  const Image image = grey_picture(40, 20);
  EXPECT_EQ(bgr_crop(image.view(), {-10, -10, 5.2F, 5}, 0)->width(), 6);
  EXPECT_EQ(bgr_crop(image.rotated(Rotation::k90).view(), {2, 30, 12, 90}, 0)->height(), 10);
  EXPECT_FALSE(bgr_crop(image.view(), {50, 0, 60, 10}, 0));
  EXPECT_FALSE(bgr_crop(image.view(), {std::numeric_limits<float>::quiet_NaN(), 0, 60, 10}, 0));
}

}  // namespace
}  // namespace weir

#include "weir/ops/draw/painter.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <random>
#include <vector>

#include "tests/ops/draw/guarded_picture.h"
#include "weir/ops/draw/finding_text.h"
#include "weir/ops/draw/label_layout.h"
#include "weir/ops/draw/mask_tint.h"
#include "weir/ops/draw/trails.h"
#include "weir/ops/prepare_image.h"

namespace weir {
namespace {

using testing::GuardedPicture;

std::shared_ptr<const StepTable> steps() {
  const auto things = std::make_shared<const LabelSet>(std::vector<std::string>{"Person", "Car"});
  return std::make_shared<const StepTable>(
      std::vector<StepEntry>{{"objects", things}, {"read", nullptr}, {"who", things}});
}

Task task_of(std::vector<Finding> findings) {
  Task task;
  task.steps = steps();
  for (Finding& finding : findings) task.add(std::move(finding));
  return task;
}

TEST(Painter, OutlinesABoxInTheColourOfItsLabel) {
  const GuardedPicture picture(100, 80);
  const Task task = task_of({{.step = 0, .box = Box{20, 30, 60, 70}, .best = ClassScore{1, 0.9F}}});
  ASSERT_TRUE(draw_findings(picture.view(), task, {.labels = false}));
  EXPECT_EQ(picture.at(20, 50), colour_of(1));
  EXPECT_EQ(picture.at(40, 30), colour_of(1));
  EXPECT_FALSE(picture.is_painted(40, 50));
}

TEST(Painter, ATrackKeepsItsColourWhateverItsLabel) {
  for (const int32_t label : {0, 1}) {
    const GuardedPicture picture(100, 80);
    const Task task = task_of(
        {{.step = 0, .box = Box{20, 30, 60, 70}, .best = ClassScore{label, 0.9F}, .track = 12}});
    ASSERT_TRUE(draw_findings(picture.view(), task, {.labels = false}));
    EXPECT_EQ(picture.at(20, 50), colour_of(12));
  }
}

TEST(Painter, LabelsAreAboveOrWhereThereIsRoom) {
  Painter painter = Painter::open().value();
  if (!painter.writes_text()) GTEST_SKIP() << "no font";
  const Task below =
      task_of({{.step = 0, .box = Box{20, 40, 80, 90}, .best = ClassScore{0, 0.9F}}});
  const GuardedPicture above(200, 100);
  ASSERT_TRUE(painter.paint(above.view(), below));
  EXPECT_TRUE(above.is_painted(30, 34));
  EXPECT_FALSE(above.is_painted(50, 60));
  const Task top = task_of({{.step = 0, .box = Box{20, 1, 80, 90}, .best = ClassScore{0, 0.9F}}});
  const GuardedPicture inside(200, 100);
  ASSERT_TRUE(painter.paint(inside.view(), top));
  EXPECT_TRUE(inside.is_painted(30, 8));
}

TEST(Painter, DrawsSkeletonsAndLeavesOutPointsThatAreNotSure) {
  std::vector<Keypoint> points(17, Keypoint{10, 10, 0.01F});
  points[5] = {30, 40, 1};
  points[6] = {70, 40, 1};
  const GuardedPicture picture(100, 80);
  ASSERT_TRUE(draw_findings(picture.view(), task_of({{.keypoints = points}})));
  EXPECT_TRUE(picture.is_painted(50, 40));  // the bone between the shoulders
  EXPECT_FALSE(picture.is_painted(10, 10));
}

TEST(Painter, DrawsTheQuadOfATextAndNotItsBox) {
  const GuardedPicture picture(100, 100);
  const Task task = task_of({{.step = 1,
                              .box = Box{10, 10, 90, 90},
                              .keypoints = {{50, 10}, {90, 50}, {50, 90}, {10, 50}}}});
  ASSERT_TRUE(draw_findings(picture.view(), task, {.labels = false}));
  EXPECT_TRUE(picture.is_painted(30, 30));
  EXPECT_FALSE(picture.is_painted(12, 12));
}

TEST(Painter, TintsMasksAndLeavesTheRest) {
  std::vector<uint8_t> pixels(60 * 40, 0);
  for (int y = 10; y < 30; ++y) {
    for (int x = 20; x < 50; ++x) pixels[static_cast<std::size_t>(60 * y + x)] = 1;
  }
  const Mask mask = Mask::encode(pixels.data(), 60, 60, 40).value();
  const GuardedPicture picture(60, 40, 100);
  ASSERT_TRUE(draw_findings(picture.view(), task_of({{.mask = mask}}), {.labels = false}));
  EXPECT_EQ(picture.painted(), 20 * 30);
  EXPECT_NE(picture.at(20, 20), picture.at(30, 20));  // the edge is firmer
  EXPECT_TRUE(picture.guards_hold());
  // On a picture of another size it is stretched.
  const GuardedPicture large(120, 80, 100);
  ASSERT_TRUE(draw_findings(large.view(), task_of({{.mask = mask}}), {.labels = false}));
  EXPECT_EQ(large.painted(), 4 * 20 * 30);
}

TEST(Painter, MasksThatAreDamagedOrHugeAreNoTrouble) {
  const GuardedPicture picture(30, 20);
  Canvas canvas(picture.view());
  tint_mask(canvas, {10, 10, {5, 5}}, {255, 0, 0}, 100, 1);
  tint_mask(canvas, {-1, 10, {}}, {255, 0, 0}, 100, 1);
  EXPECT_EQ(picture.painted(), 0);
  tint_mask(canvas, {1 << 15, 1 << 15, {0, 1U << 30U}}, {255, 0, 0}, 100, 3);
  EXPECT_EQ(picture.painted(), 600);
  EXPECT_TRUE(picture.guards_hold());
}

TEST(Painter, TracksLeaveTrails) {
  Painter painter = Painter::open({.boxes = false, .labels = false}).value();
  Task task = task_of({{.box = Box{0, 10, 20, 50}, .track = 1}});
  GuardedPicture picture(200, 100);
  for (int i = 0; i < 12; ++i) {
    const auto x = static_cast<float>(10 * i);
    task.findings[0].box = Box{x, 10, x + 20, 50};
    picture = GuardedPicture(200, 100);
    ASSERT_TRUE(painter.paint(picture.view(), task));
  }
  EXPECT_TRUE(picture.is_painted(80, 50));
  EXPECT_FALSE(picture.is_painted(160, 50));
}

TEST(Trails, AreBoundedAndForgotten) {
  Trails trails(5);
  Task task = task_of({{.box = Box{0, 0, 10, 10}, .track = 0}});
  for (int64_t i = 0; i < 1000; ++i) {
    task.findings[0].track = i / 4;
    trails.add(task);
  }
  EXPECT_LE(trails.size(), 3U);
  EXPECT_EQ(trails.of(249).size(), 4U);
  EXPECT_TRUE(trails.of(3).empty());
}

TEST(Captions, NameWhatWasFoundInAFindingBesideIt) {
  const Task task = task_of(
      {{.step = 0, .box = Box{1, 1, 9, 9}, .best = ClassScore{0, 0.934F}},
       {.parent = 0, .step = 2, .best = ClassScore{1, 0.5F}},
       {.parent = 1, .step = 1, .text = "Anna"},
       {.step = 1, .best = ClassScore{-1, 0.8F}, .keypoints = {{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
       {.parent = 3, .step = 1, .best = ClassScore{-1, 0.98F}, .text = "ABC-1234"},
       {.step = 0, .best = ClassScore{1, 0.4F}, .others = {{0, 0.3F}}},
       {.parent = 77, .step = 0, .text = "astray"}});
  const auto captions = captions_of(task, true);
  ASSERT_EQ(captions.size(), 2U);
  EXPECT_EQ(captions[0].text, "Person 0.93 · Car 0.50 · Anna");
  EXPECT_EQ(captions[1].text, "ABC-1234 0.98");
  const auto legend = legend_of(task, true);
  ASSERT_EQ(legend.size(), 3U);
  EXPECT_EQ(legend[0].text, "Car 0.40");
  EXPECT_EQ(legend[1].text, "Person 0.30");
  EXPECT_EQ(legend[2].text, "astray");
}

TEST(Captions, OfALineSayWhatWasReadOnItWhereTheReaderGivesTheLineAgain) {
  const std::vector<Keypoint> line = {{0, 0}, {9, 0}, {9, 3}, {0, 3}};
  const std::vector<Keypoint> turned = {{9, 3}, {0, 3}, {0, 0}, {9, 0}};
  const Box box{0, 0, 9, 3};
  const Task task = task_of(
      {{.step = 1, .box = box, .best = ClassScore{-1, 0.8F}, .keypoints = line},
       {.parent = 0, .step = 0, .box = box, .best = ClassScore{0, 0.9F}, .keypoints = turned},
       {.parent = 1,
        .step = 1,
        .box = box,
        .best = ClassScore{-1, 0.98F},
        .keypoints = turned,
        .text = "ABC-1234"},
       {.parent = 0, .step = 1, .box = Box{0, 0, 4, 3}, .keypoints = line, .text = "ABC"}});
  const auto captions = captions_of(task, true);
  ASSERT_EQ(captions.size(), 2U);
  EXPECT_EQ(captions[0].finding, 0U);
  EXPECT_EQ(captions[0].text, "ABC-1234 0.98");
  EXPECT_EQ(captions[1].text, "ABC") << "a part of the line is a place of its own";
  EXPECT_EQ(repeated_quads(task), (std::vector<bool>{false, true, true, false}));
}

TEST(Captions, ParentsInACircleEnd) {
  Task task = task_of({{.text = "a"}, {.text = "b"}});
  task.findings[0].parent = 1;
  task.findings[1].parent = 0;
  EXPECT_TRUE(captions_of(task, true).empty());
  EXPECT_EQ(legend_of(task, true).size(), 2U);
}

TEST(LabelLayout, KeepsPlatesInsideAndApart) {
  const PixelRect bounds{0, 0, 320, 240};
  LabelLayout layout(bounds);
  std::vector<PixelRect> plates;
  for (int i = 0; i < 12; ++i) {
    const int x = 80 * (i % 4);
    const int y = 80 * (i / 4);
    plates.push_back(layout.place({x, y, x + 70, y + 70}, 60, 14));
  }
  // Three objects in one place find room as well.
  for (int i = 0; i < 3; ++i) plates.push_back(layout.place({100, 100, 140, 140}, 60, 14));
  for (std::size_t i = 0; i < plates.size(); ++i) {
    EXPECT_EQ(common(plates[i], bounds), plates[i]);
    for (std::size_t j = 0; j < i; ++j) EXPECT_EQ(common(plates[i], plates[j]).area(), 0);
  }
  const PixelRect wide = layout.place({310, 230, 500, 500}, 1000, 1000);
  EXPECT_EQ(wide, bounds);
}

float odd_number(std::mt19937& random) {
  constexpr float kOdd[] = {std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::max(),
                            -std::numeric_limits<float>::max(),
                            1e20F,
                            -1e9F,
                            0};
  if (random() % 3 == 0) return kOdd[random() % 8];
  return static_cast<float>(random() % 3000) / 10.0F - 100.0F;
}

Finding odd_finding(std::mt19937& random) {
  const auto number = [&] { return odd_number(random); };
  Finding finding;
  finding.step = static_cast<int32_t>(random() % 5) - 1;
  finding.parent = static_cast<int32_t>(random() % 12) - 2;
  if (random() % 3 != 0) finding.box = Box{number(), number(), number(), number()};
  if (random() % 2 == 0) {
    finding.best = ClassScore{static_cast<int32_t>(random() % 6) - 2, number()};
  }
  constexpr int kCounts[] = {0, 0, 1, 4, 5, 17, 21, 33, 468};
  const int count = kCounts[random() % 9];
  for (int i = 0; i < count; ++i) finding.keypoints.push_back({number(), number(), number()});
  if (random() % 5 == 0) {
    finding.mask = Mask{static_cast<int>(random() % 40), static_cast<int>(random() % 40), {}};
    const auto area = static_cast<uint32_t>(finding.mask->width * finding.mask->height);
    const auto first = static_cast<uint32_t>(random() % (area + 2));
    finding.mask->counts = {first, area - first};
  }
  if (random() % 3 == 0) finding.track = static_cast<int64_t>(random()) - (1 << 30);
  for (int i = 0; i < 4 && random() % 2 == 0; ++i) {
    finding.text += static_cast<char>(random());
    finding.text += "東é";
  }
  return finding;
}

TEST(Painter, WritesNothingOutsideWhateverTheFindings) {
  std::mt19937 random(11);
  Painter painter = Painter::open({.scale = 1.5}).value();
  for (int round = 0; round < 1500; ++round) {
    std::vector<Finding> findings;
    for (int i = 0; i < 8; ++i) findings.push_back(odd_finding(random));
    const GuardedPicture picture(1 + static_cast<int>(random() % 120),
                                 1 + static_cast<int>(random() % 90));
    ASSERT_TRUE(painter.paint(picture.view(), task_of(std::move(findings))));
    ASSERT_TRUE(picture.guards_hold()) << round;
  }
}

// A frame whose planes have guards around them and between their rows.
class GuardedFrame {
 public:
  GuardedFrame(PixelFormat format, int width, int height) {
    view_.format = format;
    view_.width = width;
    view_.height = height;
    for (int plane = 0; plane < plane_count(format); ++plane) {
      const std::size_t stride = view_.row_bytes(plane) + 32;
      const auto rows = static_cast<std::size_t>(view_.plane_rows(plane));
      planes_.emplace_back(stride * (rows + 2), uint8_t{0xA5});
      view_.planes[plane] = {planes_.back().data() + stride + 16,
                             static_cast<std::ptrdiff_t>(stride)};
      for (int y = 0; y < view_.plane_rows(plane); ++y) {
        std::fill_n(view_.row(plane, y), view_.row_bytes(plane), uint8_t{128});
      }
    }
  }
  const ImageView& view() const { return view_; }
  // Overwrites the picture, so ask at the end.
  bool guards_hold() const {
    for (int plane = 0; plane < plane_count(view_.format); ++plane) {
      for (int y = 0; y < view_.plane_rows(plane); ++y) {
        std::fill_n(view_.row(plane, y), view_.row_bytes(plane), uint8_t{0xA5});
      }
      for (const uint8_t byte : planes_[static_cast<std::size_t>(plane)]) {
        if (byte != 0xA5) return false;
      }
    }
    return true;
  }

 private:
  ImageView view_;
  std::vector<std::vector<uint8_t>> planes_;
};

TEST(Painter, WritesNothingOutsideOfFramesOfAnyFormat) {
  std::mt19937 random(12);
  Painter painter = Painter::open().value();
  for (int round = 0; round < 500; ++round) {
    std::vector<Finding> findings;
    for (int i = 0; i < 6; ++i) findings.push_back(odd_finding(random));
    const auto format = static_cast<PixelFormat>(round % kPixelFormatCount);
    const GuardedFrame frame(format, 1 + static_cast<int>(random() % 90),
                             1 + static_cast<int>(random() % 70));
    ASSERT_TRUE(painter.paint(frame.view(), task_of(std::move(findings))));
    ASSERT_TRUE(frame.guards_hold()) << round;
  }
}

// What is seen in a frame, as red, green and blue, is what is seen in a picture.
TEST(Painter, VideoFramesLookAsPicturesDo) {
  const Task task = task_of({{.step = 0, .box = Box{20, 30, 120, 110}, .best = ClassScore{0, 0.9F}},
                             {.step = 0, .box = Box{90, 21, 171, 99}, .best = ClassScore{1, 0.9F}},
                             {.keypoints = std::vector<Keypoint>(1, Keypoint{60, 75, 1})}});
  const GuardedPicture picture(200, 140, 128);
  ASSERT_TRUE(draw_findings(picture.view(), task, {.scale = 3}));
  for (const PixelFormat format : {PixelFormat::kI420, PixelFormat::kNv12, PixelFormat::kRgb}) {
    for (const YuvMatrix matrix : {YuvMatrix::kBt601, YuvMatrix::kBt709}) {
      const GuardedFrame frame(format, 200, 140);
      ImageView view = frame.view();
      view.full_range = true;
      view.matrix = matrix;
      ASSERT_TRUE(draw_findings(view, task, {.scale = 3}));
      std::vector<uint8_t> seen(200 * 140 * 3);
      const TensorView out{.data = seen.data(),
                           .dtype = DType::kUInt8,
                           .shape = {1, 140, 200, 3},
                           .strides = {},
                           .device = {}};
      PrepareSpec spec;
      spec.layout = TensorLayout::kNhwc;
      spec.channels = ChannelOrder::kBgr;
      ASSERT_TRUE(prepare_image(view, spec, out));
      double apart = 0;
      for (int y = 0; y < 140; ++y) {
        for (int i = 0; i < 600; ++i) {
          const auto at = static_cast<std::size_t>(600 * y + i);
          apart += std::abs(seen[at] - picture.view().row(0, y)[i]);
        }
      }
      EXPECT_LT(apart / static_cast<double>(seen.size()), format == PixelFormat::kRgb ? 0.01 : 4);
    }
  }
}

TEST(Painter, OnlyIntoAnUprightPicture) {
  const Image image = Image::allocate(PixelFormat::kBgr, 40, 40).value();
  EXPECT_EQ(draw_findings(image.rotated(Rotation::k90).view(), {}).error().code,
            ErrorCode::kUnsupported);
  EXPECT_FALSE(draw_findings(image.view(), {}, {.scale = -1}));
  EXPECT_FALSE(draw_findings(image.view(), {}, {.mask_opacity = 2}));
  EXPECT_EQ(Painter::open({.font = "/nowhere.ttf"}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir

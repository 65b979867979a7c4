// Painter beside OpenCV's rectangle, putText and line, which draw without anti-aliased outlines and
// only ASCII: one thread, one picture of 1280x720 in BGR with 20 boxes with labels and five points
// each. And a mask of half the picture, beside addWeighted over that half with a picture of its
// colour: all that OpenCV has to do is kept ready for it, but for the mask's runs, which it would
// have to decode first. The picture is not cleared in between: what is drawn again is the same.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bench/support/paired.h"
#include "weir/ops/draw/canvas.h"
#include "weir/ops/draw/mask_tint.h"
#include "weir/ops/draw/painter.h"

namespace weir::bench {
namespace {

constexpr int kWidth = 1280;
constexpr int kHeight = 720;
constexpr int kBoxes = 20;

Finding box_at(int i) {
  const auto x = static_cast<float>(60 + 230 * (i % 5));
  const auto y = static_cast<float>(40 + 170 * (i / 5));
  Finding finding{.step = 0, .box = Box{x, y, x + 150, y + 120}, .best = ClassScore{i % 2, 0.87F}};
  for (int k = 0; k < 5; ++k) {
    finding.keypoints.push_back({x + 20 + 25.0F * static_cast<float>(k), y + 60, 0.9F});
  }
  return finding;
}

Task boxes() {
  Task task;
  const auto labels =
      std::make_shared<const LabelSet>(std::vector<std::string>{"Person", "Traffic light"});
  task.steps = std::make_shared<const StepTable>(std::vector<StepEntry>{{"objects", labels}});
  for (int i = 0; i < kBoxes; ++i) task.add(box_at(i));
  return task;
}

// An ellipse that fills half of the picture.
cv::Mat half_of_the_picture() {
  cv::Mat pixels(kHeight, kWidth, CV_8U, cv::Scalar(0));
  cv::ellipse(pixels, {kWidth / 2, kHeight / 2}, {510, 287}, 0, 0, 360, {1}, cv::FILLED);
  return pixels;
}

Mask as_mask(const cv::Mat& pixels) {
  return Mask::encode(pixels.data, static_cast<std::ptrdiff_t>(pixels.step), kWidth, kHeight)
      .value();
}

void print(const char* name, const PairedResult& result) {
  std::printf("| %-34s | %8.1f | %8.1f | %5.2f x |\n", name, result.baseline_us, result.ours_us,
              result.baseline_us / result.ours_us);
}

constexpr PairedOptions kOptions{.rounds = 201, .max_seconds = 4};

// `decoded`: OpenCV's side begins with pixels, else with the runs, as ours does.
void measure_mask(const char* name, bool decoded) {
  const cv::Mat pixels = half_of_the_picture();
  const Mask mask = as_mask(pixels);
  cv::Mat picture(kHeight, kWidth, CV_8UC3, cv::Scalar(90, 90, 90));
  const cv::Mat colour(kHeight, kWidth, CV_8UC3, cv::Scalar(40, 200, 80));
  cv::Mat mixed;
  const Image image = Image::allocate(PixelFormat::kBgr, kWidth, kHeight).value();
  const auto theirs = [&] {
    cv::addWeighted(picture, 0.65, colour, 0.35, 0, mixed);
    if (decoded) return mixed.copyTo(picture, pixels);
    std::vector<uint8_t> again = mask.decode().value();
    mixed.copyTo(picture, cv::Mat(kHeight, kWidth, CV_8U, again.data()));
  };
  const auto ours = [&] {
    Canvas canvas(image.view());
    tint_mask(canvas, mask, {80, 200, 40}, 89, 2);
  };
  print(name, measure_paired(theirs, ours, kOptions));
}

void draw_with_opencv(cv::Mat& picture, const Task& task) {
  for (const Finding& finding : task.findings) {
    if (!finding.box) continue;
    const cv::Point from(static_cast<int>(finding.box->x1), static_cast<int>(finding.box->y1));
    const cv::Point to(static_cast<int>(finding.box->x2), static_cast<int>(finding.box->y2));
    cv::rectangle(picture, from, to, {40, 200, 80}, 3, cv::LINE_AA);
    cv::rectangle(picture, {from.x, from.y - 22}, {from.x + 150, from.y}, {40, 200, 80},
                  cv::FILLED);
    cv::putText(picture, "Traffic light 0.87", {from.x + 3, from.y - 5}, cv::FONT_HERSHEY_SIMPLEX,
                0.6, {0, 0, 0}, 1, cv::LINE_AA);
    for (const Keypoint& point : finding.keypoints) {
      cv::circle(picture, {static_cast<int>(point.x), static_cast<int>(point.y)}, 4, {0, 0, 255},
                 cv::FILLED, cv::LINE_AA);
    }
  }
}

void measure(const char* name, const Task& task, bool text) {
  const Image image = Image::allocate(PixelFormat::kBgr, kWidth, kHeight).value();
  cv::Mat picture(kHeight, kWidth, CV_8UC3, cv::Scalar(90, 90, 90));
  Painter painter = Painter::open({.labels = text}).value();
  const PairedResult result = measure_paired([&] { draw_with_opencv(picture, task); },
                                             [&] {
                                               if (!painter.paint(image.view(), task)) std::abort();
                                             },
                                             kOptions);
  print(name, result);
}

}  // namespace
}  // namespace weir::bench

int main() {
  cv::setNumThreads(1);
  std::printf("| case | OpenCV, µs | weir, µs | ratio |\n|---|---|---|---|\n");
  weir::bench::measure("20 boxes and labels", weir::bench::boxes(), true);
  weir::bench::measure("the same, no labels of ours", weir::bench::boxes(), false);
  weir::bench::measure_mask("a mask of half the picture", true);
  weir::bench::measure_mask("the same, OpenCV from runs too", false);
  return 0;
}

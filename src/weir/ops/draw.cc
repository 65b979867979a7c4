#include "weir/ops/draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace weir {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;

cv::Scalar to_bgr(Colour colour) {
  return {static_cast<double>(colour.blue), static_cast<double>(colour.green),
          static_cast<double>(colour.red)};
}

Status check_canvas(const ImageView& picture) {
  WEIR_TRY(check(picture));
  if (picture.format == PixelFormat::kBgr && picture.rotation == Rotation::k0) return {};
  return Error(ErrorCode::kUnsupported,
               "findings are not drawn into a " + std::string(name(picture.format)) +
                   (picture.rotation == Rotation::k0 ? " picture" : " picture that is turned"),
               "", "make it an upright bgr picture first");
}

cv::Mat canvas_of(const ImageView& picture) {
  return cv::Mat(picture.height, picture.width, CV_8UC3, picture.planes[0].data,
                 static_cast<std::size_t>(picture.planes[0].stride));
}

// Far outside and still an int; OpenCV clips to the picture.
int pixel(float x) {
  return static_cast<int>(std::lround(std::clamp(x, -1e5F, 1e5F)));
}

class Pen {
 public:
  Pen(const ImageView& picture, const DrawSpec& spec) : canvas_(canvas_of(picture)), spec_(spec) {
    const int side = std::max(picture.width, picture.height);
    thickness_ = spec.thickness > 0 ? spec.thickness : std::max(1, side / 400);
    font_scale_ = std::max(0.35, side / 1600.0);
  }

  void box(const Box& box, const std::string& text, Colour colour) {
    if (!std::isfinite(box.area()) || !std::isfinite(box.x1) || !std::isfinite(box.y1)) return;
    const cv::Rect outline(cv::Point(pixel(box.x1), pixel(box.y1)),
                           cv::Point(pixel(box.x2), pixel(box.y2)));
    cv::rectangle(canvas_, outline, to_bgr(colour), thickness_, cv::LINE_8);
    if (spec_.text && !text.empty()) label(outline.tl(), text, colour);
  }

  void points(const std::vector<Keypoint>& points, Colour colour) {
    for (const Keypoint& point : points) {
      if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
      cv::circle(canvas_, {pixel(point.x), pixel(point.y)}, thickness_ + 1, to_bgr(colour),
                 cv::FILLED, cv::LINE_AA);
    }
  }

 private:
  void label(cv::Point corner, const std::string& text, Colour colour) {
    int baseline = 0;
    const cv::Size size = cv::getTextSize(text, kFont, font_scale_, 1, &baseline);
    const int height = size.height + baseline + 2;
    const int top = corner.y >= height ? corner.y - height : corner.y;
    const int right = std::max(canvas_.cols - size.width - 4, 0);
    const cv::Rect plate(std::clamp(corner.x, 0, right), top, size.width + 4, height);
    cv::rectangle(canvas_, plate, to_bgr(colour), cv::FILLED);
    // Black on bright and white on dark plates.
    const bool bright = 2 * colour.red + 5 * colour.green + colour.blue > 8 * 128;
    const cv::Scalar ink = bright ? cv::Scalar(0, 0, 0) : cv::Scalar(255, 255, 255);
    cv::putText(canvas_, text, {plate.x + 2, top + size.height + 1}, kFont, font_scale_, ink, 1,
                cv::LINE_AA);
  }

  cv::Mat canvas_;
  const DrawSpec& spec_;
  int thickness_ = 1;
  double font_scale_ = 0.5;
};

std::string text_of(const Task& task, const Finding& finding, const DrawSpec& spec) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : " ") + part;
  };
  if (finding.track != Finding::kNone) add("#" + std::to_string(finding.track));
  if (finding.best) {
    const std::string_view label = task.label_name(finding, *finding.best);
    if (!label.empty()) {
      add(std::string(label));
    } else if (finding.best->label_id >= 0) {
      add("class " + std::to_string(finding.best->label_id));
    }
    char score[16];
    std::snprintf(score, sizeof(score), "%.2f", static_cast<double>(finding.best->score));
    if (spec.score) add(score);
  }
  add(finding.text);
  return text;
}

}  // namespace

Colour colour_of(int64_t number) {
  // Hues a golden section apart never repeat and keep neighbours distant.
  const double turn = static_cast<double>(static_cast<uint64_t>(number) % 10007) * 0.61803398875;
  const double hue = 6 * (turn - std::floor(turn));
  const auto level = [&](double offset) {
    const double place = std::fmod(hue + offset, 6.0);
    const double share = std::clamp(std::abs(place - 3) - 1, 0.0, 1.0);
    return static_cast<uint8_t>(std::lround(60 + 195 * share));
  };
  return {level(0), level(4), level(2)};
}

Status draw_box(const ImageView& picture, const Box& box, const std::string& text, Colour colour,
                const DrawSpec& spec) {
  WEIR_TRY(check_canvas(picture));
  try {
    Pen(picture, spec).box(box, text, colour);
  } catch (const std::exception& error) {
    return Error(ErrorCode::kInternal, std::string("drawing failed: ") + error.what());
  }
  return {};
}

Status draw_findings(const ImageView& picture, const Task& task, const DrawSpec& spec) {
  WEIR_TRY(check_canvas(picture));
  try {
    Pen pen(picture, spec);
    for (const Finding& finding : task.findings) {
      const int64_t label = finding.best ? finding.best->label_id : 0;
      const Colour colour = colour_of(finding.track != Finding::kNone ? finding.track : label);
      if (finding.box) pen.box(*finding.box, text_of(task, finding, spec), colour);
      pen.points(finding.keypoints, colour);
    }
  } catch (const std::exception& error) {
    return Error(ErrorCode::kInternal, std::string("drawing failed: ") + error.what());
  }
  return {};
}

}  // namespace weir

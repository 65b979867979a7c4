#include "bench/ops/opencv_chains.h"

#include <opencv2/imgproc.hpp>

namespace weir::bench {
namespace {

cv::Mat packed(const ImageView& image) {
  return cv::Mat(image.height, image.width, CV_8UC3, image.planes[0].data,
                 static_cast<std::size_t>(image.planes[0].stride));
}

cv::Mat plane(const ImageView& image, int index, int width) {
  return cv::Mat(image.plane_rows(index), width, CV_8UC1, image.planes[index].data,
                 static_cast<std::size_t>(image.planes[index].stride));
}

}  // namespace

OpenCvChain::OpenCvChain(PixelFormat format, const ResizePlan& plan, DType dtype, double scale,
                         double pad, int filter)
    : format_(format),
      plan_(plan),
      depth_(dtype == DType::kFloat32 ? CV_32F : CV_8U),
      scale_(scale),
      pad_(pad),
      filter_(filter) {}

cv::Mat OpenCvChain::plane_of(const TensorView& out, int channel) const {
  const std::size_t element = depth_ == CV_32F ? 4 : 1;
  return cv::Mat(plan_.height, plan_.width, CV_MAKETYPE(depth_, 1),
                 static_cast<uint8_t*>(out.data) + element * static_cast<std::size_t>(channel) *
                                                       static_cast<std::size_t>(plan_.width) *
                                                       static_cast<std::size_t>(plan_.height));
}

void OpenCvChain::put_pad(const TensorView& out) {
  const int bottom = plan_.top + plan_.inner_height;
  const int right = plan_.left + plan_.inner_width;
  for (int c = 0; c < 3; ++c) {
    cv::Mat whole = plane_of(out, c);
    const cv::Scalar level(pad_ * scale_);
    if (plan_.top > 0) whole.rowRange(0, plan_.top).setTo(level);
    if (bottom < plan_.height) whole.rowRange(bottom, plan_.height).setTo(level);
    if (plan_.left > 0) whole.colRange(0, plan_.left).setTo(level);
    if (right < plan_.width) whole.colRange(right, plan_.width).setTo(level);
  }
}

void OpenCvChain::put_planes(const cv::Mat& small, bool blue_first, const TensorView& out) {
  const cv::Rect inner(plan_.left, plan_.top, plan_.inner_width, plan_.inner_height);
  std::vector<cv::Mat> parts(3);
  for (int c = 0; c < 3; ++c) {
    parts[static_cast<std::size_t>(c)] = plane_of(out, blue_first ? 2 - c : c)(inner);
  }
  if (depth_ == CV_8U) {
    cv::split(small, parts.data());  // straight into the tensor
  } else {
    cv::split(small, planes_);
    for (std::size_t c = 0; c < 3; ++c) planes_[c].convertTo(parts[c], CV_32F, scale_);
  }
  put_pad(out);
}

cv::Mat OpenCvChain::full_colour(const ImageView& image) {
  if (format_ == PixelFormat::kBgr) return packed(image);
  if (format_ == PixelFormat::kNv12) {
    const cv::Mat luma = plane(image, 0, image.width);
    const cv::Mat chroma(image.plane_rows(1), image.width / 2, CV_8UC2, image.planes[1].data,
                         static_cast<std::size_t>(image.planes[1].stride));
    cv::cvtColorTwoPlane(luma, chroma, full_, cv::COLOR_YUV2RGB_NV12);
    return full_;
  }
  // The planes lie one after the other, as OpenCV wants them.
  const cv::Mat all(image.height * 3 / 2, image.width, CV_8UC1, image.planes[0].data);
  cv::cvtColor(all, full_, cv::COLOR_YUV2RGB_I420);
  return full_;
}

void OpenCvChain::run(const ImageView& image, const TensorView& out) {
  cv::resize(full_colour(image), small_, {plan_.inner_width, plan_.inner_height}, 0, 0, filter_);
  put_planes(small_, format_ == PixelFormat::kBgr, out);
}

void OpenCvChain::run_with_colour_swap(const ImageView& image, const TensorView& out) {
  cv::resize(packed(image), small_, {plan_.inner_width, plan_.inner_height});
  cv::cvtColor(small_, swapped_, cv::COLOR_BGR2RGB);
  put_planes(swapped_, false, out);
}

void OpenCvChain::run_by_planes(const ImageView& image, const TensorView& out) {
  const int width = plan_.inner_width / 2 * 2;
  const int height = plan_.inner_height / 2 * 2;
  yuv_.create(height * 3 / 2, width, CV_8UC1);
  cv::Mat y(height, width, CV_8UC1, yuv_.data);
  cv::Mat u(height / 2, width / 2, CV_8UC1, yuv_.data + width * height);
  cv::Mat v(height / 2, width / 2, CV_8UC1, yuv_.data + width * height * 5 / 4);
  cv::resize(plane(image, 0, image.width), y, y.size());
  cv::resize(plane(image, 1, image.width / 2), u, u.size());
  cv::resize(plane(image, 2, image.width / 2), v, v.size());
  cv::cvtColor(yuv_, small_, cv::COLOR_YUV2RGB_I420);
  if (width == plan_.inner_width && height == plan_.inner_height) put_planes(small_, false, out);
}

OpenCvWarp::OpenCvWarp(const Affine& map, int width, int height, double scale)
    : size_(width, height),
      scale_(scale),
      // OpenCV counts from the centre of the first pixel.
      matrix_(map.a, map.b, map.tx + (map.a + map.b) / 2 - 0.5, map.c, map.d,
              map.ty + (map.c + map.d) / 2 - 0.5) {}

void OpenCvWarp::run(const ImageView& image, const TensorView& out) {
  cv::warpAffine(packed(image), warped_, matrix_, size_, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
  cv::split(warped_, planes_);
  for (int c = 0; c < 3; ++c) {
    cv::Mat part(size_, CV_32FC1,
                 out.as<float>() + std::ptrdiff_t{2 - c} * size_.width * size_.height);
    planes_[static_cast<std::size_t>(c)].convertTo(part, CV_32F, scale_);
  }
}

}  // namespace weir::bench

// How a picture becomes a model's input with OpenCV: the ways that give the same as prepare_image
// (but for OpenCV's rounding to whole levels between the steps), each with all of its memory kept.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "weir/data/image.h"
#include "weir/data/tensor.h"
#include "weir/ops/affine.h"
#include "weir/ops/resize_plan.h"

namespace weir::bench {

// Levels to elements: times `scale`, for RGB in planes, with `pad` around.
class OpenCvChain {
 public:
  // `filter` is OpenCV's: cv::INTER_LINEAR and so on.
  OpenCvChain(PixelFormat format, const ResizePlan& plan, DType dtype, double scale, double pad,
              int filter);

  // Of BGR: resize, split, convert, with the planes swapped for nothing. Of video: colour at full
  // size, then the same. The quickest of the exact ones.
  void run(const ImageView& image, const TensorView& out);
  // With the colours swapped by cvtColor after resizing, as it is mostly written. BGR only.
  void run_with_colour_swap(const ImageView& image, const TensorView& out);
  // Of I420: each plane resized by itself, then the colour of the small picture. It halves the
  // resolution of chroma.
  void run_by_planes(const ImageView& image, const TensorView& out);

 private:
  cv::Mat full_colour(const ImageView& image);
  void put_planes(const cv::Mat& small, bool blue_first, const TensorView& out);
  void put_pad(const TensorView& out);
  cv::Mat plane_of(const TensorView& out, int channel) const;

  const PixelFormat format_;
  const ResizePlan plan_;
  const int depth_;
  const double scale_;
  const double pad_;
  const int filter_;
  cv::Mat full_;
  cv::Mat small_;
  cv::Mat swapped_;
  std::vector<cv::Mat> planes_ = std::vector<cv::Mat>(3);
  cv::Mat yuv_;
};

// warpAffine, split, convert; BGR to RGB planes.
class OpenCvWarp {
 public:
  OpenCvWarp(const Affine& to_source, int width, int height, double scale);
  void run(const ImageView& image, const TensorView& out);

 private:
  const cv::Size size_;
  const double scale_;
  cv::Matx23d matrix_;
  cv::Mat warped_;
  std::vector<cv::Mat> planes_ = std::vector<cv::Mat>(3);
};

}  // namespace weir::bench

#include "weir/media/frame_image.h"

#include <cstring>
#include <optional>
#include <utility>

namespace weir {
namespace {

// Above this many lines, video that does not say has the colours of HD.
constexpr int kLastSdLine = 576;

// FFmpeg fills these fields with what a file says, which may be a number that the enum does not
// have: as a number it can be read all the same.
template <class Enum>
int number_of(const Enum& field) {
  static_assert(sizeof(Enum) == sizeof(int));
  int number = 0;
  std::memcpy(&number, &field, sizeof number);
  return number;
}

bool is_full_range(const AVFrame& frame) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
      return true;
    default:
      return number_of(frame.color_range) == AVCOL_RANGE_JPEG;
  }
}

YuvMatrix matrix_of(const AVFrame& frame) {
  switch (number_of(frame.colorspace)) {
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return YuvMatrix::kBt709;
    case AVCOL_SPC_UNSPECIFIED:
    case AVCOL_SPC_RESERVED:
      return frame.height > kLastSdLine ? YuvMatrix::kBt709 : YuvMatrix::kBt601;
    default:
      return YuvMatrix::kBt601;
  }
}

// The formats whose memory is laid out as one of ours; transparency is a further plane.
std::optional<PixelFormat> same_layout(int format) {
  switch (format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVA420P:
      return PixelFormat::kI420;
    case AV_PIX_FMT_NV12:
      return PixelFormat::kNv12;
    case AV_PIX_FMT_BGR24:
      return PixelFormat::kBgr;
    case AV_PIX_FMT_RGB24:
      return PixelFormat::kRgb;
    case AV_PIX_FMT_GRAY8:
      return PixelFormat::kGrey;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<Image> FrameImages::image_of(av::Frame frame, Rotation rotation) {
  ImageView view;
  view.width = frame->width;
  view.height = frame->height;
  view.rotation = rotation;
  view.matrix = matrix_of(*frame);
  view.full_range = is_full_range(*frame);
  const std::optional<PixelFormat> same = same_layout(frame->format);
  if (same == PixelFormat::kGrey && number_of(frame->color_range) == AVCOL_RANGE_MPEG) {
    return from_limited_grey(*frame, view);
  }
  if (!same) return converted(*frame, view);
  view.format = *same;
  return shared(std::move(frame), view);
}

Result<Image> FrameImages::shared(av::Frame frame, ImageView view) {
  for (int plane = 0; plane < plane_count(view.format); ++plane) {
    view.planes[plane] = {frame->data[plane], frame->linesize[plane]};
    // Bottom up: rare, and copied by the converter.
    if (frame->linesize[plane] < 0) return converted(*frame, view);
  }
  return Image::shared(view, std::shared_ptr<const AVFrame>(frame.release(), av::FrameFree()));
}

Result<Image> FrameImages::converted(const AVFrame& frame, ImageView view) {
  const auto from = static_cast<AVPixelFormat>(frame.format);
  const AVPixFmtDescriptor* kind = av_pix_fmt_desc_get(from);
  if (kind == nullptr || (kind->flags & AV_PIX_FMT_FLAG_HWACCEL) != 0) {
    return Error(ErrorCode::kUnsupported, "frames of an unknown pixel format");
  }
  const bool grey = kind->nb_components <= 2 && (kind->flags & AV_PIX_FMT_FLAG_RGB) == 0 &&
                    (kind->flags & AV_PIX_FMT_FLAG_PAL) == 0;
  const bool rgb = (kind->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
  const PixelFormat to = grey ? PixelFormat::kGrey : rgb ? PixelFormat::kBgr : PixelFormat::kI420;
  WEIR_ASSIGN(const Image image, Image::allocate(to, frame.width, frame.height));
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, from,
                                     frame.width, frame.height, av::pixel_format_of(to),
                                     SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
  if (scaler_ == nullptr) {
    return Error(ErrorCode::kUnsupported,
                 std::string("frames in ") + kind->name + " cannot be converted");
  }
  av::set_colours(scaler_.get(), view.matrix, view.full_range, view.matrix,
                  view.full_range || to == PixelFormat::kGrey);
  uint8_t* planes[4] = {};
  int strides[4] = {};
  for (int plane = 0; plane < plane_count(to); ++plane) {
    planes[plane] = image.view().planes[plane].data;
    strides[plane] = static_cast<int>(image.view().planes[plane].stride);
  }
  sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
  view.format = to;
  view.planes = image.view().planes;
  return Image::shared(view, std::make_shared<const Image>(image));
}

Result<Image> FrameImages::from_limited_grey(const AVFrame& frame, ImageView view) {
  WEIR_ASSIGN(const Image image, Image::allocate(PixelFormat::kI420, frame.width, frame.height));
  for (int plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < image.view().plane_rows(plane); ++y) {
      uint8_t* row = image.view().row(plane, y);
      if (plane == 0) {
        std::memcpy(row, frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0],
                    image.view().row_bytes(0));
      } else {
        std::memset(row, 128, image.view().row_bytes(plane));
      }
    }
  }
  view.format = PixelFormat::kI420;
  view.planes = image.view().planes;
  return Image::shared(view, std::make_shared<const Image>(image));
}

}  // namespace weir

#include "weir/media/av_support.h"

#include <cerrno>

namespace weir::av {

std::string words_of(int error) {
  char words[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, words, sizeof(words));
  return words;
}

Error error_of(int number, ErrorCode code, const std::string& what, const std::string& where) {
  std::string hint;
  if (number == AVERROR(ENOMEM)) code = ErrorCode::kExhausted;
  if (number == AVERROR(ENOENT)) code = ErrorCode::kNotFound;
  if (number == AVERROR(ENOSPC) || number == AVERROR(EDQUOT) || number == AVERROR(EFBIG)) {
    code = ErrorCode::kExhausted;
    hint = "make room, or write elsewhere";
  }
  if (number == AVERROR(EACCES) || number == AVERROR(EPERM)) code = ErrorCode::kUnavailable;
  return Error(code, what + ": " + words_of(number), where, hint);
}

AVPixelFormat pixel_format_of(PixelFormat format) {
  switch (format) {
    case PixelFormat::kBgr:
      return AV_PIX_FMT_BGR24;
    case PixelFormat::kRgb:
      return AV_PIX_FMT_RGB24;
    case PixelFormat::kGrey:
      return AV_PIX_FMT_GRAY8;
    case PixelFormat::kNv12:
      return AV_PIX_FMT_NV12;
    case PixelFormat::kI420:
      return AV_PIX_FMT_YUV420P;
  }
  return AV_PIX_FMT_NONE;
}

void set_colours(SwsContext* scaler, YuvMatrix from, bool from_full, YuvMatrix to, bool to_full) {
  const auto table = [](YuvMatrix matrix) {
    return sws_getCoefficients(matrix == YuvMatrix::kBt709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
  };
  // Brightness, contrast and saturation as they are, in units of 1/65536.
  sws_setColorspaceDetails(scaler, table(from), from_full, table(to), to_full, 0, 1 << 16, 1 << 16);
}

}  // namespace weir::av

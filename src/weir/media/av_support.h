// What the reader and the writer of videos share of FFmpeg: owners, messages, pixel formats.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "weir/data/image.h"

namespace weir::av {

struct FrameFree {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct PacketFree {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct CodecFree {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
struct ScalerFree {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using Frame = std::unique_ptr<AVFrame, FrameFree>;
using Packet = std::unique_ptr<AVPacket, PacketFree>;
using Codec = std::unique_ptr<AVCodecContext, CodecFree>;
using Scaler = std::unique_ptr<SwsContext, ScalerFree>;

// FFmpeg's words for one of its numbers: "Invalid data found when processing input".
std::string words_of(int error);
// An Error of `code`, or of one that fits the number better (no memory, no such file, disk full).
Error error_of(int number, ErrorCode code, const std::string& what, const std::string& where);

AVPixelFormat pixel_format_of(PixelFormat format);
// sws_setColorspaceDetails for both sides, so that nothing but the layout changes.
void set_colours(SwsContext* scaler, YuvMatrix from, bool from_full, YuvMatrix to, bool to_full);

}  // namespace weir::av

#include "weir/media/video_writer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <utility>

#include "weir/media/av_support.h"

extern "C" {
#include <libavutil/opt.h>
}

namespace weir {
namespace {

// Fine enough for every usual rate of frames, and still what MPEG-4 can say.
constexpr AVRational kTimeBase{1, 60000};
constexpr double kTicksPerMs = 60;
constexpr int kLastSdLine = 576;
// Of mpeg4 without a bit rate: 2 is best, 31 worst.
constexpr int kQuantiser = 5;

struct FormatFree {
  void operator()(AVFormatContext* format) const {
    if (format->pb != nullptr) avio_closep(&format->pb);
    avformat_free_context(format);
  }
};
using Format = std::unique_ptr<AVFormatContext, FormatFree>;

Status check_spec(int width, int height, const VideoWriteSpec& spec) {
  if (width < 1 || height < 1 || width > Image::kMaxSide || height > Image::kMaxSide) {
    return Error(ErrorCode::kInvalidArgument, "a video of " + std::to_string(width) + "x" +
                                                  std::to_string(height) + " pixels cannot be");
  }
  if (!(spec.fps > 0) || spec.fps > 1000) {
    return Error(ErrorCode::kInvalidArgument,
                 "a video has above 0 and at most 1000 frames a second");
  }
  if (spec.bitrate_kbps < 0 || spec.bitrate_kbps > 1'000'000) {
    return Error(ErrorCode::kInvalidArgument, "a bit rate is 0 to 1000000 kbit/s");
  }
  return {};
}

}  // namespace

std::vector<std::string> video_encoders() {
  std::vector<std::string> found;
  for (const char* name : {"libopenh264", "mpeg4"}) {
    if (avcodec_find_encoder_by_name(name) != nullptr) found.emplace_back(name);
  }
  return found;
}

struct VideoWriter::State {
  std::string where;
  std::string name;
  VideoWriteSpec spec;
  int width = 0;  // even
  int height = 0;
  YuvMatrix matrix = YuvMatrix::kBt601;
  Format format;
  av::Codec codec;
  av::Frame frame{av_frame_alloc()};
  av::Packet packet{av_packet_alloc()};
  av::Scaler scaler;
  AVStream* stream = nullptr;
  double first_ms = 0;
  int64_t last_pts = -1;
  int64_t whole = 0;  // bytes that end with a whole fragment
  bool open = false;
  bool broken = false;

  Error wrong(int number, ErrorCode code, const std::string& what) const {
    return av::error_of(number, code, what, where);
  }

  Status open_codec(const std::string& encoder) {
    const AVCodec* found = avcodec_find_encoder_by_name(encoder.c_str());
    if (found == nullptr || found->type != AVMEDIA_TYPE_VIDEO) {
      return Error(ErrorCode::kNotFound, "this FFmpeg has no video encoder '" + encoder + "'",
                   where, "leave the encoder out, or see ffmpeg -encoders");
    }
    codec.reset(avcodec_alloc_context3(found));
    if (codec == nullptr) return Error(ErrorCode::kExhausted, "no memory", where);
    codec->width = width;
    codec->height = height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->time_base = kTimeBase;
    codec->framerate = av_d2q(spec.fps, 60000);
    codec->gop_size = std::max(1, static_cast<int>(std::lround(spec.fps)));
    codec->max_b_frames = 0;
    codec->thread_count = std::clamp(spec.threads, 1, 16);
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = matrix == YuvMatrix::kBt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (spec.bitrate_kbps > 0) {
      codec->bit_rate = int64_t{1000} * spec.bitrate_kbps;
    } else if (encoder == "mpeg4") {
      codec->flags |= AV_CODEC_FLAG_QSCALE;
      codec->global_quality = FF_QP2LAMBDA * kQuantiser;
    } else {
      codec->bit_rate = static_cast<int64_t>(0.12 * width * height * spec.fps);
    }
    const int opened = avcodec_open2(codec.get(), found, nullptr);
    if (opened < 0) {
      return wrong(opened, ErrorCode::kUnsupported,
                   "the encoder '" + encoder + "' does not take " + std::to_string(width) + "x" +
                       std::to_string(height) + " pixels, or not here");
    }
    name = encoder;
    return {};
  }

  Status open_best_codec() {
    if (!spec.encoder.empty()) return open_codec(spec.encoder);
    Status opened = Error(ErrorCode::kUnsupported, "this FFmpeg has no encoder for MP4", where);
    for (const std::string& encoder : video_encoders()) {
      if ((opened = open_codec(encoder))) break;
    }
    return opened;
  }

  Status open_file(const std::string& path) {
    AVFormatContext* raw = nullptr;
    int done = avformat_alloc_output_context2(&raw, nullptr, "mp4", path.c_str());
    if (done < 0) return wrong(done, ErrorCode::kInternal, "the video cannot be written");
    format.reset(raw);
    stream = avformat_new_stream(format.get(), nullptr);
    if (stream == nullptr) return Error(ErrorCode::kExhausted, "no memory", where);
    avcodec_parameters_from_context(stream->codecpar, codec.get());
    stream->time_base = kTimeBase;
    stream->avg_frame_rate = codec->framerate;
    done = avio_open(&format->pb, ("file:" + path).c_str(), AVIO_FLAG_WRITE);
    if (done < 0) {
      Error error = wrong(done, ErrorCode::kUnavailable, "the video cannot be written");
      if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kUnavailable;
      if (error.hint.empty()) error.hint = "name a file in a folder that you may write to";
      return error;
    }
    // A fragment with each key frame, and out of our hands at once.
    format->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "frag_keyframe+empty_moov+default_base_moof", 0);
    done = avformat_write_header(format.get(), &options);
    av_dict_free(&options);
    if (done < 0) return wrong(done, ErrorCode::kUnavailable, "the video cannot be written");
    whole = avio_tell(format->pb);
    open = true;
    return {};
  }

  Status open_all(const std::string& path, int wanted_width, int wanted_height) {
    WEIR_TRY(check_spec(wanted_width, wanted_height, spec));
    width = wanted_width + wanted_width % 2;
    height = wanted_height + wanted_height % 2;
    matrix = height > kLastSdLine ? YuvMatrix::kBt709 : YuvMatrix::kBt601;
    WEIR_TRY(open_best_codec());
    WEIR_TRY(open_file(path));
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = width;
    frame->height = height;
    if (av_frame_get_buffer(frame.get(), 0) < 0) {
      return Error(ErrorCode::kExhausted, "no memory", where);
    }
    return {};
  }

  // The picture in the encoder's format, `inner` of the frame being covered by it.
  Status convert(const ImageView& picture, int inner_width, int inner_height) {
    if (av_frame_make_writable(frame.get()) < 0) {
      return Error(ErrorCode::kExhausted, "no memory", where);
    }
    scaler.reset(sws_getCachedContext(scaler.release(), picture.width, picture.height,
                                      av::pixel_format_of(picture.format), inner_width,
                                      inner_height, AV_PIX_FMT_YUV420P,
                                      SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
    if (scaler == nullptr) {
      return Error(ErrorCode::kUnsupported, "the picture cannot be converted for the video", where);
    }
    const bool full = !is_yuv(picture.format) || picture.full_range;
    av::set_colours(scaler.get(), picture.matrix, full, matrix, false);
    const uint8_t* planes[4] = {};
    int strides[4] = {};
    for (int plane = 0; plane < plane_count(picture.format); ++plane) {
      planes[plane] = picture.planes[plane].data;
      strides[plane] = static_cast<int>(picture.planes[plane].stride);
    }
    sws_scale(scaler.get(), planes, strides, 0, picture.height, frame->data, frame->linesize);
    return {};
  }

  // The last column and row of brightness once more; colour has half the size and is there.
  void repeat_edge(int inner_width, int inner_height) {
    uint8_t* luma = frame->data[0];
    const std::ptrdiff_t stride = frame->linesize[0];
    if (inner_width < width) {
      for (int y = 0; y < inner_height; ++y)
        luma[y * stride + width - 1] = luma[y * stride + width - 2];
    }
    if (inner_height < height) {
      std::memcpy(luma + (height - 1) * stride, luma + (height - 2) * stride,
                  static_cast<std::size_t>(width));
    }
  }

  Status encode(const AVFrame* input) {
    int done = avcodec_send_frame(codec.get(), input);
    if (done < 0) return wrong(done, ErrorCode::kInternal, "the frame cannot be encoded");
    while ((done = avcodec_receive_packet(codec.get(), packet.get())) >= 0) {
      packet->stream_index = stream->index;
      if (packet->duration == 0) {
        packet->duration = static_cast<int64_t>(1000 * kTicksPerMs / spec.fps);
      }
      av_packet_rescale_ts(packet.get(), kTimeBase, stream->time_base);
      const int written = av_write_frame(format.get(), packet.get());
      av_packet_unref(packet.get());
      broken = written < 0 || format->pb->error < 0;
      if (broken) {
        return wrong(written < 0 ? written : format->pb->error, ErrorCode::kUnavailable,
                     "the video cannot be written");
      }
      whole = avio_tell(format->pb);
    }
    if (done == AVERROR(EAGAIN) || done == AVERROR_EOF) return {};
    return wrong(done, ErrorCode::kInternal, "the frame cannot be encoded");
  }

  Status write(const ImageView& picture, double time_ms) {
    if (!open) return Error(ErrorCode::kInternal, "the video is closed", where);
    WEIR_TRY(check(picture));
    if (picture.rotation != Rotation::k0) {
      return Error(ErrorCode::kUnsupported, "a picture that is turned is not written into a video",
                   where, "make it upright first");
    }
    // One short of an even size on a side is an odd size; anything else is stretched.
    const int inner_width = picture.width == width - 1 ? width - 1 : width;
    const int inner_height = picture.height == height - 1 ? height - 1 : height;
    WEIR_TRY(convert(picture, inner_width, inner_height));
    repeat_edge(inner_width, inner_height);
    if (last_pts < 0) first_ms = std::isfinite(time_ms) ? time_ms : 0;
    const double ticks = kTicksPerMs * (time_ms - first_ms);
    const int64_t pts = ticks > 0 && ticks < 1e15 ? std::llround(ticks) : 0;
    frame->pts = last_pts = std::max(last_pts + 1, pts);
    return encode(frame.get());
  }

  // It ends with the last fragment that went out whole.
  Status close_broken() {
    avio_closep(&format->pb);
    std::error_code unknown;
    std::filesystem::resize_file(where, static_cast<std::uintmax_t>(whole), unknown);
    return {};
  }

  Status close() {
    if (!open) return {};
    open = false;
    if (broken) return close_broken();
    Status first = encode(nullptr);
    if (broken) {
      static_cast<void>(close_broken());
      return first;
    }
    const int done = av_write_trailer(format.get());
    if (first && done < 0)
      first = wrong(done, ErrorCode::kUnavailable, "the video cannot be written");
    const int closed = avio_closep(&format->pb);
    if (first && closed < 0) {
      first = wrong(closed, ErrorCode::kUnavailable, "the video cannot be written");
    }
    return first;
  }
};

VideoWriter::VideoWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;

VideoWriter::~VideoWriter() {
  if (state_ != nullptr) (void)state_->close();
}

Result<VideoWriter> VideoWriter::open(const std::string& path, int width, int height,
                                      const VideoWriteSpec& spec) {
  auto state = std::make_unique<State>();
  state->where = path;
  state->spec = spec;
  WEIR_TRY(state->open_all(path, width, height));
  return VideoWriter(std::move(state));
}

Status VideoWriter::write(const ImageView& picture, double time_ms) {
  return state_->write(picture, time_ms);
}

Status VideoWriter::close() {
  return state_->close();
}

const std::string& VideoWriter::encoder() const {
  return state_->name;
}

}  // namespace weir

#include "weir/media/video_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/log.h"
#include "weir/media/av_support.h"
#include "weir/media/frame_image.h"
#include "weir/media/picture.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libavutil/parseutils.h>
}

namespace weir {
namespace {

// Where the decoder finds nothing for so long, there is nothing.
constexpr int kMaxPacketsWithoutFrame = 4096;
constexpr int kIoBytes = 64 << 10;
constexpr int kMaxStreams = 64;
// Winding further back begins with so much, and doubles it.
constexpr double kFirstStepBackMs = 2000;
// Further back than this goes no frame that is merely late: the clock of the file was set anew.
constexpr double kClockSetBackMs = 500;

struct FormatClose {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
struct IoFree {
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};
using Format = std::unique_ptr<AVFormatContext, FormatClose>;

// A file in memory, as FFmpeg reads it.
struct Bytes {
  std::span<const uint8_t> all;
  int64_t at = 0;

  static int read(void* self, uint8_t* out, int count) {
    auto& bytes = *static_cast<Bytes*>(self);
    const auto left = static_cast<int64_t>(bytes.all.size()) - bytes.at;
    const auto taken = static_cast<int>(std::min<int64_t>(left, count));
    if (taken <= 0) return AVERROR_EOF;
    std::memcpy(out, bytes.all.data() + bytes.at, static_cast<std::size_t>(taken));
    bytes.at += taken;
    return taken;
  }
  static int64_t seek(void* self, int64_t offset, int whence) {
    auto& bytes = *static_cast<Bytes*>(self);
    const auto size = static_cast<int64_t>(bytes.all.size());
    if (whence == AVSEEK_SIZE) return size;
    const int64_t base = whence == SEEK_CUR ? bytes.at : whence == SEEK_END ? size : 0;
    if (base + offset < 0 || base + offset > size) return AVERROR(EINVAL);
    return bytes.at = base + offset;
  }
};

Status check_spec(const VideoReadSpec& spec) {
  const bool times = std::isfinite(spec.start_ms) && std::isfinite(spec.end_ms) &&
                     spec.start_ms >= 0 && spec.end_ms >= 0 &&
                     (spec.end_ms == 0 || spec.end_ms > spec.start_ms);
  if (!times) return Error(ErrorCode::kInvalidArgument, "a video ends after it starts");
  if (spec.threads < 1 || spec.threads > 64) {
    return Error(ErrorCode::kInvalidArgument, "a decoder has 1 to 64 threads");
  }
  return {};
}

Status check_file(const std::string& path) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status) && path.find("://") != std::string::npos) {
    return Error(ErrorCode::kUnsupported, "streams of the network are not read yet", path,
                 "name a file");
  }
  if (!std::filesystem::exists(status)) {
    return Error(ErrorCode::kNotFound, "there is no such file", path);
  }
  if (std::filesystem::is_directory(status)) {
    return Error(ErrorCode::kInvalidArgument, "not a file", path, "name a video file");
  }
  if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, code) == 0) {
    return Error(ErrorCode::kCorrupt, "the file is empty", path);
  }
  return {};
}

// Lists of other files would lead anywhere; scripts and text are no videos.
bool is_playlist(std::string_view format) {
  for (const std::string_view name : {"hls", "concat", "dash", "imf", "tty", "sdp", "rtsp"}) {
    if (format.find(name) != std::string_view::npos) return true;
  }
  return false;
}

Rotation rotation_of(const AVStream& stream) {
  const auto* matrix = reinterpret_cast<const int32_t*>(
      av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
  if (matrix == nullptr) return Rotation::k0;
  const double turn = av_display_rotation_get(matrix);  // anticlockwise
  if (!std::isfinite(turn)) return Rotation::k0;
  const long quarters = std::lround(-turn / 90);
  return static_cast<Rotation>(((quarters % 4) + 4) % 4);
}

double ms_of(int64_t ticks, AVRational base) {
  return 1000.0 * static_cast<double>(ticks) * base.num / base.den;
}

}  // namespace

struct VideoReader::State {
  std::string where;
  VideoReadSpec spec;
  VideoInfo info;
  Bytes bytes;
  std::unique_ptr<AVIOContext, IoFree> io;
  Format format;  // after `io`, which it uses until it is closed
  av::Codec codec;
  av::Packet packet{av_packet_alloc()};
  FrameImages images;
  AVStream* stream = nullptr;
  int64_t origin = 0;  // ticks at which the file starts
  int64_t seq = 0;
  int64_t damaged = 0;
  int since_frame = 0;  // packets without a frame
  double skip_before_ms = 0;
  double wound_back_ms = 0;  // so much before `skip_before_ms` was read from
  double last_ms = 0;
  double shift_ms = 0;  // what is put on top of the times of the file
  bool seeks_key = false;
  bool wound = false;  // and no frame was decoded since
  bool decoded = false;
  bool flushing = false;
  bool ended = false;

  Error wrong(ErrorCode code, const std::string& what, std::string hint = {}) const {
    return Error(code, what, where, std::move(hint));
  }

  Status open_format(const std::string& path) {
    AVFormatContext* raw = avformat_alloc_context();
    if (raw == nullptr) return wrong(ErrorCode::kExhausted, "no memory");
    if (!bytes.all.empty()) {
      auto* buffer = static_cast<uint8_t*>(av_malloc(kIoBytes));
      io.reset(avio_alloc_context(buffer, kIoBytes, 0, &bytes, Bytes::read, nullptr, Bytes::seek));
      raw->pb = io.get();
    }
    raw->max_streams = kMaxStreams;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    const std::string url = bytes.all.empty() ? "file:" + path : std::string();
    const int opened = avformat_open_input(&raw, url.c_str(), nullptr, &options);
    av_dict_free(&options);
    if (opened < 0) {  // and has freed `raw`
      return av::error_of(opened, ErrorCode::kCorrupt, "not a video, or a damaged one", where);
    }
    format.reset(raw);
    if (is_playlist(format->iformat->name)) {
      return wrong(ErrorCode::kUnsupported,
                   std::string("not a video but '") + format->iformat->name + "'",
                   "name the video file itself");
    }
    const int known = find_streams();
    if (known < 0) {
      return av::error_of(known, ErrorCode::kCorrupt, "the video is damaged", where);
    }
    return {};
  }

  // Looks into the streams, with decoders that are bounded as ours is.
  int find_streams() {
    const unsigned count = format->nb_streams;
    std::vector<AVDictionary*> options(std::max(count, 1U), nullptr);
    for (AVDictionary*& each : options) av_dict_set_int(&each, "max_pixels", kMaxPicturePixels, 0);
    const int known = avformat_find_stream_info(format.get(), count > 0 ? options.data() : nullptr);
    for (AVDictionary*& each : options) av_dict_free(&each);
    return known;
  }

  Status open_codec() {
    const AVCodec* decoder = nullptr;
    const int index = av_find_best_stream(format.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (index == AVERROR_DECODER_NOT_FOUND) {
      return wrong(ErrorCode::kUnsupported, "this FFmpeg has no decoder for the video");
    }
    if (index < 0)
      return wrong(ErrorCode::kUnsupported, "there is no picture in it", "name a video");
    stream = format->streams[index];
    for (unsigned i = 0; i < format->nb_streams; ++i) {
      if (static_cast<int>(i) != index) format->streams[i]->discard = AVDISCARD_ALL;
    }
    codec.reset(avcodec_alloc_context3(decoder));
    if (codec == nullptr || avcodec_parameters_to_context(codec.get(), stream->codecpar) < 0) {
      return wrong(ErrorCode::kExhausted, "no memory");
    }
    codec->pkt_timebase = stream->time_base;
    codec->thread_count = spec.threads;
    codec->max_pixels = kMaxPicturePixels;
    const int opened = avcodec_open2(codec.get(), decoder, nullptr);
    if (opened < 0) {
      return av::error_of(opened, ErrorCode::kCorrupt, "the video cannot be decoded", where);
    }
    return {};
  }

  void read_info() {
    const AVCodecParameters& parameters = *stream->codecpar;
    info.rotation = rotation_of(*stream);
    const bool sideways = info.rotation == Rotation::k90 || info.rotation == Rotation::k270;
    info.width = sideways ? parameters.height : parameters.width;
    info.height = sideways ? parameters.width : parameters.height;
    const AVRational rate =
        stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
    if (rate.num > 0 && rate.den > 0) info.fps = av_q2d(rate);
    if (stream->duration > 0) {
      info.duration_ms = ms_of(stream->duration, stream->time_base);
    } else if (format->duration > 0) {
      info.duration_ms = static_cast<double>(format->duration) / (AV_TIME_BASE / 1000);
    }
    info.frames = std::max<int64_t>(0, stream->nb_frames);
    info.codec = avcodec_get_name(parameters.codec_id);
    const char* pixels = av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters.format));
    info.pixel_format = pixels == nullptr ? "unknown" : pixels;
    origin = stream->start_time == AV_NOPTS_VALUE ? AV_NOPTS_VALUE : stream->start_time;
  }

  double frame_ms() const { return info.fps > 0 ? 1000 / info.fps : 40; }

  // Of recordings that were put behind each other each begins anew: time goes on.
  double time_of(const AVFrame& frame) {
    const int64_t ticks = frame.best_effort_timestamp;
    if (ticks == AV_NOPTS_VALUE) return decoded ? last_ms + frame_ms() : 0;
    if (origin == AV_NOPTS_VALUE) origin = ticks;
    const double time_ms = ms_of(ticks - origin, stream->time_base);
    if (decoded && !wound && time_ms + shift_ms < last_ms - kClockSetBackMs) {
      shift_ms = last_ms + frame_ms() - time_ms;
    }
    return time_ms + shift_ms;
  }

  // Where it was wound to, up to the first frame that needs no other.
  bool needs_another(const AVPacket& read) {
    if (!seeks_key || (read.flags & AV_PKT_FLAG_KEY) == 0) return seeks_key;
    seeks_key = false;
    return false;
  }

  // Gives the decoder its next packet. False: it has all of them.
  bool feed() {
    while (!flushing) {
      const int got = av_read_frame(format.get(), packet.get());
      if (got < 0) {
        flushing = true;
        avcodec_send_packet(codec.get(), nullptr);
        return true;
      }
      const bool ours = packet->stream_index == stream->index && !needs_another(*packet);
      const int sent = ours ? avcodec_send_packet(codec.get(), packet.get()) : 0;
      av_packet_unref(packet.get());
      if (!ours) continue;
      ++since_frame;
      if (sent < 0 && sent != AVERROR(EAGAIN)) ++damaged;
      return true;
    }
    return false;
  }

  // How long the file says the video is. Of an AVI, FFmpeg works out the duration from what is
  // there.
  double claimed_ms() const {
    const bool avi = std::string_view(format->iformat->name) == "avi";
    const double counted =
        avi && info.fps > 0 ? 1000 * static_cast<double>(info.frames) / info.fps : 0;
    const double said = stream->duration > 0 ? info.duration_ms : container_ms();
    return std::max(said, counted);
  }

  // Matroska says how long the whole file is, of which the sound may be the longer part, and in a
  // tag, where its writer was so kind, how long the stream is.
  double container_ms() const {
    const AVDictionaryEntry* tag = av_dict_get(stream->metadata, "DURATION", nullptr, 0);
    int64_t microseconds = 0;
    if (tag != nullptr && av_parse_time(&microseconds, tag->value, 1) >= 0) {
      return static_cast<double>(microseconds) / 1000;
    }
    const bool told = format->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
    return told && format->nb_streams == 1 ? info.duration_ms : 0;
  }

  // A file that was cut ends before it says it does.
  bool ended_early() const {
    return spec.end_ms == 0 && last_ms + frame_ms() < 0.98 * claimed_ms() - 500;
  }

  Result<std::optional<VideoFrame>> end() {
    ended = true;
    if (!decoded) return wrong(ErrorCode::kCorrupt, "no frame of the video can be decoded");
    char text[120];
    if (seq == 0 && spec.start_ms > 0 && !ended_early()) {
      std::snprintf(text, sizeof(text), "the video ends at %.1f s, before %.1f s, where to start",
                    (last_ms + frame_ms()) / 1000, spec.start_ms / 1000);
      return wrong(ErrorCode::kInvalidArgument, text, "let it start earlier");
    }
    if (!ended_early()) return std::optional<VideoFrame>();
    std::snprintf(text, sizeof(text), "the video is cut off: it ends at %.1f s of %.1f s",
                  last_ms / 1000, claimed_ms() / 1000);
    return wrong(ErrorCode::kCorrupt, text);
  }

  Result<std::optional<VideoFrame>> next() {
    while (!ended) {
      av::Frame frame(av_frame_alloc());
      if (frame == nullptr) return wrong(ErrorCode::kExhausted, "no memory");
      const int got = avcodec_receive_frame(codec.get(), frame.get());
      if (got < 0) {
        if (got == AVERROR_EOF || since_frame >= kMaxPacketsWithoutFrame) {
          if (wound && wind_further_back()) continue;
          return end();
        }
        if (got != AVERROR(EAGAIN)) {
          ++damaged;
          ++since_frame;  // so that it ends, whatever the decoder says
        }
        if (feed() || got != AVERROR(EAGAIN)) continue;
        return end();
      }
      since_frame = 0;
      const double time_ms = time_of(*frame);
      const bool timed = frame->best_effort_timestamp != AV_NOPTS_VALUE;
      const bool late = !timed || time_ms > skip_before_ms + 0.5;
      if (wound && late && wind_further_back()) continue;
      wound = false;
      decoded = true;
      last_ms = time_ms;
      if (time_ms < skip_before_ms - 0.5) continue;
      if (spec.end_ms > 0 && time_ms >= spec.end_ms) {
        ended = true;
        return std::optional<VideoFrame>();
      }
      Result<Image> image = images.image_of(std::move(frame), info.rotation);
      if (!image) return std::move(image).error().at(where);
      return std::optional<VideoFrame>({std::move(image).value(), seq++, time_ms});
    }
    return std::optional<VideoFrame>();
  }

  void begin_anew() {
    avcodec_flush_buffers(codec.get());
    flushing = false;
    ended = false;
    since_frame = 0;
    shift_ms = 0;
    last_ms = 0;
    decoded = false;
    wound = true;
    seeks_key = wound_back_ms < skip_before_ms;
  }

  int wind_to(double time_ms) {
    const int64_t from = origin == AV_NOPTS_VALUE ? 0 : origin;
    const auto ticks =
        static_cast<int64_t>(time_ms / 1000 * stream->time_base.den / stream->time_base.num);
    return av_seek_frame(format.get(), stream->index, from + ticks, AVSEEK_FLAG_BACKWARD);
  }

  int wind_to_start() { return av_seek_frame(format.get(), -1, 0, AVSEEK_FLAG_BYTE); }

  // A file without an index is wound to about where it was asked for, and from there to the next
  // frame that needs no other. False: there is nothing before that.
  bool wind_further_back() {
    if (wound_back_ms >= skip_before_ms) return false;
    wound_back_ms = wound_back_ms > 0 ? 2 * wound_back_ms : kFirstStepBackMs;
    const bool to_start = wound_back_ms >= skip_before_ms;
    const int sought = to_start ? wind_to_start() : wind_to(skip_before_ms - wound_back_ms);
    if (sought >= 0) begin_anew();
    return sought >= 0;
  }

  Status seek(double time_ms) {
    const bool tells_times = stream->start_time != AV_NOPTS_VALUE;
    const int sought = tells_times ? wind_to(time_ms) : AVERROR(EPERM);
    if (sought < 0) {
      return av::error_of(sought, ErrorCode::kUnsupported, "the video cannot be wound", where);
    }
    skip_before_ms = time_ms;
    wound_back_ms = 0;
    begin_anew();
    return {};
  }

  Status open(const std::string& path) {
    WEIR_TRY(check_spec(spec));
    WEIR_TRY(open_format(path));
    WEIR_TRY(open_codec());
    read_info();
    // What cannot be wound is read from its start.
    if (spec.start_ms > 0 && !seek(spec.start_ms)) skip_before_ms = spec.start_ms;
    return {};
  }
};

VideoReader::VideoReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;
VideoReader::~VideoReader() = default;

Result<VideoReader> VideoReader::open(const std::string& path, const VideoReadSpec& spec) {
  WEIR_TRY(check_file(path));
  auto state = std::make_unique<State>();
  state->where = path;
  state->spec = spec;
  WEIR_TRY(state->open(path));
  return VideoReader(std::move(state));
}

Result<VideoReader> VideoReader::open_bytes(std::span<const uint8_t> bytes,
                                            const VideoReadSpec& spec, const std::string& where) {
  if (bytes.empty()) return Error(ErrorCode::kCorrupt, "the file is empty", where);
  auto state = std::make_unique<State>();
  state->where = where;
  state->spec = spec;
  state->bytes.all = bytes;
  WEIR_TRY(state->open(where));
  return VideoReader(std::move(state));
}

const VideoInfo& VideoReader::info() const {
  return state_->info;
}

Result<std::optional<VideoFrame>> VideoReader::read() {
  return state_->next();
}

Status VideoReader::seek(double time_ms) {
  if (!std::isfinite(time_ms) || time_ms < 0) {
    return Error(ErrorCode::kInvalidArgument, "a video is wound to a time from 0 on");
  }
  return state_->seek(time_ms);
}

int64_t VideoReader::damaged_packets() const {
  return state_->damaged;
}

void log_ffmpeg() {
  av_log_set_callback([](void* context, int level, const char* format, va_list arguments) {
    if (level > AV_LOG_WARNING) return;
    char line[512];
    int begins = 1;
    av_log_format_line(context, level, format, arguments, line, sizeof(line), &begins);
    line[std::strcspn(line, "\r\n")] = '\0';
    log("ffmpeg").debug(static_cast<const char*>(line));
  });
}

}  // namespace weir

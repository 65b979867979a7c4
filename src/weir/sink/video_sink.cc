// Videos with their findings drawn in: MP4, one file a stream.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

#include "weir/base/log.h"
#include "weir/media/video_writer.h"
#include "weir/sink/bgr_copy.h"
#include "weir/sink/formats.h"
#include "weir/sink/out_file.h"
#include "weir/sink/sink_path.h"

namespace weir {
namespace {

constexpr double kUsualFps = 25;

// The video of one stream. The first frame waits for the second, whose time tells the rate.
class StreamVideo {
 public:
  StreamVideo(std::string path, const SinkSpec& spec) : path_(std::move(path)), spec_(spec) {}

  const std::string& path() const { return path_; }

  Status write(Image frame, double time_ms) {
    if (broken_) return *broken_;
    Status written = writer_ ? writer_->write(frame.view(), time_ms) : begin(frame, time_ms);
    // What comes behind a gap in a fragment cannot be played.
    if (!written) give_up(written.error());
    return written;
  }

  Status close() {
    if (broken_) return {};  // it was told
    if (!writer_ && waiting_) {
      Status opened = open(kUsualFps);
      if (!opened) give_up(opened.error());
      WEIR_TRY(std::move(opened));
    }
    Status closed = writer_ ? writer_->close() : Status();
    claim_.reset();
    return closed;
  }

 private:
  // An empty file would be taken for a video.
  void give_up(const Error& why) {
    const bool empty = claim_ && !writer_;
    broken_ = why;
    waiting_.reset();
    writer_.reset();
    claim_.reset();
    if (empty) std::remove(path_.c_str());
  }

  Status begin(Image& frame, double time_ms) {
    if (!claim_) {
      // So that a path that cannot be written, or is another run's, is told with the first frame.
      WEIR_ASSIGN(OutFile file, OutFile::create(path_));
      claim_.emplace(std::move(file));
    }
    if (!waiting_ && spec_.fps == 0) {
      waiting_ = std::move(frame);
      waiting_ms_ = time_ms;
      return {};
    }
    if (!waiting_) {
      waiting_ = frame;
      waiting_ms_ = time_ms;
      return open(spec_.fps);
    }
    const double gap_ms = time_ms - waiting_ms_;
    WEIR_TRY(open(gap_ms > 0 ? std::clamp(1000 / gap_ms, 1.0, 240.0) : kUsualFps));
    return writer_->write(frame.view(), time_ms);
  }

  Status open(double fps) {
    const VideoWriteSpec spec{
        .fps = fps, .bitrate_kbps = spec_.bitrate_kbps, .encoder = spec_.encoder, .threads = 1};
    WEIR_ASSIGN(VideoWriter writer,
                VideoWriter::open(path_, waiting_->width(), waiting_->height(), spec));
    writer_.emplace(std::move(writer));
    WEIR_TRY(writer_->write(waiting_->view(), waiting_ms_));
    waiting_.reset();
    return {};
  }

  std::string path_;
  const SinkSpec& spec_;
  std::optional<OutFile> claim_;  // open, and so locked, while the writer writes
  std::optional<Image> waiting_;
  double waiting_ms_ = 0;
  std::optional<VideoWriter> writer_;
  std::optional<Error> broken_;
};

class VideoSink final : public Sink {
 public:
  VideoSink(SinkSpec spec, PathTemplate path, Painter painter)
      : spec_(std::move(spec)), path_(std::move(path)), painter_(std::move(painter)) {}

  Status write(const Task& task) override {
    const Image* image = task.image();
    if (image == nullptr || image->empty()) return {};
    WEIR_ASSIGN(StreamVideo * video, video_of(task.stream));
    WEIR_ASSIGN(Image frame, upright_copy(image->view()));
    WEIR_TRY(painter_.paint(frame.view(), task));
    return video->write(std::move(frame), task.time_ms);
  }

  Status finish_stream(std::string_view stream) override {
    const auto found = videos_.find(stream);
    if (found == videos_.end()) return {};
    Status closed = found->second.close();
    painter_.forget_trails(found->first);
    videos_.erase(found);
    return closed;
  }

  Status finish() override {
    Status first;
    for (auto& [stream, video] : videos_) {
      Status closed = video.close();
      if (first && !closed) first = std::move(closed);
    }
    videos_.clear();
    return first;
  }

 private:
  Result<StreamVideo*> video_of(const std::string& stream) {
    const auto found = videos_.find(stream);
    if (found != videos_.end()) return &found->second;
    const std::string path = path_.expand({{"source", stream}});
    for (const auto& [other, video] : videos_) {
      if (video.path() != path) continue;
      return Error(ErrorCode::kInvalidArgument,
                   "the streams '" + other + "' and '" + stream + "' have one file", path,
                   "a video is of one stream: write {source} in the path");
    }
    return &videos_.emplace(stream, StreamVideo(path, spec_)).first->second;
  }

  const SinkSpec spec_;
  PathTemplate path_;
  Painter painter_;
  std::map<std::string, StreamVideo, std::less<>> videos_;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_video_sink(const SinkSpec& spec) {
  WEIR_ASSIGN(PathTemplate path, sink_path(spec));
  WEIR_ASSIGN(Painter painter, Painter::open(spec.draw));
  if (!painter.writes_text() && spec.draw.labels) {
    log("sink").warn("no font was found, so labels are left out; install fonts-dejavu-core");
  }
  return std::unique_ptr<Sink>(
      std::make_unique<VideoSink>(spec, std::move(path), std::move(painter)));
}

}  // namespace weir

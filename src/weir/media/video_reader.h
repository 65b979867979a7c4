// The frames of a video file, one after the other, in the decoder's own memory and pixel format.
//
//   WEIR_ASSIGN(VideoReader video, VideoReader::open("street.mp4"));
//   while (true) {
//     WEIR_ASSIGN(std::optional<VideoFrame> frame, video.read());
//     if (!frame) break;                      // the end
//     look_at(frame->image);                  // NV12 or I420 mostly; keeps the decoder's frame
//   }
//
// Whatever FFmpeg reads. 4:2:0 in 8 bits, grey, BGR and RGB come without a copy; other YUV formats
// (4:2:2, 10 bits) become I420, other RGB formats and palettes BGR, and transparency is left out.
// Interlaced frames come as they are stored, both fields woven. What is read comes from anywhere,
// and is bounded. One thread at a time; frames may be kept and read by others, also after the
// reader has gone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "weir/base/result.h"
#include "weir/data/image.h"

namespace weir {

struct VideoReadSpec {
  int threads = 1;      // of the decoder; more need as many frames of memory, and are further ahead
  double start_ms = 0;  // since the start of the file
  double end_ms = 0;    // frames from then on are left out; 0: to the end
};

// What the file says of itself. Frames may differ from it, each has its own size.
struct VideoInfo {
  int width = 0;  // of the upright frame
  int height = 0;
  Rotation rotation = Rotation::k0;
  double fps = 0;          // on average; 0: not known
  double duration_ms = 0;  // 0: not known
  int64_t frames = 0;      // 0: not known
  std::string codec;
  std::string pixel_format;  // FFmpeg's name of it
};

struct VideoFrame {
  Image image;         // with the file's rotation, colour matrix and range
  int64_t seq = 0;     // counts the frames that were read
  double time_ms = 0;  // since the start of the file
};

class VideoReader {
 public:
  // Errors: not_found; unsupported for something else than a video, and a codec that this FFmpeg
  // has not; corrupt for a file that is damaged or cut off before its first frame.
  static Result<VideoReader> open(const std::string& path, const VideoReadSpec& spec = {});
  // Of a file in memory, which must outlive the reader; `where` names it in an Error.
  static Result<VideoReader> open_bytes(std::span<const uint8_t> bytes,
                                        const VideoReadSpec& spec = {},
                                        const std::string& where = {});
  VideoReader(VideoReader&&) noexcept;
  VideoReader& operator=(VideoReader&&) noexcept;
  ~VideoReader();

  const VideoInfo& info() const;
  // The next frame; nothing at the end. Damaged packets are passed over. An Error (corrupt) says
  // once that the file ends before it says it does, or that nothing could be decoded; after it, the
  // end.
  Result<std::optional<VideoFrame>> read();
  // The next frame is the first one at that time or later. `seq` counts on.
  Status seek(double time_ms);
  int64_t damaged_packets() const;

 private:
  struct State;
  explicit VideoReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// FFmpeg writes to stderr what it thinks of files, for the whole process. An application that wants
// that in our log (component "ffmpeg", level debug) calls this once, before other threads run.
void log_ffmpeg();

}  // namespace weir

// Frames to an MP4 file that can be played whatever becomes of the process: it is written in
// fragments of about a second, each of which stands for itself.
//
//   WEIR_ASSIGN(VideoWriter video, VideoWriter::open("out.mp4", 1280, 720, {.fps = 25}));
//   for (…) WEIR_TRY(video.write(frame.view(), time_ms));
//   WEIR_TRY(video.close());
//
// One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/image.h"

namespace weir {

struct VideoWriteSpec {
  double fps = 25;           // as the players are told; frames keep their own times
  int bitrate_kbps = 0;      // 0: as fits the size
  std::string encoder = {};  // one of FFmpeg's; empty: the first of video_encoders()
  int threads = 1;
};

// What is tried, best first, of what this system has: libopenh264, then mpeg4, which is always
// there. Others, such as libx264 (GPL) or h264_nvenc, are used when they are named.
std::vector<std::string> video_encoders();

class VideoWriter {
 public:
  // The folder has to exist. An odd size is made even by repeating the last column or row.
  static Result<VideoWriter> open(const std::string& path, int width, int height,
                                  const VideoWriteSpec& spec = {});
  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  ~VideoWriter();  // closes, without the Error that close() would tell

  // Any format, upright; another size than that of the video is stretched to it. The first frame is
  // at the start of the video, and the others as much later as their times are. Times that do not
  // rise are moved to just after the frame before.
  Status write(const ImageView& picture, double time_ms);
  Status close();
  const std::string& encoder() const;

 private:
  struct State;
  explicit VideoWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir

// A file of detections as tasks, one frame after the other: MOT text or Weir's own JSON Lines,
// whichever its first line is.
//
//   WEIR_ASSIGN(DetectionFile file, DetectionFile::open("dets.txt"));
//   while (true) {
//     WEIR_ASSIGN(const std::optional<Task> task, file.next());
//     if (!task) break;
//     …
//   }
//
// Reads as it goes, so memory does not grow with the file. An Error names file and line. One
// thread.
#pragma once

#include <optional>
#include <string>

#include "apps/cli/track/line_reader.h"
#include "weir/data/task.h"
#include "weir/ops/track/mot_row.h"

namespace weir::cli {

class DetectionFile {
 public:
  enum class Format { kMot, kJsonLines };

  static Result<DetectionFile> open(const std::string& path);
  Format format() const { return format_; }
  // Of MOT a task for each frame that has rows, its `seq` being the frame less one; of JSON Lines
  // each task, events left out.
  Result<std::optional<Task>> next();

 private:
  explicit DetectionFile(LineReader lines) : lines_(std::move(lines)) {}
  // Puts the next line that has something in it into line_. False at the end.
  Result<bool> advance();
  Result<std::optional<Task>> next_frame();
  Result<std::optional<Task>> next_object();

  LineReader lines_;
  Format format_ = Format::kMot;
  std::string stream_;  // of MOT: the file's name
  std::string line_;    // the one that was read and not used yet
  bool has_line_ = false;
};

}  // namespace weir::cli

#include "apps/cli/track/detection_file.h"

#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "weir/data/finding_json.h"

namespace weir::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlank = " \t\r";

Error at_line(Error why, const LineReader& lines) {
  why.where = lines.place();
  return why;
}

// MOT has no names: everything was found by one step, and has no class.
std::shared_ptr<const StepTable> mot_steps() {
  static const auto steps =
      std::make_shared<const StepTable>(std::vector<StepEntry>{{"detections", nullptr}});
  return steps;
}

}  // namespace

Result<DetectionFile> DetectionFile::open(const std::string& path) {
  WEIR_ASSIGN(LineReader lines, LineReader::open(path));
  DetectionFile file(std::move(lines));
  file.stream_ = path == "-" ? "detections" : std::filesystem::path(path).stem().string();
  WEIR_ASSIGN(file.has_line_, file.advance());
  if (file.line_.starts_with(kByteOrderMark)) file.line_.erase(0, kByteOrderMark.size());
  const std::size_t first = file.line_.find_first_not_of(kBlank);
  if (first != std::string::npos && file.line_[first] == '{') file.format_ = Format::kJsonLines;
  return file;
}

Result<bool> DetectionFile::advance() {
  while (true) {
    WEIR_ASSIGN(const bool any, lines_.next(line_));
    if (!any || line_.find_first_not_of(kBlank) != std::string::npos) return any;
  }
}

Result<std::optional<Task>> DetectionFile::next() {
  return format_ == Format::kMot ? next_frame() : next_object();
}

Result<std::optional<Task>> DetectionFile::next_frame() {
  if (!has_line_) return std::optional<Task>();
  Task task{.stream = stream_};
  task.steps = mot_steps();
  for (bool first = true; has_line_; first = false) {
    const auto row = read_mot_row(line_);
    if (!row) return at_line(row.error(), lines_);
    if (!first && row->frame - 1 != task.seq) {
      if (row->frame - 1 > task.seq) break;
      return Error(ErrorCode::kCorrupt,
                   "frame " + std::to_string(row->frame) + " comes after frame " +
                       std::to_string(task.seq + 1),
                   lines_.place(), "sort the file: `sort -t, -n -k1,1 -s`");
    }
    task.seq = row->frame - 1;
    task.add({.step = 0, .box = row->box, .best = ClassScore{-1, row->score}});
    WEIR_ASSIGN(has_line_, advance());
  }
  return std::optional<Task>(std::move(task));
}

Result<std::optional<Task>> DetectionFile::next_object() {
  while (has_line_) {
    auto tasks = read_task_lines(line_, "");
    if (!tasks) return at_line(std::move(tasks).error(), lines_);
    WEIR_ASSIGN(has_line_, advance());
    if (!tasks->empty()) return std::optional<Task>(std::move(tasks->front()));
  }
  return std::optional<Task>();
}

}  // namespace weir::cli

// YOLO: of each picture a text file with a line for each finding, "class x y width height", the
// centre and the size as shares of the picture; and classes.txt beside them.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "weir/base/json_text.h"
#include "weir/ops/box.h"
#include "weir/sink/categories.h"
#include "weir/sink/formats.h"
#include "weir/sink/out_file.h"
#include "weir/sink/sink_path.h"
#include "weir/sink/unique_paths.h"

namespace weir {
namespace {

class YoloSink final : public Sink {
 public:
  YoloSink(UniquePaths paths, std::string classes, bool scores)
      : paths_(std::move(paths)), classes_(std::move(classes)), scores_(scores) {}

  Status write(const Task& task) override {
    if (task.error) return {};  // it was said what is wrong with it
    const Image* image = task.image();
    if (image == nullptr && task.outcome != Outcome::kDone) return {};  // it failed, and says so
    if (image == nullptr) {
      return Error(ErrorCode::kUnsupported, "a task without a picture has no YOLO labels",
                   task.stream);
    }
    std::string lines;
    for (const Finding& finding : task.findings) append(lines, task, finding, *image);
    WEIR_TRY(write_classes());
    std::string path = paths_.next(
        {{"stem", stem_of(task)}, {"source", task.stream}, {"seq", sequence_text(task.seq)}});
    WEIR_TRY(replace_file(path, lines));
    files_.add(std::move(path));
    return {};
  }
  Status finish() override { return {}; }
  const WrittenFiles* files() const override { return &files_; }

 private:
  void append(std::string& out, const Task& task, const Finding& finding, const Image& image) {
    const int category = categories_.of(task, finding);
    if (category == Categories::kNone || !finding.box || !is_finite(*finding.box)) return;
    const auto width = static_cast<float>(image.width());
    const auto height = static_cast<float>(image.height());
    const Box box{
        std::clamp(finding.box->x1, 0.0F, width), std::clamp(finding.box->y1, 0.0F, height),
        std::clamp(finding.box->x2, 0.0F, width), std::clamp(finding.box->y2, 0.0F, height)};
    if (!is_proper(box)) return;
    append_json_number(out, int64_t{category});
    for (const float share : {(box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height,
                              box.width() / width, box.height() / height}) {
      append_json_number(out += ' ', share);
    }
    if (scores_) append_json_number(out += ' ', finding.best->score);
    out += '\n';
  }

  Status write_classes() {
    if (written_ == categories_.all().size()) return {};
    std::string lines;
    for (const Categories::Category& category : categories_.all()) {
      std::string name = category.name;
      std::replace(name.begin(), name.end(), '\n', ' ');
      lines += name + '\n';
    }
    WEIR_TRY(replace_file(classes_, lines));
    written_ = categories_.all().size();
    return {};
  }

  UniquePaths paths_;
  std::string classes_;
  bool scores_;
  Categories categories_;
  std::size_t written_ = 0;
  WrittenFiles files_;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_yolo_sink(const SinkSpec& spec) {
  namespace fs = std::filesystem;
  WEIR_ASSIGN(PathTemplate path, sink_path(spec));
  const std::string text = path.text();
  // Beside the labels, above the folders that have names in braces.
  const std::string folder = text.substr(0, text.find('{'));
  const std::string classes = (fs::path(folder).parent_path() / "classes.txt").string();
  WEIR_TRY(make_folders_to(classes));
  return std::unique_ptr<Sink>(std::make_unique<YoloSink>(
      UniquePaths(std::move(path), {"source", "seq"}), classes, spec.scores));
}

}  // namespace weir

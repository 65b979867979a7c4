// Pictures: each with its findings drawn in, and crops of the findings alone.
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/log.h"
#include "weir/media/picture.h"
#include "weir/ops/box.h"
#include "weir/sink/bgr_copy.h"
#include "weir/sink/formats.h"
#include "weir/sink/out_file.h"
#include "weir/sink/sink_path.h"
#include "weir/sink/unique_paths.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

Status write_jpeg_or_png(const Image& picture, const std::string& path, int quality) {
  const bool png = fs::path(path).extension() == ".png";
  Result<std::vector<uint8_t>> bytes = encode_picture(
      picture, png ? PictureFormat::kPng : PictureFormat::kJpeg, {.jpeg_quality = quality});
  if (!bytes) return std::move(bytes).error().at(path);
  return replace_file(path, {reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

const Image* image_of(const Task& task) {
  const Image* image = task.image();
  return image == nullptr || image->empty() ? nullptr : image;
}

// Who draws into the folder of the pictures would lose them.
Status keep_original(const Task& task, const std::string& path) {
  std::error_code not_there;
  const std::string original = file_of(task);
  if (original.empty() || !fs::equivalent(original, path, not_there)) return {};
  return Error(ErrorCode::kInvalidArgument, "this is the picture itself, and is left as it is",
               path, "name another folder for what is drawn");
}

class PictureSink final : public Sink {
 public:
  PictureSink(UniquePaths paths, Painter painter, int quality)
      : paths_(std::move(paths)), painter_(std::move(painter)), quality_(quality) {}

  Status write(const Task& task) override {
    const Image* image = image_of(task);
    if (image == nullptr) return {};  // nothing to draw into: it failed, or is no picture
    std::string path = paths_.next(
        {{"stem", stem_of(task)}, {"source", task.stream}, {"seq", sequence_text(task.seq)}});
    WEIR_TRY(keep_original(task, path));
    WEIR_ASSIGN(const Image copy, bgr_copy(image->view()));
    WEIR_TRY(painter_.paint(copy.view(), task));
    WEIR_TRY(write_jpeg_or_png(copy, path, quality_));
    files_.add(std::move(path));
    return {};
  }
  Status finish_stream(std::string_view stream) override {
    painter_.forget_trails(std::string(stream));
    return {};
  }
  Status finish() override { return {}; }
  const WrittenFiles* files() const override { return &files_; }

 private:
  UniquePaths paths_;
  Painter painter_;
  int quality_;
  WrittenFiles files_;
};

class CropSink final : public Sink {
 public:
  CropSink(UniquePaths paths, double margin, int quality)
      : paths_(std::move(paths)), margin_(margin), quality_(quality) {}

  Status write(const Task& task) override {
    const Image* image = image_of(task);
    if (image == nullptr) return {};
    std::vector<std::string> paths;
    for (const Finding& finding : task.findings) {
      if (!finding.box || !is_finite(*finding.box)) continue;
      const Result<Image> crop = bgr_crop(image->view(), *finding.box, margin_);
      if (!crop) continue;  // it lies outside of the picture
      std::string path = path_of(task, finding);
      if (Status written = write_jpeg_or_png(*crop, path, quality_); !written) {
        for (const std::string& of_this_task : paths) std::remove(of_this_task.c_str());
        return written;
      }
      paths.push_back(std::move(path));
    }
    for (std::string& path : paths) files_.add(std::move(path));
    return {};
  }
  Status finish() override { return {}; }
  const WrittenFiles* files() const override { return &files_; }

 private:
  std::string path_of(const Task& task, const Finding& finding) {
    const std::string_view label = finding.best ? task.label_name(finding, *finding.best) : "";
    return paths_.next({{"stem", stem_of(task)},
                        {"source", task.stream},
                        {"seq", sequence_text(task.seq)},
                        {"id", std::to_string(finding.id)},
                        {"step", task.step_name(finding)},
                        {"label", label.empty() ? task.step_name(finding) : label},
                        {"track", finding.track < 0 ? "none" : std::to_string(finding.track)}});
  }

  UniquePaths paths_;
  double margin_;
  int quality_;
  WrittenFiles files_;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_picture_sink(const SinkSpec& spec) {
  WEIR_ASSIGN(PathTemplate path, sink_path(spec));
  WEIR_ASSIGN(Painter painter, Painter::open(spec.draw));
  if (!painter.writes_text() && spec.draw.labels) {
    log("sink").warn("no font was found, so labels are left out; install fonts-dejavu-core");
  }
  return std::unique_ptr<Sink>(std::make_unique<PictureSink>(
      UniquePaths(std::move(path), {"source", "seq"}), std::move(painter), spec.quality));
}

Result<std::unique_ptr<Sink>> open_crop_sink(const SinkSpec& spec) {
  WEIR_ASSIGN(PathTemplate path, sink_path(spec));
  return std::unique_ptr<Sink>(std::make_unique<CropSink>(
      UniquePaths(std::move(path), {"source", "seq", "id"}), spec.margin, spec.quality));
}

}  // namespace weir

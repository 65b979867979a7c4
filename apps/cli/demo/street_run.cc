#include "apps/cli/demo/street_run.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "apps/cli/find_model.h"
#include "apps/cli/pipeline/live_view.h"
#include "apps/cli/report/run_page.h"
#include "apps/cli/report/run_recorder.h"
#include "apps/cli/text.h"
#include "weir/assemble/run_pipeline.h"
#include "weir/config/write.h"

namespace weir::cli::demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVideo = "street-video";
constexpr std::array<const char*, 5> kPictures = {"astronaut", "cat", "coffee", "group", "page"};

constexpr const char* kModelsAndSteps =
    R"(# What `weir demo` runs: a street and a folder of pictures, side by side. Change it, and run it again:
#
#   weir run demo.yaml --report again.html
models:
  detector: {use: ssd-mobilenet-v2-oid}
  body:     {use: pose-detect}
  pose:     {use: pose-full}
  face:     {use: yunet}
  identity: {use: sface}
  palm:     {use: palm}
  hand:     {use: hand}
  lines:    {use: ocr-det}
  reader:   {use: ocr-rec}
steps:
  objects: {model: detector, score: 0.4}
  people:  {track: {by: bytetrack, start: 0.5, lost_frames: 20}, on: objects, keep: {labels: [Person]}}
  bodies:  {model: body, on: people, every: 6, per: track, keep: {min_side: 32}}   # else from memory
  poses:   {model: pose, on: bodies, every: 6, per: track}
  faces:   {model: face, score: 0.7}
  who:     {model: identity, on: faces, keep: {min_side: 24}}
  palms:   {model: palm}
  hands:   {model: hand, on: palms}
  text:    {model: lines}
  words:   {model: reader, on: text}
)";

// Copies, so that one folder holds them all.
Status gather_pictures(Runtime& runtime, const fs::path& folder, const Context& context) {
  std::error_code error;
  fs::create_directories(folder, error);
  for (const char* name : kPictures) {
    WEIR_ASSIGN(const auto files, runtime.pull_files(name, pull_options(context)));
    const fs::path file = files.front();
    fs::copy_file(file, folder / (name + file.extension().string()),
                  fs::copy_options::overwrite_existing, error);
    if (error) {
      return Error(ErrorCode::kUnavailable, "cannot copy a picture: " + error.message(),
                   folder.string());
    }
  }
  return {};
}

std::vector<std::string> written_in(const fs::path& out) {
  std::vector<std::string> files;
  for (const char* name : {"street.mp4", "results.jsonl", "demo.yaml"}) {
    if (fs::exists(out / name)) files.emplace_back(name);
  }
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(out / "drawn", error)) {
    files.push_back("drawn/" + entry.path().filename().string());
  }
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(files.size(), 3)),
            files.end());
  return files;
}

}  // namespace

std::string street_pipeline(const std::string& video, const std::string& pictures,
                            const std::string& out, double video_seconds) {
  const auto quoted = [](const std::string& path) { return config::yaml_string(path); };
  std::string text = kModelsAndSteps;
  text += "sources:\n  street:   {video: " + quoted(video);
  if (video_seconds > 0) text += ", end: " + fixed(video_seconds, 1);
  text += ", steps: [objects, people, poses]}\n  pictures: {pictures: " + quoted(pictures) +
          ", steps: [objects, faces, who, hands, words]}\nsinks:\n  - {jsonl: " +
          quoted(out + "/results.jsonl") + "}\n  - {video: " + quoted(out + "/street.mp4") +
          ", sources: street, steps: [objects, people, poses],\n     bitrate_kbps: 1500, draw: "
          "{masks: false, scores: false}}\n  - {pictures: " +
          quoted(out + "/drawn/{stem}.jpg") + ", sources: pictures}\n";
  return text;
}

Result<RunRecord> run_street(const std::string& out, double video_seconds, const Context& context) {
  WEIR_ASSIGN(const auto runtime, Runtime::create({}));
  WEIR_ASSIGN(const auto video, runtime->pull_files(kVideo, pull_options(context)));
  const fs::path folder = fs::absolute(out);
  WEIR_TRY(gather_pictures(*runtime, folder / "pictures", context));
  const std::string file = (folder / "demo.yaml").string();
  WEIR_TRY(
      write_page(file, street_pipeline(video.front(), "pictures", folder.string(), video_seconds)));
  WEIR_ASSIGN(PipelineSpec spec, read_pipeline_file(file));
  catalogue::PullOptions pull = pull_options(context);
  pull.stop = context.stop;
  WEIR_ASSIGN(const auto pipe, Pipeline::make(*runtime, std::move(spec), pull));
  LiveView view(context, *pipe);
  RunRecorder recorder(*pipe);
  RunOptions options;
  options.stop = context.stop;
  options.progress = [&](const RunProgress& now) {
    view.update(now);
    recorder.sample();
  };
  options.on_task = [&](const Task& task) {
    view.see(task);
    recorder.see(task);
  };
  WEIR_ASSIGN(RunReport report, run_pipeline(*pipe, options));
  view.clear();
  RunRecord record = recorder.finish(std::move(report));
  record.files = written_in(folder);
  return record;
}

}  // namespace weir::cli::demo

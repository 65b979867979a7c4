#include "apps/cli/demo/scenes.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "apps/cli/demo/compare_faces.h"
#include "apps/cli/demo/picture_input.h"
#include "apps/cli/find_model.h"
#include "apps/cli/infer/print_findings.h"
#include "apps/cli/text.h"
#include "weir/assemble/chain.h"
#include "weir/assemble/read_text.h"
#include "weir/media/picture.h"
#include "weir/ops/draw/painter.h"

namespace weir::cli::demo {
namespace {

constexpr int kShotSide = 1280;

struct SceneRow {
  const char* title;
  const char* about;
  std::vector<std::string> models;    // the first looks at the picture, the others at what it found
  std::vector<std::string> pictures;  // of the catalogue
};

// One chain after the other; what has more to say than its findings has a function of its own.
const std::vector<SceneRow>& chains() {
  static const std::vector<SceneRow> rows = {
      {"Objects",
       "A detector of 23 classes.",
       {"ssd-mobilenet-v2-oid"},
       {"astronaut", "cat", "coffee"}},
      {"Faces in depth",
       "Each face that is found, measured at 468 points.",
       {"yunet", "face-mesh"},
       {"astronaut", "group"}},
      {"Bodies",
       "Where a body is and how it is turned, then its 33 points.",
       {"pose-detect", "pose-full"},
       {"group", "astronaut"}},
      {"Hands",
       "Palms, then the 21 points of each hand, and which hand it is.",
       {"palm", "hand"},
       {"group"}}};
  return rows;
}

Result<Image> load(Runtime& runtime, const std::string& name, const Context& context) {
  if (std::filesystem::exists(name)) return read_picture(name);
  WEIR_ASSIGN(const auto files, runtime.pull_files(name, pull_options(context)));
  return read_picture(files.front());
}

// The findings of the last step, or all if there is only one: a line each.
std::vector<std::string> lines_of(const Task& task, std::size_t steps) {
  std::vector<std::string> lines;
  for (const Finding& finding : task.findings) {
    if (finding.step + 1 == static_cast<int32_t>(steps)) {
      lines.push_back(describe_finding(task, finding));
    }
  }
  return lines;
}

Result<Shot> drawn(Task& task, const std::string& name) {
  WEIR_TRY(draw_findings(task.image()->view(), task));
  WEIR_ASSIGN(Shot shot, shot_of(task.image()->view(), kShotSide));
  shot.alt = name + ", with " + std::to_string(task.findings.size()) + " findings drawn into it";
  shot.caption = name;
  return shot;
}

Status play_chain(Runtime& runtime, const SceneRow& row, const std::vector<std::string>& pictures,
                  Scene& scene, const Context& context) {
  std::vector<ChainStep> steps;
  for (const std::string& model : row.models) {
    WEIR_ASSIGN(auto loaded, runtime.load_model(catalogue_model(model), model));
    steps.push_back({model, std::move(loaded), steps.empty() ? "" : row.models.front()});
  }
  WEIR_ASSIGN(const auto chain, Chain::make(std::move(steps)));
  for (const std::string& picture : pictures) {
    Task task;
    WEIR_ASSIGN(task.input, load(runtime, picture, context));
    chain->solve({&task, 1});
    if (task.error) return *task.error;
    std::vector<std::string> found = lines_of(task, row.models.size());
    WEIR_ASSIGN(Shot shot, drawn(task, std::filesystem::path(picture).filename().string()));
    shot.found = std::move(found);
    scene.shots.push_back(std::move(shot));
  }
  return {};
}

Status read_page(Runtime& runtime, const std::vector<std::string>& pictures, Scene& scene,
                 const Context& context) {
  WEIR_ASSIGN(const auto reader, TextReader::make(runtime));
  for (const std::string& picture : pictures) {
    Task task;
    WEIR_ASSIGN(task.input, load(runtime, picture, context));
    WEIR_ASSIGN(TextPage page, reader->read(task.image()->view()));
    std::vector<std::string> lines;
    for (Finding& line : page.lines) {
      lines.push_back(line.text);
      line.text.clear();  // it stands beside the picture, and would cover what it repeats
      task.add(std::move(line));
    }
    WEIR_ASSIGN(Shot shot, drawn(task, std::filesystem::path(picture).filename().string()));
    shot.found = std::move(lines);
    scene.shots.push_back(std::move(shot));
  }
  return {};
}

bool has_all(const std::vector<std::string>& models, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return std::find(models.begin(), models.end(), name) != models.end();
  });
}

}  // namespace

std::vector<Scene> play_scenes(Runtime& runtime, const std::vector<std::string>& models,
                               const std::string& picture, const Context& context) {
  std::vector<Scene> scenes;
  const auto play = [&](const char* title, const char* about,
                        const std::vector<std::string>& wanted, const auto& body) {
    if (!has_all(models, wanted)) return;
    Scene scene;
    scene.title = title;
    scene.about = about;
    for (const std::string& model : wanted) scene.models.push_back(model);
    const Status played = body(scene);
    if (!played.has_value()) scene.error = played.error().to_string();
    scenes.push_back(std::move(scene));
  };
  const auto on = [&](std::vector<std::string> own) {
    return picture.empty() ? std::move(own) : std::vector<std::string>{picture};
  };
  for (const SceneRow& row : chains()) {
    play(row.title, row.about, row.models,
         [&](Scene& scene) { return play_chain(runtime, row, on(row.pictures), scene, context); });
  }
  play("Faces compared", "128 numbers for each face; a cosine above 0.4 is the same person.",
       {"yunet", "sface"}, [&](Scene& scene) -> Status {
         std::vector<NamedPicture> pictures;
         for (const std::string& name : on({"astronaut", "group"})) {
           WEIR_ASSIGN(Image image, load(runtime, name, context));
           pictures.push_back({std::filesystem::path(name).filename().string(), std::move(image)});
         }
         return compare_faces(runtime, std::move(pictures), scene);
       });
  play("Text", "Lines are found, turned upright, and read.", {"ocr-det", "ocr-cls", "ocr-rec"},
       [&](Scene& scene) { return read_page(runtime, on({"page"}), scene, context); });
  return scenes;
}

}  // namespace weir::cli::demo

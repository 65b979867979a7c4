#include "bench/track/scenes.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "weir/ops/track/mot_row.h"

namespace weir::bench {
namespace {

constexpr const char* kFolder = WEIR_SOURCE_DIR "/../shared/assets/mot/";

std::vector<Detection>& frame_of(TrackScene& scene, std::size_t number) {
  if (scene.frames.size() <= number) scene.frames.resize(number + 1);
  return scene.frames[number];
}

TrackScene read_palace() {
  TrackScene scene{"palace", {}};
  std::ifstream file(std::string(kFolder) + "bytetrack_palace_detection.json");
  if (!file) return scene;
  const nlohmann::json found = nlohmann::json::parse(file);
  for (const auto& row : found.at("results")) {
    const auto number = [&](const char* key) { return std::stof(row.at(key).get<std::string>()); };
    const float x = number("x");
    const float y = number("y");
    frame_of(scene, std::stoul(row.at("frame_id").get<std::string>()))
        .push_back({{x, y, x + number("width"), y + number("height")}, number("prob"), 0});
  }
  return scene;
}

TrackScene read_mot(const std::string& name) {
  TrackScene scene{name, {}};
  std::ifstream file(kFolder + name + ".det.txt");
  for (std::string line; std::getline(file, line);) {
    const auto row = read_mot_row(line);
    if (!row) continue;
    frame_of(scene, static_cast<std::size_t>(row->frame - 1)).push_back({row->box, row->score, 0});
  }
  return scene;
}

}  // namespace

std::vector<TrackScene> read_track_scenes() {
  std::vector<TrackScene> scenes = {read_palace(), read_mot("PETS09-S2L1"), read_mot("TUD-Campus")};
  std::erase_if(scenes, [](const TrackScene& scene) { return scene.frames.empty(); });
  return scenes;
}

}  // namespace weir::bench

// The detections of a real scene and the tracks that were published for them, out of
// ../shared/assets/mot. Empty where that folder is absent.
#pragma once

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "weir/ops/track/track.h"

namespace weir {

struct PalaceFrame {
  std::vector<Detection> detections;
  std::vector<Track> tracks;  // in the order of their ids
};

inline Box palace_box(const nlohmann::json& row) {
  const auto number = [&](const char* key) { return std::stof(row.at(key).get<std::string>()); };
  return {number("x"), number("y"), number("x") + number("width"), number("y") + number("height")};
}

inline std::vector<PalaceFrame> read_palace() {
  const std::string folder = WEIR_SOURCE_DIR "/../shared/assets/mot/";
  std::ifstream detections(folder + "bytetrack_palace_detection.json");
  std::ifstream tracking(folder + "bytetrack_palace_tracking.json");
  std::vector<PalaceFrame> frames;
  if (!detections || !tracking) return frames;
  const auto frame_of = [&](const nlohmann::json& row) -> PalaceFrame& {
    const std::size_t index = std::stoul(row.at("frame_id").get<std::string>());
    if (frames.size() <= index) frames.resize(index + 1);
    return frames[index];
  };
  const nlohmann::json found = nlohmann::json::parse(detections);
  const nlohmann::json tracked = nlohmann::json::parse(tracking);
  for (const auto& row : found.at("results")) {
    const float score = std::stof(row.at("prob").get<std::string>());
    frame_of(row).detections.push_back({palace_box(row), score, 0});
  }
  for (const auto& row : tracked.at("results")) {
    Track track;
    track.id = std::stoll(row.at("track_id").get<std::string>());
    track.box = palace_box(row);
    frame_of(row).tracks.push_back(track);
  }
  for (PalaceFrame& frame : frames) {
    std::sort(frame.tracks.begin(), frame.tracks.end(),
              [](const Track& a, const Track& b) { return a.id < b.id; });
  }
  return frames;
}

}  // namespace weir

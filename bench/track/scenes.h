// The detections of real scenes in ../shared/assets/mot, one list a frame. Those that are absent
// are left out.
#pragma once

#include <string>
#include <vector>

#include "weir/ops/track/track.h"

namespace weir::bench {

struct TrackScene {
  std::string name;
  std::vector<std::vector<Detection>> frames;
};

std::vector<TrackScene> read_track_scenes();

}  // namespace weir::bench

// ByteTrack from detections in memory, a pass over a whole scene at a time.
//
//   bench_track              frames per second of each scene of ../shared/assets/mot
//   bench_track --serve      the same by commands: a scene's number a line on stdin; for each the
//                            seconds of one pass and the boxes that were followed on stdout
//
// compare.py drives the second in turns with supervision, so that both are measured in one run.
// The scenes are read before anything is measured; a pass begins with a new tracker.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "bench/support/paired.h"
#include "bench/track/scenes.h"
#include "weir/ops/track/byte_tracker.h"

namespace {

using weir::bench::TrackScene;

struct Pass {
  double seconds = 0;
  std::size_t followed = 0;  // boxes that got a number
};

Pass pass_over(const TrackScene& scene) {
  // What compare.py gives supervision.
  weir::ByteTracker tracker({.high = 0.5F, .low = 0.1F, .start = 0.6F, .match = 0.8F});
  Pass pass;
  const auto start = std::chrono::steady_clock::now();
  for (const auto& detections : scene.frames) pass.followed += tracker.update(detections).size();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  pass.seconds = took.count();
  return pass;
}

int serve(const std::vector<TrackScene>& scenes) {
  for (const TrackScene& scene : scenes) {
    std::printf("%s %zu\n", scene.name.c_str(), scene.frames.size());
  }
  std::printf("ready\n");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t number = std::strtoul(line.c_str(), nullptr, 10);
    if (number >= scenes.size()) return 2;
    const Pass pass = pass_over(scenes[number]);
    std::printf("%.9f %zu\n", pass.seconds, pass.followed);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<TrackScene> scenes = weir::bench::read_track_scenes();
  if (argc > 1 && std::string(argv[1]) == "--serve") return serve(scenes);
  if (scenes.empty()) std::puts("skipped: no ../shared/assets/mot");
  for (const TrackScene& scene : scenes) {
    std::vector<double> passes;
    for (int i = 0; i < 101; ++i) passes.push_back(pass_over(scene).seconds);
    const double seconds = weir::bench::median(passes);
    const auto frames = static_cast<double>(scene.frames.size());
    std::printf("%-16s %5.0f frames  %8.0f frames/s  %6.2f us a frame\n", scene.name.c_str(),
                frames, frames / seconds, seconds / frames * 1e6);
  }
  return 0;
}

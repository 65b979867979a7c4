// What a user writes about a source of tasks: where they come from, and how fast.
//
//   sources:
//     gate:   {video: gate.mp4, start: 10, every: 2}
//     photos: {pictures: [photos/, 'more/*.jpg']}
//     film:   {sequence: 'film/img_%04d.png', rate: 25, fps: 5}
//     street: {scene: {people: 8, seed: 3}, end: 60}
//
// A plain value. docs/pipelines.md has every key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/config/fields.h"
#include "weir/config/file_path.h"
#include "weir/ops/draw/synthetic_scene.h"

namespace weir {

struct SourceSpec {
  enum class Pace : uint8_t {
    kFree,  // as fast as it goes; nothing is lost
    kReal,  // as the frames' times say
  };

  // Exactly one of these.
  config::FilePath video = {};
  std::vector<config::FilePath> pictures = {};  // files, folders, patterns
  config::FilePath sequence = {};               // pictures by number: 'img_%04d.png'
  std::optional<SceneSpec> scene = {};          // drawn, with the truth about it

  double start = 0;     // video, scene: seconds
  double end = 0;       // video, scene: seconds; 0: to the end, of which a scene has none
  int64_t first = -1;   // sequence: the number to begin with; -1: the smallest that is there
  double rate = 0;      // pictures, sequence: so many are a second; 0: they have no time
  int32_t every = 1;    // takes each n-th
  double fps = 0;       // takes at most so many of a second of the source's time; 0: all
  int32_t threads = 0;  // video: of the decoder; 0: what the budget leaves
  int32_t loop = 1;     // goes through it so often; 0: for ever
  Pace pace = Pace::kFree;
  bool live = false;                    // the newest wins, and what nobody has time for is dropped
  std::vector<std::string> steps = {};  // these only, and what they look at; none: all
};

std::vector<config::EnumName<SourceSpec::Pace>> config_names(SourceSpec::Pace);
const config::Fields<SceneSpec>& config_fields(const SceneSpec*);
const config::Fields<SourceSpec>& config_fields(const SourceSpec*);

}  // namespace weir

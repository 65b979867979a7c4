// A street that is drawn: people and cars that walk and drive through, with the truth about each.
//
//   const SyntheticScene scene({.seed = 7, .people = 5});
//   WEIR_ASSIGN(const Image picture, scene.picture(120));
//   for (const Finding& actor : scene.truth(120)) …        // box, label, track
//
// What a frame shows depends on the spec and its number alone: the same in every run and on every
// machine, in any order. Immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/image.h"

namespace weir {

struct SceneSpec {
  uint64_t seed = 1;
  int width = 640;
  int height = 360;
  double fps = 25;
  int people = 4;  // at a time, about
  int cars = 2;
  PixelFormat format = PixelFormat::kBgr;
};

class SyntheticScene {
 public:
  enum Label : int32_t { kPerson = 0, kCar = 1 };

  // Numbers that make no sense are moved to the nearest that do.
  explicit SyntheticScene(const SceneSpec& spec);

  const SceneSpec& spec() const { return spec_; }
  // "person", "car".
  static std::shared_ptr<const LabelSet> labels();
  double time_ms(int64_t frame) const { return 1000.0 * static_cast<double>(frame) / spec_.fps; }

  // Whoever is at least half inside of the picture, those in front last: the box of what is inside,
  // the label with score 1, and a track that stays the same as long as somebody is on the way.
  std::vector<Finding> truth(int64_t frame) const;
  Result<Image> picture(int64_t frame) const;

 private:
  struct Actor {
    Label label = kPerson;
    int64_t track = 0;
    double x = 0;  // of the middle
    double floor = 0;
    double width = 0;
    double height = 0;
    double step = 0;  // how far it has gone, in its own heights
  };
  std::vector<Actor> actors_at(int64_t frame) const;
  Actor actor_at(int number, double seconds) const;
  SceneSpec spec_;
};

}  // namespace weir

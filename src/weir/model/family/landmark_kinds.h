// The kinds of landmark models: what their outputs look like, and where they look, as data.
//
//   const LandmarkKind* kind = family::find_kind(model);        // by the sizes of its outputs
//   const RegionSpec where = family::region_of_kind(*kind, finding);
//
// The numbers of the regions are those of MediaPipe's graphs, with which the models were trained.
// Pure functions: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/backend/loaded_model.h"
#include "weir/data/finding.h"
#include "weir/ops/region.h"

namespace weir::family {

// How findings with so many keypoints are looked at: palms have seven, faces five or six.
struct RegionRule {
  std::size_t keypoints = 0;
  RegionSpec region;
};

struct LandmarkKind {
  enum class Subject { kFace, kEye, kHand, kBody };

  Subject subject;
  const char* name;  // "hand"
  int64_t points;    // that the main output has
  int64_t numbers;   // of each
  int64_t keep;      // of them that are landmarks; the rest is for tracking
  int64_t classes;   // that labels may name
  bool logits;       // presence still has to go through a sigmoid
  float depth_unit;  // how many pixels of the input one of z is
  double box_scale;  // of findings that no rule is for: how much more than the box is seen
  std::span<const RegionRule> rules;
};

// Where in the list of outputs something is.
using Place = std::optional<std::size_t>;

// What a model of some kind gives.
struct LandmarkOutputs {
  const LandmarkKind* kind = nullptr;
  std::size_t points = 0;
  Place iris;      // of an eye, more points
  Place presence;  // one number
  Place side;      // of a hand, one number: how sure it is a left one, in a mirrored picture
  Place heatmaps;  // of a body, HxWxN
  Place mask;      // of a body, HxWx1
};

// Nothing if the outputs are those of no kind.
std::optional<LandmarkOutputs> find_landmarks(const LoadedModel& model);
// For messages: "outputs of 1404 and 1 numbers (face), …".
std::string known_landmarks();

// The rule for this finding, or its box, enlarged.
RegionSpec region_for(const LandmarkKind& kind, const Finding& finding);

// One eye of a face: between its corners if the face has a mesh, else around its middle. `left` is
// the person's own. Nothing if the finding has no eyes: then it is an eye itself.
struct Eye {
  Point first;  // from left to right in a face that looks at us
  Point second;
};
std::optional<Eye> eye_of(const Finding& face, bool left);
// Around these points; the model knows only right eyes, so left ones are mirrored.
RegionSpec eye_region(bool left);

}  // namespace weir::family

// What `weir track` is told: which tracker, with which numbers.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/track/follower.h"

namespace weir::cli {

struct TrackOptions {
  std::vector<Option> table();
  // An Error for a number out of range, and for an option of the other tracker.
  Result<Follower::Spec> spec() const;

  std::string input;
  std::string out = "-";

 private:
  static constexpr double kNotSet = -1e9;

  Status take(const char* flag, double value, double least, double most, Follower::By of,
              float& target) const;
  Status take_frames(const char* flag, int value, int& target) const;
  Status only(const char* flag, bool set, Follower::By of) const;
  Follower::By by() const;

  std::string tracker = "bytetrack";
  double high = kNotSet;
  double low = kNotSet;
  double start = kNotSet;
  double match = kNotSet;
  double match_low = kNotSet;
  double match_new = kNotSet;
  double score = kNotSet;
  double iou = kNotSet;
  int min_hits = static_cast<int>(kNotSet);
  int lost_frames = static_cast<int>(kNotSet);
  bool any_label = false;
  bool plain_overlap = false;
  bool last_box = false;
  bool last_pixel = false;
  std::string boxes = "found";
  std::string step;
  std::vector<std::string> labels;
};

}  // namespace weir::cli

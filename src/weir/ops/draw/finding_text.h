// What a drawing says about a finding, and to which drawn finding each belongs.
//
// Pure functions: any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "weir/data/task.h"

namespace weir {

// Four keypoints are the corners of something that lies askew: a line of text.
bool is_quad(const Finding& finding);
// Whether there is something to draw at a place: a box or keypoints.
bool has_place(const Finding& finding);

// Of each finding, whether it is the quad of the finding that it belongs to once more: what was
// read on a line of text has the corners of the line.
std::vector<bool> repeated_quads(const Task& task);

// "#7 Person 0.93", "ABC-1234 0.98".
std::string text_of(const Task& task, const Finding& finding, bool score);

struct Caption {
  std::size_t finding;  // index of the one that it is drawn at
  std::string text;
};

// One of each finding that has a place, in their order; what was found in it and has no place of
// its own (a name, a class, what was read) is added to it.
std::vector<Caption> captions_of(const Task& task, bool scores);

// Of findings without any place: those of the whole picture.
std::vector<Caption> legend_of(const Task& task, bool scores);

}  // namespace weir

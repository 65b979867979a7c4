// Which keypoints are joined by a line, by how many there are: bodies of 17 (COCO) and 33 points
// (MediaPipe), hands of 21. Faces of 5 and whatever else are points alone.
//
// Constants: any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weir {

enum class BodySide : uint8_t { kMiddle, kLeft, kRight };

struct Bone {
  uint8_t from = 0;
  uint8_t to = 0;
  BodySide side = BodySide::kMiddle;
};

// Empty if such a set is not known.
std::span<const Bone> skeleton_of(std::size_t keypoints);

}  // namespace weir

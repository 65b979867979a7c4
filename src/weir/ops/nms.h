// Non-maximum suppression: of boxes that overlap, only the best stays.
//
//   const std::vector<std::size_t> kept = nms(boxes, scores, classes, {.iou = 0.45F});
//
// Deterministic: falling scores, ties by index. Boxes and scores that are not finite are left out.
// A box goes if `iou()` of box.h with a better one that stayed is above the threshold: exactly
// that, whatever the machine's vectors are. Pure functions: any thread.
//
// Who calls often keeps a workspace, one per thread; then nothing is allocated once it has grown:
//
//   NmsWorkspace workspace;
//   for (std::size_t i : nms(boxes, scores, classes, spec, workspace)) …
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "weir/data/finding.h"

namespace weir {

struct NmsSpec {
  float iou = 0.5F;            // more overlap than this with a better box, and a box goes
  bool per_class = true;       // boxes of different classes leave each other alone
  std::size_t max_count = 0;   // keep no more than this; 0: all
  std::size_t candidates = 0;  // look at no more than so many, the best; 0: all
};

struct NmsMemory;

// The memory that a suppression works in. Used by one thread at a time.
class NmsWorkspace {
 public:
  NmsWorkspace();
  ~NmsWorkspace();
  NmsWorkspace(NmsWorkspace&&) noexcept;
  NmsWorkspace& operator=(NmsWorkspace&&) noexcept;
  NmsMemory& memory() { return *memory_; }

 private:
  std::unique_ptr<NmsMemory> memory_;
};

// The indices of what stays, best first. The three lists are equally long, below 2^32; `classes`
// may be empty.
std::vector<std::size_t> nms(std::span<const Box> boxes, std::span<const float> scores,
                             std::span<const int32_t> classes, const NmsSpec& spec = {});

// The same; what is returned lies in the workspace, until that is used again.
std::span<const std::size_t> nms(std::span<const Box> boxes, std::span<const float> scores,
                                 std::span<const int32_t> classes, const NmsSpec& spec,
                                 NmsWorkspace& workspace);

}  // namespace weir

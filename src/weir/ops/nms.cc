#include "weir/ops/nms.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "weir/ops/box.h"
#include "weir/ops/falling_order.h"
#include "weir/ops/suppress.h"

namespace weir {

// Grows and is never given back.
struct NmsMemory {
  FallingOrder order;
  std::vector<int32_t> distinct, group;
  std::vector<KeptList> lists;
  std::vector<KeptBlock> blocks;
  std::vector<uint32_t> next;
  std::vector<std::size_t> kept;
};

NmsWorkspace::NmsWorkspace() : memory_(std::make_unique<NmsMemory>()) {}
NmsWorkspace::~NmsWorkspace() = default;
NmsWorkspace::NmsWorkspace(NmsWorkspace&&) noexcept = default;
NmsWorkspace& NmsWorkspace::operator=(NmsWorkspace&&) noexcept = default;

namespace {

template <class T>
void grow(std::vector<T>& memory, std::size_t size) {
  if (memory.size() < size) memory.resize(size);
}

std::span<const uint64_t> falling(std::span<const Box> boxes, std::span<const float> scores,
                                  std::size_t candidates, FallingOrder& order) {
  static_assert(sizeof(Box) == 4 * sizeof(float));
  const float* const sides = boxes.empty() ? nullptr : &boxes[0].x1;
  if (all_finite({sides, 4 * boxes.size()}) && all_finite(scores)) {
    order.collect(scores, [](std::size_t) { return true; });
  } else {
    order.collect(scores,
                  [&](std::size_t i) { return std::isfinite(scores[i]) && is_finite(boxes[i]); });
  }
  return order.sort(candidates);
}

// Gives the classes numbers of groups: their own, counted from the least one; or, where they are
// spread so widely that a list for each number is too much, their place among those there are.
void number_groups(std::span<const int32_t> classes, NmsMemory& memory, SuppressTask& task) {
  const auto [least, most] = std::minmax_element(classes.begin(), classes.end());
  const auto range = static_cast<std::size_t>(int64_t{*most} - *least + 1);
  if (range <= 4 * classes.size() + 1024) {
    task.group = classes.data();
    task.first_group = *least;
    memory.lists.assign(range, {});
    return;
  }
  std::vector<int32_t>& distinct = memory.distinct;
  distinct.assign(classes.begin(), classes.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  memory.group.clear();
  for (const int32_t label : classes) {
    const auto place = std::lower_bound(distinct.begin(), distinct.end(), label);
    memory.group.push_back(static_cast<int32_t>(place - distinct.begin()));
  }
  task.group = memory.group.data();
  memory.lists.assign(distinct.size(), {});
}

}  // namespace

std::span<const std::size_t> nms(std::span<const Box> boxes, std::span<const float> scores,
                                 std::span<const int32_t> classes, const NmsSpec& spec,
                                 NmsWorkspace& workspace) {
  assert(boxes.size() == scores.size() && boxes.size() <= std::numeric_limits<uint32_t>::max());
  assert(classes.empty() || classes.size() == boxes.size());
  NmsMemory& memory = workspace.memory();
  SuppressTask task;
  task.boxes = boxes.data();
  task.keys = falling(boxes, scores, spec.candidates, memory.order);
  if (task.keys.empty()) return {};
  if (spec.per_class && !classes.empty()) {
    number_groups(classes, memory, task);
  } else {
    memory.lists.assign(1, {});
  }
  task.lists = memory.lists.data();
  const std::size_t blocks = max_blocks(task.keys.size(), memory.lists.size());
  grow(memory.blocks, blocks);
  grow(memory.next, blocks);
  grow(memory.kept, task.keys.size());
  task.blocks = memory.blocks.data();
  task.next = memory.next.data();
  task.kept = memory.kept.data();
  task.iou = spec.iou;
  task.max_count = spec.max_count;
  return {memory.kept.data(), suppress(task)};
}

std::vector<std::size_t> nms(std::span<const Box> boxes, std::span<const float> scores,
                             std::span<const int32_t> classes, const NmsSpec& spec) {
  NmsWorkspace workspace;
  const std::span<const std::size_t> kept = nms(boxes, scores, classes, spec, workspace);
  return {kept.begin(), kept.end()};
}

}  // namespace weir

#include "weir/model/parts.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir {
namespace {

ModelPart part_of(const ModelSpec& spec) {
  ModelPart part;
  part.backend = spec.backend;
  part.spec.file = spec.file.path;
  part.spec.device = spec.device;
  part.spec.precision = spec.precision;
  part.spec.shapes = spec.shapes;
  part.spec.intra_op_threads = spec.threads;
  part.spec.cache_folder = spec.cache.path;
  part.spec.deterministic = spec.deterministic;
  return part;
}

}  // namespace

std::map<std::string, std::string> options_for(const ModelSpec& spec, const std::string& backend) {
  const auto found = spec.options.find(backend);
  return found != spec.options.end() ? found->second.values : std::map<std::string, std::string>();
}

std::vector<ModelPart> parts_of(const ModelSpec& spec) {
  assert((!spec.file.empty() || !spec.components.empty()) && "the catalogue did not fill the spec");
  std::vector<ModelPart> parts;
  if (spec.components.empty()) parts.push_back(part_of(spec));
  for (const auto& [name, component] : spec.components) {
    ModelPart part = part_of(spec);
    part.name = name;
    part.spec.file = component.file.path;
    part.spec.shapes = component.shapes;
    if (!component.backend.empty()) part.backend = component.backend;
    part.spec.device = component.device.value_or(spec.device);
    part.spec.precision = component.precision.value_or(spec.precision);
    part.spec.intra_op_threads = component.threads.value_or(spec.threads);
    parts.push_back(std::move(part));
  }
  for (ModelPart& part : parts) {
    part.spec.shapes = with_batch(std::move(part.spec.shapes), spec.batch.max);
    part.spec.options = options_for(spec, part.backend);
  }
  return parts;
}

ShapeRange with_batch(ShapeRange range, int64_t max_batch) {
  if (range.max.rank() == 0) return range;
  range.max[0] = std::max(range.max[0], max_batch);
  return range;
}

ShapeRanges with_batch(ShapeRanges ranges, int64_t max_batch) {
  for (auto& [input, range] : ranges) range = with_batch(range, max_batch);
  return ranges;
}

}  // namespace weir

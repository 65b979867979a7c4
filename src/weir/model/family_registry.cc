#include "weir/model/family_registry.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir {
namespace {

template <class T>
void lay_under(std::optional<T>& value, const std::optional<T>& below) {
  if (!value) value = below;
}

template <class Enum>
void lay_under(Enum& value, Enum below) {
  if (value == Enum::kAuto) value = below;
}

void lay_under(std::vector<double>& values, const std::vector<double>& below) {
  if (values.empty()) values = below;
}

void lay_under(ResizeSpec& spec, const ResizeSpec& below) {
  // Another policy than the family's is another matter altogether: its pad may mean nothing there.
  const bool named = !spec.min_max_pairs.empty() || spec.pyramid;
  const bool same =
      !named && (spec.policy == ResizeSpec::Policy::kAuto || spec.policy == below.policy);
  const bool none = spec.policy == ResizeSpec::Policy::kAuto && !named;
  if (none) {
    spec.policy = below.policy;
    spec.min_max_pairs = below.min_max_pairs;
    spec.pyramid = below.pyramid;
  }
  lay_under(spec.filter, below.filter);
  if (spec.multiple == 0) spec.multiple = below.multiple;
  if (spec.max_side == 0) spec.max_side = below.max_side;
  if (!same) return;
  lay_under(spec.pad.level, below.pad.level);
  if (spec.pad.edges == EdgeSpec{}) spec.pad.edges = below.pad.edges;
  if (spec.crop == EdgeSpec{}) spec.crop = below.crop;
  if (spec.short_side == 0) spec.short_side = below.short_side;
  lay_under(spec.anchor, below.anchor);
}

void lay_under(InputSpec& spec, const InputSpec& below) {
  if (spec.size.is_auto()) spec.size = below.size;
  // Who says how numbers are scaled, says it all: half of one and half of another is nobody's.
  const bool scaled = spec.scale || !spec.mean.empty() || !spec.std.empty();
  lay_under(spec.layout, below.layout);
  lay_under(spec.colour, below.colour);
  lay_under(spec.resize, below.resize);
  if (scaled) return;
  lay_under(spec.scale, below.scale);
  lay_under(spec.mean, below.mean);
  lay_under(spec.std, below.std);
}

}  // namespace

Status FamilyRegistry::add(FamilyInfo info) {
  assert(!info.name.empty() && info.make && !info.parts.empty());
  WEIR_TRY(names_.add(info.name, info.aliases));
  families_.push_back(std::make_shared<const FamilyInfo>(std::move(info)));
  return {};
}

Result<std::shared_ptr<const FamilyInfo>> FamilyRegistry::find(std::string_view name) const {
  WEIR_ASSIGN(const std::string meant, names_.canonical(std::string(name)));
  return *std::find_if(families_.begin(), families_.end(),
                       [&](const auto& family) { return family->name == meant; });
}

ModelSpec with_defaults(ModelSpec spec, const FamilyInfo& info) {
  lay_under(spec.input, info.input);
  lay_under(spec.thresholds.score, info.thresholds.score);
  lay_under(spec.thresholds.nms, info.thresholds.nms);
  lay_under(spec.thresholds.candidates, info.thresholds.candidates);
  lay_under(spec.thresholds.max_findings, info.thresholds.max_findings);
  if (spec.labels.empty()) spec.labels = info.labels;
  return spec;
}

}  // namespace weir

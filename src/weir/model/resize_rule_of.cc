#include "weir/model/resize_rule_of.h"

namespace weir {
namespace {

ResizePolicy policy_of(const ResizeSpec& spec) {
  if (!spec.min_max_pairs.empty()) return ResizePolicy::kMinMax;
  if (spec.pyramid) return ResizePolicy::kPyramid;
  switch (spec.policy) {
    case ResizeSpec::Policy::kLetterbox:
      return spec.anchor == ResizeSpec::Anchor::kTopLeft ? ResizePolicy::kLetterbox
                                                         : ResizePolicy::kLetterboxCentered;
    case ResizeSpec::Policy::kCrop:
      return ResizePolicy::kCrop;
    case ResizeSpec::Policy::kPad:
      return ResizePolicy::kPad;
    case ResizeSpec::Policy::kAuto:
    case ResizeSpec::Policy::kStretch:
      break;
  }
  return ResizePolicy::kStretch;
}

ResizeRule::Edges edges_of(const EdgeSpec& spec) {
  return {spec.left, spec.top, spec.right, spec.bottom};
}

}  // namespace

ResizeRule resize_rule_of(const ResizeSpec& spec) {
  ResizeRule rule;
  rule.policy = policy_of(spec);
  rule.short_side = spec.short_side;
  rule.multiple = spec.multiple;
  rule.max_side = spec.max_side;
  rule.crop = edges_of(spec.crop);
  rule.pad = edges_of(spec.pad.edges);
  if (rule.policy == ResizePolicy::kMinMax && spec.min_max_pairs.size() == 2) {
    rule.min_side = spec.min_max_pairs[0];
    rule.max_side = spec.min_max_pairs[1];
  }
  return rule;
}

ResizeFilter resize_filter_of(const ResizeSpec& spec) {
  switch (spec.filter) {
    case ResizeSpec::Filter::kNearest:
      return ResizeFilter::kNearest;
    case ResizeSpec::Filter::kArea:
      return ResizeFilter::kArea;
    case ResizeSpec::Filter::kBicubic:
      return ResizeFilter::kBicubic;
    case ResizeSpec::Filter::kLanczos:
      return ResizeFilter::kLanczos;
    case ResizeSpec::Filter::kAuto:
    case ResizeSpec::Filter::kBilinear:
      break;
  }
  return ResizeFilter::kBilinear;
}

}  // namespace weir

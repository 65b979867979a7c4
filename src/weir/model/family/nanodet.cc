#include "weir/model/family/nanodet.h"

#include "weir/model/family/gfl_outputs.h"

namespace weir {
namespace {

constexpr const char* kStrides = "8, 16, 32";

}  // namespace

FamilyInfo nanodet_family() {
  FamilyInfo info;
  info.name = "nanodet";
  info.task = "object detection";
  info.about = "NanoDet, whose boxes are distributions of distances";
  info.inputs =
      "one picture: BGR less 103.53, 116.28, 123.675, by 57.375, 57.12, 58.395, "
      "letterboxed to the centre with 0";
  info.outputs = "for each stride two tensors: 1xNxclasses (through the sigmoid) and 1xNx4(R+1)";
  info.tested = "nanodet_m 416";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kBgr;
  info.input.mean = {103.53, 116.28, 123.675};
  info.input.std = {57.375, 57.12, 58.395};
  info.input.resize.policy = ResizeSpec::Policy::kLetterbox;
  info.input.resize.anchor = ResizeSpec::Anchor::kCentre;
  info.input.resize.pad = {0};
  info.thresholds = {.score = 0.35, .nms = 0.6, .candidates = 1000, .max_findings = 100};
  info.options = {{"per_class", "whether boxes of different classes leave each other alone (yes)"},
                  {"strides", "of the grids (8, 16, 32)"}};
  info.make = [](const FamilyContext& context) { return family::make_gfl(context, kStrides); };
  return info;
}

}  // namespace weir

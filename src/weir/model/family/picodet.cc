#include "weir/model/family/picodet.h"

#include "weir/model/family/gfl_outputs.h"

namespace weir {
namespace {

constexpr const char* kStrides = "8, 16, 32, 64";

}  // namespace

FamilyInfo picodet_family() {
  FamilyInfo info;
  info.name = "picodet";
  info.task = "object detection";
  info.about = "PicoDet, exported without its own suppression";
  info.inputs = "one picture: RGB by 255, with ImageNet's mean and std, stretched";
  info.outputs = "for each stride two tensors: 1xNxclasses (through the sigmoid) and 1xNx4(R+1)";
  info.tested = "picodet_s 320";
  info.gives = labelled_boxes();
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{1.0 / 255};
  info.input.mean = {0.485, 0.456, 0.406};
  info.input.std = {0.229, 0.224, 0.225};
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.thresholds = {.score = 0.4, .nms = 0.6, .candidates = 1000, .max_findings = 100};
  info.options = {{"per_class", "whether boxes of different classes leave each other alone (yes)"},
                  {"strides", "of the grids (8, 16, 32, 64)"}};
  info.make = [](const FamilyContext& context) { return family::make_gfl(context, kStrides); };
  return info;
}

}  // namespace weir

// A family of tests: boxes side by side whose score is the first number that the model gives, so
// that a fake model's scale and offset say which model answered. Test-only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "weir/data/image.h"
#include "weir/model/family/one_input.h"
#include "weir/model/family_registry.h"
#include "weir/model/picture_input.h"
#include "weir/model/spec.h"

namespace weir::test {

class LevelFamily : public family::OneInput<PictureInput> {
 public:
  LevelFamily(PictureInput picture, std::vector<Box> boxes)
      : OneInput(std::move(picture)), boxes_(std::move(boxes)) {}

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    const float level = outputs[0].as<float>()[0];
    for (const Box& box : boxes_) found.push_back({.box = box, .best = ClassScore{0, level}});
    return {};
  }

 private:
  std::vector<Box> boxes_;
};

// `count` boxes like the first, a pixel apart.
inline FamilyInfo level_family(int count = 3, Box first = {0, 0, 4, 8}) {
  std::vector<Box> boxes;
  for (int i = 0; i < count; ++i) {
    const auto x = static_cast<float>(i);
    boxes.push_back({first.x1 + x, first.y1, first.x2 + x, first.y2});
  }
  FamilyInfo info;
  info.name = "level";
  info.task = "object detection";
  info.labels.names = {"thing"};
  info.make = [boxes](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0], {}));
    return std::make_unique<const LevelFamily>(std::move(picture), boxes);
  };
  return info;
}

// A model that gives a picture's level plus `offset`.
inline void write_level_model(const std::string& file, int offset) {
  std::ofstream(file) << "weir-fake 1\ninput x float32 1x3x4x8\noutput y = scale x 1 " << offset
                      << "\n";
}

inline ModelSpec level_model(const std::string& file) {
  ModelSpec spec;
  spec.file.path = file;
  spec.family = "level";
  return spec;
}

inline Image grey(int level, int width = 16, int height = 8) {
  Image image = Image::allocate(PixelFormat::kGrey, width, height).value();
  for (int y = 0; y < height; ++y) {
    std::fill_n(image.view().row(0, y), width, static_cast<uint8_t>(level));
  }
  return image;
}

}  // namespace weir::test

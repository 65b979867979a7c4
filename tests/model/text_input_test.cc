// Lines of text as inputs, without weights.
#include "weir/model/text_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "weir/backend/fake/fake_backend.h"
#include "weir/data/image.h"
#include "weir/model/family_registry.h"

namespace weir {
namespace {

using testing::HasSubstr;

// Red grows with x, green with y, blue is 10.
Image ramp(int width, int height) {
  Image image = Image::allocate(PixelFormat::kRgb, width, height).value();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* pixel = image.view().row(0, y) + 3 * x;
      pixel[0] = static_cast<uint8_t>(x);
      pixel[1] = static_cast<uint8_t>(y);
      pixel[2] = 10;
    }
  }
  return image;
}

class TextInputTest : public testing::Test {
 protected:
  Result<TextInput> make(const std::string& input, ModelSpec spec = {},
                         const TextInputRules& rules = {}) {
    BackendSpec opened;
    opened.bytes = std::make_shared<const std::string>("weir-fake 1\ninput x " + input +
                                                       "\noutput y = identity x\n");
    WEIR_ASSIGN(auto part, backend_.open(opened));
    const std::map<std::string, std::shared_ptr<const LoadedModel>> parts = {{"", part}};
    spec.input.resize.pad = {100};
    spec.input.resize.policy = ResizeSpec::Policy::kLetterbox;
    return TextInput::make({"models.m", spec, parts, nullptr, FamilyInfo()}, part->inputs()[0],
                           rules);
  }
  static Shape shape(const TextInput& text, const Finding& line) {
    const Image picture = ramp(200, 200);
    Shape shape;
    EXPECT_TRUE(text.shape_for({.picture = &picture.view(), .on = &line}, shape));
    return shape;
  }

  FakeBackend backend_;
};

Finding line(float x1, float y1, float x2, float y2) {
  return {.box = Box{x1, y1, x2, y2}};
}

TEST_F(TextInputTest, IsAsWideAsTheLineWithinItsBounds) {
  const TextInput text = make("float32 ?x3x48x?").value();
  EXPECT_EQ(shape(text, line(0, 0, 100, 48)), (Shape{1, 3, 48, 320}));
  EXPECT_EQ(shape(text, line(0, 0, 160, 24)), (Shape{1, 3, 48, 320}));
  EXPECT_EQ(shape(text, line(0, 0, 161, 24)), (Shape{1, 3, 48, 352}));
  EXPECT_EQ(shape(text, line(0, 0, 200, 1)), (Shape{1, 3, 48, 3200}));
  EXPECT_EQ(shape(text, line(0, 0, 24, 200)), (Shape{1, 3, 48, 416}));  // read downwards
  const TextInput narrow =
      make("float32 ?x?x?x3", {}, {.height = 32, .min_width = 8, .max_width = 64, .multiple = 8})
          .value();
  EXPECT_EQ(shape(narrow, line(0, 0, 30, 32)), (Shape{1, 32, 32, 3}));
  EXPECT_EQ(shape(narrow, line(0, 0, 200, 32)), (Shape{1, 32, 64, 3}));
}

TEST_F(TextInputTest, TheModelsOwnSizeStands) {
  const TextInput text = make("float32 1x3x32x100").value();
  EXPECT_EQ(shape(text, line(0, 0, 200, 10)), (Shape{1, 3, 32, 100}));
  ModelSpec spec;
  spec.input.size = {192, 48};
  EXPECT_EQ(shape(make("float32 ?x3x?x?", spec).value(), line(0, 0, 200, 10)),
            (Shape{1, 3, 48, 192}));
}

TEST_F(TextInputTest, LaysTheLineFlatAndPadsTheRest) {
  const TextInput text = make("float32 1x3x16x64", {}, {.height = 16, .min_width = 64}).value();
  const Image picture = ramp(200, 200);
  const Tensor input = Tensor::allocate(DType::kFloat32, {1, 3, 16, 64}).value();
  ItemPlan plan;
  const Finding on = line(20, 40, 60, 56);
  ASSERT_TRUE(text.prepare({.picture = &picture.view(), .on = &on}, input.view(), plan));
  const auto at = [&](int c, int y, int x) { return input.as<float>()[(c * 16 + y) * 64 + x]; };
  EXPECT_NEAR(at(0, 0, 0), 20, 1e-3);
  EXPECT_NEAR(at(0, 5, 39), 59, 1e-3);
  EXPECT_NEAR(at(1, 15, 7), 55, 1e-3);
  EXPECT_NEAR(at(2, 3, 3), 10, 1e-3);
  for (int c = 0; c < 3; ++c) {
    EXPECT_EQ(at(c, 0, 40), 100);
    EXPECT_EQ(at(c, 15, 63), 100);
  }
  EXPECT_NEAR(plan.to_source.apply(Point{40, 16}).x, 60, 1e-9);
}

TEST_F(TextInputTest, BytesArePaddedToo) {
  const TextInput text = make("uint8 1x16x64x3", {}, {.height = 16, .min_width = 64}).value();
  const Image picture = ramp(200, 200);
  const Tensor input = Tensor::allocate(DType::kUInt8, {1, 16, 64, 3}).value();
  ItemPlan plan;
  // A line that runs downwards: its left is the top.
  const Finding on = line(20, 40, 36, 80);
  ASSERT_TRUE(text.prepare({.picture = &picture.view(), .on = &on}, input.view(), plan));
  const auto* pixels = input.as<uint8_t>();
  EXPECT_EQ(pixels[0], 35);  // top right of the column
  EXPECT_EQ(pixels[1], 40);
  EXPECT_EQ(pixels[(15 * 64 + 39) * 3], 20);  // bottom left
  EXPECT_EQ(pixels[(15 * 64 + 39) * 3 + 1], 79);
  EXPECT_EQ(pixels[40 * 3], 100);
}

TEST_F(TextInputTest, WhatIsNoLineIsRefused) {
  const TextInput text = make("float32 ?x3x48x?").value();
  Shape shape;
  const auto no_picture = text.shape_for({}, shape);
  ASSERT_FALSE(no_picture);
  const Image picture = ramp(8, 8);
  const Finding nothing;
  EXPECT_FALSE(text.shape_for({.picture = &picture.view(), .on = &nothing}, shape));
  const auto refused = make("float32 ?x10");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("models.m"));
}

}  // namespace
}  // namespace weir

#include "weir/model/resize_rule_of.h"

#include <gtest/gtest.h>

#include "weir/config/yaml.h"
#include "weir/model/spec.h"

namespace weir {
namespace {

// What a user writes, a picture, the input that comes of it, and where the picture's corner lies.
struct Written {
  const char* resize;
  OpenSize size;
  int source_width, source_height;
  int inner_width, inner_height, width, height, left, top;
};

const Written kWritten[] = {
    // The seven ways of a driving net's pictures from the camera to the input.
    {"{min_max_pairs: [540, 1140], crop: {top: 13}}",
     {960, 512},
     1280,
     720,
     960,
     540,
     960,
     512,
     0,
     -13},
    {"{min_max_pairs: [540, 1140], crop: {left: 40, top: 28}}",
     {960, 512},
     1824,
     940,
     1048,
     540,
     960,
     512,
     -40,
     -28},
    {"{min_max_pairs: [540, 1140]}", {960, 512}, 1920, 1080, 960, 540, 960, 512, 0, 0},
    {"{min_max_pairs: [540, 1140], crop: {left: 180, top: 5}}",
     {960, 512},
     2280,
     1080,
     1140,
     540,
     960,
     512,
     -180,
     -5},
    {"{pyramid: 1/2, crop: {top: 22}, pad: {right: 48}}",
     {},
     1824,
     940,
     912,
     470,
     960,
     448,
     0,
     -22},
    {"{pyramid: 1/2, crop: {top: 28}}", {}, 1920, 1080, 960, 540, 960, 512, 0, -28},
    {"{pyramid: 1/2, crop: {top: 28}}", {}, 2280, 1080, 1140, 540, 1140, 512, 0, -28},
    // The others, into a square.
    {"{policy: stretch}", {640, 640}, 1280, 720, 640, 640, 640, 640, 0, 0},
    {"{policy: letterbox, anchor: centre}", {640, 640}, 1280, 720, 640, 360, 640, 640, 0, 140},
    {"{policy: letterbox}", {640, 640}, 1280, 720, 640, 360, 640, 640, 0, 140},
    {"{policy: letterbox, anchor: top_left}", {640, 640}, 1280, 720, 640, 360, 640, 640, 0, 0},
    {"{policy: crop, short_side: 256}", {224, 224}, 1280, 720, 455, 256, 224, 224, -116, -16},
    {"{policy: crop}", {224, 224}, 1280, 720, 398, 224, 224, 224, -87, 0},
    {"{policy: pad}", {640, 640}, 300, 200, 300, 200, 640, 640, 0, 0},
    // An open size follows the picture.
    {"{policy: stretch, multiple: 32, max_side: 960}", {}, 1280, 720, 960, 544, 960, 544, 0, 0},
};

TEST(ResizeRuleOf, WhatASpecSaysBecomesThatInput) {
  for (const Written& row : kWritten) {
    SCOPED_TRACE(row.resize);
    const std::string text = std::string("file: a.onnx\ninput: {resize: ") + row.resize + "}\n";
    const auto root = config::parse_yaml(text, "m.yaml");
    ASSERT_TRUE(root) << root.error().to_string();
    const auto spec = read_model_spec(*root);
    ASSERT_TRUE(spec) << spec.error().to_string();
    const Box whole{0, 0, static_cast<float>(row.source_width),
                    static_cast<float>(row.source_height)};
    ResizeRule rule = resize_rule_of(spec->input.resize);
    if (rule.multiple == 0) rule.multiple = 1;  // a family's, where the spec does not say
    const auto plan = plan_resize(rule, row.source_width, row.source_height, whole, row.size);
    ASSERT_TRUE(plan) << plan.error().to_string();
    EXPECT_EQ(plan->inner_width, row.inner_width);
    EXPECT_EQ(plan->inner_height, row.inner_height);
    EXPECT_EQ(plan->width, row.width);
    EXPECT_EQ(plan->height, row.height);
    EXPECT_EQ(plan->left, row.left);
    EXPECT_EQ(plan->top, row.top);
  }
}

TEST(ResizeRuleOf, EachFilterIsTheOneThatIsNamed) {
  const std::pair<const char*, ResizeFilter> kFilters[] = {
      {"nearest", ResizeFilter::kNearest}, {"bilinear", ResizeFilter::kBilinear},
      {"bicubic", ResizeFilter::kBicubic}, {"area", ResizeFilter::kArea},
      {"lanczos", ResizeFilter::kLanczos}, {"auto", ResizeFilter::kBilinear}};
  for (const auto& [name, filter] : kFilters) {
    const std::string text = std::string("file: a.onnx\ninput: {resize: {filter: ") + name + "}}\n";
    const auto root = config::parse_yaml(text, "m.yaml");
    ASSERT_TRUE(root) << root.error().to_string();
    const auto spec = read_model_spec(*root);
    ASSERT_TRUE(spec) << spec.error().to_string();
    EXPECT_EQ(resize_filter_of(spec->input.resize), filter) << name;
  }
}

}  // namespace
}  // namespace weir

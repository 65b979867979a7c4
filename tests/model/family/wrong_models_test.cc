// What is said where a model is not of its family, its labels are not those of its classes, or its
// size is refused: what was found, and what is expected.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/model/family/generated_models.h"
#include "tests/model/family/real_models.h"

namespace weir {
namespace {

using test::Port;

constexpr DType kFloat = DType::kFloat32;

// A model of these inputs and outputs, what the spec says besides, and what is said of it.
struct Wrong {
  const char* name;
  std::string more;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::string message;
};

const Port kImages{"images", kFloat, {1, 3, 64, 64}};
const Port kRows{"output", kFloat, {1, 84, 6}};

std::vector<Wrong> wrong_models() {
  const std::string yolox = "models.m: the model is not of the family 'yolox': ";
  const std::string yolox_expects =
      "; the family expects one float32 output 1xNx(5+classes), with N = 84 for an input of 64x64";
  const std::string gfl =
      "; the family expects 6 float32 outputs, for each stride 1xNxclasses and "
      "1xNx4(R+1), the scores first";
  const std::string detr_outputs =
      "; the family expects three outputs: labels [1x]N (int64, int32 or float32), boxes [1x]Nx4 "
      "and scores [1x]N (float32)";
  const std::string detr_inputs =
      "; the family expects two inputs: pictures 1x3xHxW, and their sizes 1x2 as int64 (width, "
      "height)";
  const Port sizes{"orig_target_sizes", DType::kInt64, {1, 2}};
  const Port labels{"labels", DType::kInt64, {9}};
  const Port scores{"scores", kFloat, {9}};
  const Port ssd_image{"image", kFloat, {1, 300, 300, 3}};
  return {
      {"yolox_rows",
       "family: yolox",
       {kImages},
       {{"output", kFloat, {1, 100, 6}}},
       yolox + "its output is output float32 1x100x6" + yolox_expects},
      {"yolox_columns",
       "family: yolox",
       {kImages},
       {{"output", kFloat, {1, 84, 5}}},
       yolox + "its output is output float32 1x84x5" + yolox_expects},
      {"yolox_rank",
       "family: yolox",
       {kImages},
       {{"output", kFloat, {1, 85, 8, 8}}},
       yolox + "its output is output float32 1x85x8x8" + yolox_expects},
      {"yolox_type",
       "family: yolox",
       {kImages},
       {{"output", DType::kInt64, {1, 84, 6}}},
       yolox + "its output is output int64 1x84x6" + yolox_expects},
      {"segment_rows",
       "family: segment",
       {kImages},
       {kRows},
       "models.m: the model is not of the family 'segment': its output 'output' is float32 1x84x6; "
       "the family expects float32 scores 1xCxHxW or 1xHxWxC, or a label map 1xHxW of the "
       "picture's "
       "proportions"},
      {"yolox_two",
       "family: yolox",
       {kImages},
       {kRows, {"more", kFloat, {1, 4}}},
       yolox + "its outputs are output float32 1x84x6 and more float32 1x4" + yolox_expects},
      {"yolox_inputs",
       "family: yolox",
       {kImages, {"other", kFloat, {1, 2}}},
       {kRows},
       yolox + "it has 2 inputs; the family expects one, for pictures"},
      {"yolox_no_picture",
       "family: yolox",
       {{"x", kFloat, {1, 84}}},
       {kRows},
       yolox + "its input 'x' is 1x84; the family expects an input for pictures: 1x3xHxW or "
               "1xHxWx3"},
      {"yolox_strides",
       "family: yolox, family_options: {strides: '8, x'}",
       {kImages},
       {kRows},
       "models.m.family_options.strides: no list of strides: '8, x'; write them as \"8, 16, 32\""},
      {"yolox_option",
       "family: yolox, family_options: {decode: yes}",
       {kImages},
       {kRows},
       "models.m: the family 'yolox' has no option 'decode'; did you mean 'decoded'?"},
      {"labels",
       "family: yolox, labels: [a, b, c]",
       {kImages},
       {kRows},
       "models.m.labels: 3 labels do not match the 1 class of the model; write as many labels as "
       "classes, or none"},
      {"size",
       "family: yolox, input: {size: 416}",
       {kImages},
       {kRows},
       "models.m: the model refuses a picture of 416x416: its input 'images' is 1x3x64x64; leave "
       "input.size out"},
      {"means",
       "family: yolox, input: {mean: [1, 2, 3, 4]}",
       {kImages},
       {kRows},
       "models.m.input.mean: 4 values for a picture of 3 channels; write one value, or one for "
       "each channel"},
      {"unknown",
       "family: yolo",
       {kImages},
       {kRows},
       "models.m.family: unknown family 'yolo'; did you mean 'yolox'?"},
      {"nanodet_one",
       "family: nanodet",
       {kImages},
       {kRows},
       "models.m: the model is not of the family 'nanodet': its output is output float32 1x84x6" +
           gfl},
      {"nanodet_rows",
       "family: nanodet",
       {kImages},
       {{"c8", kFloat, {1, 64, 3}},
        {"c16", kFloat, {1, 15, 3}},
        {"c32", kFloat, {1, 4, 3}},
        {"d8", kFloat, {1, 64, 32}},
        {"d16", kFloat, {1, 16, 32}},
        {"d32", kFloat, {1, 4, 32}}},
       "models.m: the model is not of the family 'nanodet': its output 'c16' has 15 rows; the "
       "family expects 16 for the stride 16"},
      {"nanodet_sides",
       "family: nanodet",
       {kImages},
       {{"c8", kFloat, {1, 64, 3}},
        {"c16", kFloat, {1, 16, 3}},
        {"c32", kFloat, {1, 4, 3}},
        {"d8", kFloat, {1, 64, 30}},
        {"d16", kFloat, {1, 16, 30}},
        {"d32", kFloat, {1, 4, 30}}},
       "models.m: the model is not of the family 'nanodet': its outputs are c8 float32 1x64x3, c16 "
       "float32 1x16x3, c32 float32 1x4x3, d8 float32 1x64x30, d16 float32 1x16x30 and d32 float32 "
       "1x4x30" +
           gfl},
      {"picodet_labels",
       "family: picodet, family_options: {strides: 32}, labels: coco",
       {kImages},
       {{"c32", kFloat, {1, 4, 3}}, {"d32", kFloat, {1, 4, 32}}},
       "models.m.labels: 80 labels do not match the 3 classes of the model; write as many labels "
       "as classes, or none"},
      {"fastestdet",
       "family: fastestdet",
       {kImages},
       {kRows},
       "models.m: the model is not of the family 'fastestdet': its output is output float32 "
       "1x84x6; the family expects one float32 output 1x(5+classes)xHxW"},
      {"detr_inputs",
       "family: detr",
       {kImages},
       {labels, {"boxes", kFloat, {9, 4}}, scores},
       "models.m: the model is not of the family 'detr': its inputs are images float32 1x3x64x64" +
           detr_inputs},
      {"detr_sizes",
       "family: detr",
       {kImages, {"orig_target_sizes", kFloat, {1, 2}}},
       {labels, {"boxes", kFloat, {9, 4}}, scores},
       "models.m: the model is not of the family 'detr': its inputs are images float32 1x3x64x64, "
       "orig_target_sizes float32 1x2" +
           detr_inputs},
      {"detr_boxes",
       "family: detr",
       {kImages, sizes},
       {labels, {"boxes", kFloat, {9, 5}}, scores},
       "models.m: the model is not of the family 'detr': its outputs are labels int64 9, boxes "
       "float32 9x5 and scores float32 9" +
           detr_outputs},
      {"ssd_anchors",
       "family: ssd",
       {ssd_image},
       {{"boxes", kFloat, {1, 100, 4}}, {"scores", kFloat, {1, 100, 3}}},
       "models.m: the model is not of the family 'ssd': its outputs are boxes float32 1x100x4 and "
       "scores float32 1x100x3; the family expects two float32 outputs, 1x1917x4 and "
       "1x1917x(1+classes), for the anchors of its options"},
      {"ssd_labels",
       "family: ssd, labels: [a, b, c, d]",
       {ssd_image},
       {{"scores", kFloat, {1, 1917, 3}}, {"boxes", kFloat, {1, 1917, 4}}},
       "models.m.labels: 4 labels do not match the 3 classes of the model; write as many labels as "
       "classes, or none"},
      {"classify_shape",
       "family: classify",
       {kImages},
       {{"y", kFloat, {1, 7, 7, 9}}},
       "models.m: the model is not of the family 'classify': its output is y float32 1x7x7x9; the "
       "family expects one float32 output with one number a class: 1xclasses"},
      {"classify_labels",
       "family: classify, labels: [a, b]",
       {kImages},
       {{"y", kFloat, {1, 9}}},
       "models.m.labels: 2 labels do not match the 9 classes of the model; write as many labels as "
       "classes, or none"},
      {"classify_scores",
       "family: classify, family_options: {scores: logit}",
       {kImages},
       {{"y", kFloat, {1, 9}}},
       "models.m.family_options.scores: unknown kind of scores 'logit'; did you mean 'logits'?"},
      {"classify_top",
       "family: classify, family_options: {top: 0}",
       {kImages},
       {{"y", kFloat, {1, 9}}},
       "models.m: the option 'top' is '0'; write a whole number from 1 to 100000"},
      {"dbnet_columns",
       "family: dbnet",
       {kImages},
       {{"y", kFloat, {1, 32, 40}}},
       "models.m: the model is not of the family 'dbnet': its output is y float32 1x32x40; the "
       "family expects one map of probabilities, 1x1xHxW"},
      {"dbnet_rows",
       "family: dbnet",
       {kImages},
       {{"y", kFloat, {1, 128, 64}}},
       "models.m: the model is not of the family 'dbnet': its output is y float32 1x128x64; the "
       "family expects one map of probabilities, 1x1xHxW"},
      {"ctc_two",
       "family: ctc, labels: [a, b]",
       {kImages},
       {{"y", kFloat, {1, 9, 3}}, {"z", kFloat, {1, 2}}},
       "models.m: the model is not of the family 'ctc': it has 1 inputs, and its outputs are y "
       "float32 1x9x3 and z float32 1x2; the family expects one tensor 1xTxC: a score for each "
       "step and class. Class 0 is the blank, then come the characters of the dictionary, then "
       "perhaps a space"},
      {"direction_two",
       "family: text-direction",
       {kImages},
       {{"y", kFloat, {1, 2}}, {"z", kFloat, {1, 2}}},
       "models.m: the model is not of the family 'text-direction': it has 1 inputs, and its "
       "outputs are y float32 1x2 and z float32 1x2; the family expects one tensor 1x2: scores of "
       "0 and of 180 degrees"},
  };
}

TEST(WrongModels, AreRefusedWithWhatWasFoundAndWhatIsExpected) {
  for (const Wrong& wrong : wrong_models()) {
    const auto file = test::scratch(std::string("wrong_") + wrong.name + ".onnx",
                                    test::model_of(wrong.inputs, wrong.outputs));
    const std::string said = test::refusal("{file: " + file + ", " + wrong.more + "}");
    EXPECT_EQ(said, wrong.message) << wrong.name;
  }
}

// What has no input or no output is looked at by no family: each would look at the first.
TEST(WrongModels, WithoutInputsOrOutputsAreOfNoFamily) {
  const struct {
    const char* without;
    std::vector<const char*> backends;
    std::vector<Port> inputs, outputs;
  } rows[] = {{"outputs", {"openvino"}, {kImages}, {}},  // ONNX Runtime does not load it
              {"inputs", {"onnxruntime", "openvino"}, {}, {kRows}},
              {"inputs", {"onnxruntime", "openvino"}, {}, {kRows, {"b", kFloat, {1, 84, 4}}}}};
  for (const auto& row : rows) {
    const auto file = test::scratch(std::string("without_") + row.without + ".onnx",
                                    test::model_of(row.inputs, row.outputs));
    for (const std::string backend : row.backends) {
      const std::string spec = "{file: " + file + ", backend: " + backend;
      EXPECT_NE(test::refusal(spec + "}").find("none fits"), std::string::npos);
      for (const auto& family : test::runtime().families().all()) {
        const std::string said = test::refusal(spec + ", family: " + family->name + "}");
        EXPECT_TRUE(said.starts_with("models.m: the model is not of the family '" + family->name +
                                     "': it has no " + row.without + "; the family expects "))
            << backend << ": " << said;
      }
    }
  }
}

// The same outputs with the right shapes are taken.
TEST(WrongModels, RightOnesAreTaken) {
  const Port labels{"labels", DType::kInt64, {9}};
  const Wrong rights[] = {
      {"yolox", "family: yolox, labels: [a]", {kImages}, {kRows}, ""},
      {"yolox_nhwc", "family: yolox", {{"images", kFloat, {1, 64, 64, 3}}}, {kRows}, ""},
      {"nanodet",
       "family: nanodet, labels: [a, b, c]",
       {kImages},
       {{"d8", kFloat, {1, 64, 3}},
        {"c8", kFloat, {1, 64, 32}},
        {"d16", kFloat, {1, 16, 3}},
        {"c16", kFloat, {1, 16, 32}},
        {"c32", kFloat, {1, 4, 32}},
        {"d32", kFloat, {1, 4, 3}}},
       ""},
      {"detr",
       "family: detr",
       {{"orig_target_sizes", DType::kInt64, {1, 2}}, kImages},
       {{"scores", kFloat, {1, 9}}, labels, {"boxes", kFloat, {1, 9, 4}}},
       ""},
      {"classify",
       "family: classify, labels: [a, b, c, d, e, f, g, h]",
       {kImages},
       {{"y", kFloat, {1, 9, 1, 1}}},
       ""},
      {"dbnet", "family: dbnet", {kImages}, {{"y", kFloat, {1, 64, 64}}}, ""},
      {"dbnet_small", "family: dbnet", {kImages}, {{"y", kFloat, {1, 16, 32}}}, ""}};
  for (const Wrong& right : rights) {
    const auto file = test::scratch(std::string("right_") + right.name + ".onnx",
                                    test::model_of(right.inputs, right.outputs));
    const auto model = test::load("{file: " + file + ", " + right.more + "}");
    ASSERT_NE(model, nullptr) << right.name;
    const Image image = Image::allocate(PixelFormat::kBgr, 50, 40).value();
    const auto found = test::try_find(*model, {.picture = &image.view()});
    EXPECT_TRUE(found) << right.name << ": " << found.error().to_string();
  }
}

TEST(WrongModels, WhatIsOnlySeenWhenItRunsIsAnErrorOfItsItem) {
  // The file leaves the rows open, so it is the first run that shows that they do not fit.
  test::OnnxGraph graph;
  graph.input("images", kFloat, {1, 3, "H", "W"});
  graph.output("output", kFloat, {1, "cells", 6});
  graph.initializer<float>("zeros", {1, 50, 6}, std::vector<float>(300, 0.0F));
  graph.node({.op = "Identity", .inputs = {"zeros"}, .outputs = {"output"}});
  const auto file = test::scratch("open_rows.onnx", test::OnnxModel{.graph = graph}.bytes());
  const auto model = test::load("{file: " + file + ", family: yolox}");
  ASSERT_NE(model, nullptr);
  const Image image = Image::allocate(PixelFormat::kBgr, 64, 64).value();
  const auto found = test::try_find(*model, {.picture = &image.view()});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().to_string(),
            "the rows of a YOLOX are float32 1x50x6; a dense float32 tensor of 84x? is expected");
  const Tensor tensor = Tensor::allocate(kFloat, {3, 64, 64}).value();
  EXPECT_EQ(test::try_find(*model, {.tensor = &tensor.view()}).error().to_string(),
            "the model looks at pictures, and this is none");
}

}  // namespace
}  // namespace weir

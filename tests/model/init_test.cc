// guess.h and init_template.h: from inputs and outputs to a spec.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "weir/config/fields.h"
#include "weir/config/yaml.h"
#include "weir/graph/inspect.h"
#include "weir/model/init_template.h"

namespace weir {
namespace {

// "images 1x3x640x640, sizes 1x2"
std::vector<IoTensor> tensors(const std::string& text) {
  std::vector<IoTensor> all;
  std::stringstream parts(text);
  std::string name, shape;
  while (parts >> name >> shape) {
    if (shape.back() == ',') shape.pop_back();
    all.push_back({name, parse_shape(shape).value(), "float32"});
  }
  return all;
}

struct Row {
  const char* inputs;
  const char* outputs;
  const char* family;
  const char* input;  // the spec's input, as YAML
};

const Row kRows[] = {
    {"images 1x3x416x416", "output 1x3549x85", "yolox",
     "{size: [416, 416], layout: nchw, colour: bgr, resize: {policy: letterbox, pad: [114], "
     "anchor: top_left}}"},
    {"images 1x3x640x640", "output0 1x25200x85", "yolov5",
     "{size: [640, 640], layout: nchw, colour: rgb, scale: 1/255, resize: {policy: letterbox, "
     "pad: [114], anchor: centre}}"},
    {"images 1x3x640x640", "output0 1x84x8400", "yolov8",
     "{size: [640, 640], layout: nchw, colour: rgb, scale: 1/255, resize: {policy: letterbox, "
     "pad: [114], anchor: centre}}"},
    {"images ?x3x640x640, orig_target_sizes ?x2", "labels ?x300, boxes ?x300x4, scores ?x300",
     "detr",
     "{size: [640, 640], layout: nchw, colour: rgb, scale: 1/255, resize: {policy: stretch}}"},
    {"x 1x3x64x64", "a 1x64x9, b 1x16x9, c 1x4x9, d 1x64x32, e 1x16x32, f 1x4x32", "nanodet",
     "{size: [64, 64], layout: nchw, colour: bgr, mean: [103.53, 116.28, 123.675], std: [57.375, "
     "57.12, 58.395], resize: {policy: letterbox, pad: [0], anchor: centre}}"},
    {"x 1x3x80x80",
     "a 1x100x9, b 1x25x9, c 1x9x9, d 1x4x9, e 1x100x32, f 1x25x32, g 1x9x32, h 1x4x32", "picodet",
     "{size: [80, 80], layout: nchw, colour: rgb, scale: 1/255, mean: [0.485, 0.456, 0.406], std: "
     "[0.229, 0.224, 0.225], resize: {policy: stretch}}"},
    {"x 1x3x352x352", "y 1x85x22x22", "fastestdet",
     "{size: [352, 352], layout: nchw, colour: bgr, scale: 1/255, resize: {policy: stretch}}"},
    {"x 1x300x300x3", "scores 1x1917x24, boxes 1x1917x4", "ssd",
     "{size: [300, 300], layout: nhwc, colour: rgb, scale: 0.00784313725490196, mean: [1], resize: "
     "{policy: stretch}}"},
    {"input 1x3x640x640", "cls_8 1x6400x1, obj_8 1x6400x1, bbox_8 1x6400x4, kps_8 1x6400x10",
     "yunet",
     "{size: [640, 640], layout: nchw, colour: bgr, resize: {policy: letterbox, pad: [0], anchor: "
     "top_left}}"},
    {"x 1x3x240x320", "scores 1x4420x2, boxes 1x4420x4", "ultraface",
     "{size: [320, 240], layout: nchw, colour: rgb, scale: 1/128, mean: [0.9921875], resize: "
     "{policy: stretch, filter: area}}"},
    {"x 1x128x128x3", "a 1x512x1, b 1x384x1, c 1x512x16, d 1x384x16", "blazeface",
     "{size: [128, 128], layout: nhwc, colour: rgb, scale: 0.00784313725490196, mean: [1], resize: "
     "{policy: letterbox, pad: [0], anchor: centre}}"},
    {"x 1x192x192x3", "rows 1x2016x18, scores 1x2016x1", "blazeface",
     "{size: [192, 192], layout: nhwc, colour: rgb, scale: 1/255, resize: {policy: letterbox, pad: "
     "[0], anchor: centre}}"},
    {"x 1x224x224x3", "a 1x63, b 1x1, c 1x1, d 1x63", "landmarks",
     "{size: [224, 224], layout: nhwc, colour: rgb, scale: 1/255, resize: {pad: [0]}}"},
    {"x ?x3x192x192", "kpt_heatmap ?x17x48x48, kpt_regress ?x34x48x48, kpt_offset ?x34x48x48",
     "movenet",
     "{size: [192, 192], layout: nchw, colour: rgb, scale: 0.00784313725490196, mean: [1], resize: "
     "{policy: letterbox, pad: [0], anchor: centre}}"},
    {"x 1x256x128x3", "y 1x256", "reid",
     "{size: [128, 256], layout: nhwc, colour: bgr, resize: {policy: stretch}}"},
    {"x 1x3x?x?", "a 12800x1, b 3200x1, c 800x1, d 12800x4, e 3200x4, f 800x4", "scrfd",
     "{layout: nchw, colour: rgb, mean: [127.5], std: [128], resize: {policy: letterbox, pad: "
     "[0], anchor: top_left}}"},
    {"x 1x112x112x3", "y 1x512", "embedding", "{size: [112, 112], layout: nhwc}"},
    {"x 1x3x224x224", "y 1x1000", "classify",
     "{size: [224, 224], layout: nchw, resize: {policy: crop}}"},
    {"input ?x576, state 2x?x128, sr scalar", "output ?x1, stateN 2x?x128", "silero-vad", "{}"},
    {"x ?x3x48x?", "y ?x?x6625", "ctc", "{layout: nchw}"},
    {"x ?x3x?x?", "y ?x1x?x?", "dbnet",
     "{layout: nchw, colour: bgr, scale: 1/255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, "
     "0.225], resize: {policy: stretch, multiple: 32}}"},
    {"x ?x3x256x256", "y ?x1x256x256", "matting",
     "{size: [256, 256], layout: nchw, colour: rgb, scale: 1/255, resize: {policy: stretch}}"},
    {"x 1x3x360x640", "da 1x2x360x640, ll 1x2x360x640", "twinlitenet",
     "{size: [640, 360], layout: nchw, colour: rgb, scale: 1/255, resize: {policy: stretch}}"},
    // What could be anything stays open.
    {"x 1x1x28x28", "y 1x10", "", "{size: [28, 28], layout: nchw, colour: grey}"},
    {"x 1x3x240x320", "scores 1x4421x2, boxes 1x4421x4", "", "{size: [320, 240], layout: nchw}"},
    {"x 1x128x128x3", "a 1x900x1, b 1x900x16", "", "{size: [128, 128], layout: nhwc}"},
    {"x 1x3x352x352", "y 1x19x22x22", "", "{size: [352, 352], layout: nchw}"},
    {"x 1x3x64x64", "a 1x64x9, b 1x16x9, c 1x4x9, d 1x64x30, e 1x16x30, f 1x4x30", "",
     "{size: [64, 64], layout: nchw}"},
    {"x 1x3x640x640", "y 1x8400x5", "", "{size: [640, 640], layout: nchw}"},
    {"x 1x3x3x3", "y 1x10", "", "{}"},
    {"tokens 1x?", "logits 1x?x32000", "", "{}"},
    {"", "", "", "{}"},
};

TEST(Guess, NamesAFamilyOnlyIfShapesAndNamesFit) {
  for (const Row& row : kRows) {
    const ModelGuess guess = guess_model({tensors(row.inputs), tensors(row.outputs)});
    EXPECT_EQ(guess.family, row.family) << row.inputs << " -> " << row.outputs;
    EXPECT_EQ(guess.family.empty(), guess.why.empty());
    EXPECT_EQ(config::to_flow_yaml(config::write(guess.input)), row.input) << row.inputs;
  }
}

TEST(Guess, SuggestsARangeForADynamicInput) {
  const ModelGuess batch = guess_model({tensors("x ?x3x416x416"), tensors("y ?x3549x85")});
  ASSERT_EQ(batch.notes.size(), 1U);
  EXPECT_EQ(batch.notes[0],
            "The input 'x' is dynamic (?x3x416x416): give it a range under shapes, such as {x: "
            "{min: 1x3x416x416, opt: 1x3x416x416, max: 4x3x416x416}}");
  const ModelGuess tokens = guess_model({tensors("x 1x?"), {}});
  EXPECT_EQ(tokens.notes.back(), "The input 'x' is dynamic (1x?): give it a range under shapes.");
}

TEST(InitTemplate, ReadsBackAsTheSpecThatWasGuessed) {
  for (const Row& row : kRows) {
    const ModelIo io{tensors(row.inputs), tensors(row.outputs)};
    const std::string text = init_template(io, "m.onnx");
    const auto root = config::parse_yaml(text, "conf/m.yaml");
    ASSERT_TRUE(root) << root.error().to_string() << "\n" << text;
    const auto spec = read_model_spec(*root);
    ASSERT_TRUE(spec) << spec.error().to_string() << "\n" << text;
    EXPECT_EQ(spec->file.path, "conf/m.onnx");
    EXPECT_EQ(spec->family, row.family);
    EXPECT_EQ(config::to_flow_yaml(config::write(spec->input)), row.input) << text;
  }
}

TEST(InitTemplate, ANameInTheModelCannotLeaveItsComment) {
  const ModelIo io{{{"x\nuse: evil", {1, 3}, "float32"}}, {}};
  const auto root = config::parse_yaml(init_template(io, "a: b\nc.onnx"), "m.yaml");
  ASSERT_TRUE(root) << root.error().to_string();
  EXPECT_EQ(root->entries().size(), 1U);
  EXPECT_EQ(root->find("file")->as_string(), "a: b\nc.onnx");
}

TEST(InitTemplate, InheritsFromTheDefaultsOfItsFolder) {
  config::LoadOptions options;
  options.read_file = [](const std::string& path) -> Result<std::string> {
    if (path == "defaults.yaml") return defaults_template() + "\nthreads: 3\n";
    return init_template({tensors("x 1x3x8x8"), tensors("y 1x2")}, "m.onnx",
                         {.include = "defaults.yaml"});
  };
  const auto spec = read_model_spec_file("m.yaml", options);
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->threads, 3);
}

TEST(InitTemplate, FitsTheRealModels) {
  const std::filesystem::path folder = WEIR_SOURCE_DIR "/../shared/assets/models";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no models at " << folder;
  const std::map<std::string, std::string> kFamilies = {{"yolox", "yolox"},
                                                        {"light_person", "yolox"},
                                                        {"mobilenet_v", "classify"},
                                                        {"deim", "detr"},
                                                        {"nanodet", "nanodet"},
                                                        {"picodet", "picodet"},
                                                        {"fastestdet", "fastestdet"},
                                                        {"yunet", "yunet"},
                                                        {"ultraface", "ultraface"},
                                                        {"blazeface", "blazeface"},
                                                        {"movenet", "movenet"},
                                                        {"person-reid", "reid"},
                                                        {"ch_PP-OCRv4_det", "dbnet"},
                                                        {"ch_PP-OCRv4_rec", "ctc"},
                                                        {"selfie", "matting"},
                                                        {"twinlitenet", "twinlitenet"},
                                                        {"mobilefacenet", "embedding"}};
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".onnx") continue;
    const auto summary = graph::inspect_file(entry.path().string());
    if (!summary) continue;
    const ModelGuess guess = guess_model(io_of(*summary));
    const std::string name = entry.path().filename().string();
    for (const auto& [start, family] : kFamilies) {
      if (name.starts_with(start)) {
        EXPECT_EQ(guess.family, family) << name;
      } else if (start == family) {
        EXPECT_TRUE(guess.family != family || name.starts_with("light_person")) << name;
      }
    }
    const auto root = config::parse_yaml(init_template(io_of(*summary), name), "m.yaml");
    ASSERT_TRUE(root) << root.error().to_string();
    EXPECT_TRUE(read_model_spec(*root)) << name;
    RecordProperty(name, guess.family);
    ++seen;
  }
  EXPECT_GT(seen, 5);
}

}  // namespace
}  // namespace weir

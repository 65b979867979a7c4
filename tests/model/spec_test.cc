#include "weir/model/spec.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "weir/config/fields.h"
#include "weir/config/schema.h"
#include "weir/config/template.h"
#include "weir/config/yaml.h"

namespace weir {
namespace {

Result<ModelSpec> read_text(const std::string& text) {
  WEIR_ASSIGN(const config::Node root, config::parse_yaml(text, "m.yaml"));
  return read_model_spec(root);
}

constexpr const char* kFull =
    "file: models/yolox.onnx\n"
    "family: yolox\n"
    "backend: onnxruntime\n"
    "device: 1\n"
    "precision: fp16\n"
    "input:\n"
    "  size: [640, 480]\n"
    "  layout: nchw\n"
    "  colour: bgr\n"
    "  scale: 1/255\n"
    "  mean: [0.485, 0.456, 0.406]\n"
    "  std: 0.225\n"
    "  resize: {policy: letterbox, pad: 114, anchor: top_left, filter: bilinear, multiple: 32}\n"
    "thresholds: {score: 0.25, nms: 0.45, candidates: 1000, max_findings: 100}\n"
    "labels: [Person, Car]\n"
    "instances: 2\n"
    "shapes: {images: {min: [1, 3, 320, 320], opt: 1x3x640x640, max: 4x3x640x640}}\n"
    "batch: {max: 4, preferred: [2, 4], max_age_ms: 5}\n"
    "threads: 2\n"
    "cache: cache\n"
    "deterministic: true\n"
    "options: {onnxruntime: {provider: cuda, arena: false, device_id: 1}}\n"
    "family_options: {strides: '8,16,32'}\n"
    "warm_up: 3\n";

TEST(ModelSpec, ReadsEveryField) {
  const auto spec = read_text(kFull);
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->file.path, "models/yolox.onnx");
  EXPECT_EQ(to_string(spec->device), "cuda:1");
  EXPECT_EQ(spec->precision, Precision::kFloat16);
  EXPECT_EQ(spec->input.size, (InputSize{640, 480}));
  EXPECT_EQ(spec->input.layout, InputSpec::Layout::kNchw);
  EXPECT_EQ(spec->input.colour, InputSpec::Colour::kBgr);
  EXPECT_DOUBLE_EQ(spec->input.scale->value, 1.0 / 255);
  EXPECT_EQ(spec->input.mean.size(), 3U);
  EXPECT_EQ(spec->input.std, std::vector<double>{0.225});
  EXPECT_EQ(spec->input.resize.policy, ResizeSpec::Policy::kLetterbox);
  EXPECT_EQ(spec->input.resize.pad.level, std::vector<double>{114});
  EXPECT_EQ(spec->input.resize.anchor, ResizeSpec::Anchor::kTopLeft);
  EXPECT_EQ(spec->input.resize.filter, ResizeSpec::Filter::kBilinear);
  EXPECT_EQ(spec->input.resize.multiple, 32);
  EXPECT_EQ(spec->thresholds.nms, 0.45);
  EXPECT_EQ(spec->thresholds.candidates, 1000);
  EXPECT_EQ(spec->labels.names.size(), 2U);
  EXPECT_EQ(spec->instances, 2);
  EXPECT_EQ(to_string(spec->shapes.at("images").min), "1x3x320x320");
  EXPECT_EQ(spec->batch.preferred.back(), 4);
  EXPECT_EQ(spec->options.at("onnxruntime").values.at("arena"), "false");
  EXPECT_EQ(spec->options.at("onnxruntime").values.at("device_id"), "1");
  EXPECT_EQ(spec->family_options.values.at("strides"), "8,16,32");
  EXPECT_EQ(spec->warm_up, 3);
}

TEST(ModelSpec, IsWrittenAndReadBackTheSame) {
  const auto first = read_text(kFull);
  ASSERT_TRUE(first);
  const config::Node written = config::write(*first);
  const auto second = read_model_spec(written);
  ASSERT_TRUE(second) << second.error().to_string();
  EXPECT_TRUE(config::same_value(written, config::write(*second)));
  EXPECT_EQ(second->input.scale, first->input.scale);
  EXPECT_EQ(second->shapes, first->shapes);
  EXPECT_EQ(config::to_flow_yaml(*written.find("input")->find("scale")), "1/255");
}

TEST(ModelSpec, HasShortForms) {
  EXPECT_EQ(read_text("yunet\n")->use, "yunet");
  EXPECT_EQ(read_text("{use: a, input: {size: 416}}")->input.size, (InputSize{416, 416}));
  EXPECT_TRUE(read_text("{use: a, input: {size: auto}}")->input.size.is_auto());
  EXPECT_EQ(read_text("{use: a, input: {resize: crop}}")->input.resize.policy,
            ResizeSpec::Policy::kCrop);
  EXPECT_EQ(read_text("{use: a, batch: 8}")->batch.max, 8);
  EXPECT_EQ(read_text("{use: a, labels: coco}")->labels.set, "coco");
  EXPECT_EQ(read_text("{use: a, labels: l.txt}")->labels.file, "l.txt");
  EXPECT_EQ(to_string(read_text("{use: a, shapes: {x: 1x80}}")->shapes.at("x").min), "1x80");
  EXPECT_EQ(read_text("{components: {a: a.onnx}}")->components.at(0).second.file.path, "a.onnx");
}

struct Wrong {
  const char* text;
  const char* error;
};

const Wrong kWrong[] = {
    // What to run.
    {"family: yolox\n",
     "m.yaml:1:1: this model does not say what to run; write 'use: <a name of the catalogue>', "
     "'file: model.onnx' or 'components: {part: file}'"},
    {"use: a\nfile: b.onnx\n",
     "m.yaml:2:1: 'file' and 'use' cannot both be given; write exactly one of use, file and "
     "components"},
    {"components: {a: b}\nfile: b.onnx\n",
     "m.yaml:1:1: 'components' and 'file' cannot both be given; write exactly one of use, file "
     "and components"},
    {"use: ''\n",
     "m.yaml:1:6: this model does not say what to run; write 'use: <a name of the catalogue>', "
     "'file: model.onnx' or 'components: {part: file}'"},
    {"components: {}\n",
     "m.yaml:1:13: 'components' must be a map of at least 1 names to maps, found an empty map"},
    {"components: {a: {backend: openvino}}\n",
     "m.yaml:1:17: 'components.a.file' is missing; write for example 'file: encoder.onnx'"},
    {"components: {a: {file: x, devise: cpu}}\n",
     "m.yaml:1:27: unknown key 'devise' in 'components.a'; did you mean 'device'?"},
    {"components: {a: x}\nshapes: {x: 1x3}\n",
     "m.yaml:2:9: 'shapes' cannot tell whose inputs it means; write it into the component"},
    {"file: 3\n",
     "m.yaml:1:7: 'file' must be a path, found the number 3; write \"3\" in quotes if it is text"},
    // Unknown keys, at every level.
    {"use: a\ntreshold: 1\n", "m.yaml:2:1: unknown key 'treshold'; did you mean 'thresholds'?"},
    {"use: a\ninput: {colr: rgb}\n",
     "m.yaml:2:9: unknown key 'colr' in 'input'; did you mean 'colour'?"},
    {"use: a\ninput: {color: rgb}\n",
     "m.yaml:2:9: unknown key 'color' in 'input'; did you mean 'colour'?"},
    {"use: a\ninput: {resize: {ankor: centre}}\n",
     "m.yaml:2:18: unknown key 'ankor' in 'input.resize'; did you mean 'anchor'?"},
    {"use: a\nthresholds: {scor: 1}\n",
     "m.yaml:2:14: unknown key 'scor' in 'thresholds'; did you mean 'score'?"},
    {"use: a\nbatch: {maximum: 1}\n",
     "m.yaml:2:9: unknown key 'maximum' in 'batch'; known are 'max', 'preferred' and "
     "'max_age_ms'"},
    {"use: a\nshapes: {x: {mn: 1x3}}\n",
     "m.yaml:2:14: unknown key 'mn' in 'shapes.x'; did you mean 'min'?"},
    // Values.
    {"use: a\ndevice: gpux\n", "m.yaml:2:9: 'device': "},
    {"use: a\ndevice: [cpu]\n",
     "m.yaml:2:9: 'device' must be a device such as cpu or cuda:0, found a list of 1"},
    {"use: a\nprecision: fp61\n", "m.yaml:2:12: 'precision' must be one of 'default', "},
    {"use: a\nthresholds: {score: 40}\n",
     "m.yaml:2:21: 'thresholds.score' must be a number from 0 to 1, found the number 40"},
    {"use: a\nthresholds: {max_findings: 0}\n",
     "m.yaml:2:28: 'thresholds.max_findings' must be a whole number from 1 to 1000000, found the "
     "number 0"},
    {"use: a\ninstances: 0\n",
     "m.yaml:2:12: 'instances' must be a whole number from 1 to 256, found the number 0"},
    {"use: a\nlabels: 80\n",
     "m.yaml:2:9: 'labels' must be a list of texts or a file such as labels.txt, or the name of a "
     "set, found the number 80"},
    {"use: a\nlabels: [Person, no, 3]\n",
     "m.yaml:2:22: 'labels[2]' must be text, found the number 3; write \"3\" in quotes if it is "
     "text"},
    {"use: a\noptions: {openvino: {a: [1]}}\n",
     "m.yaml:2:25: 'options.openvino.a' must be text or a number or true or false, found a list "
     "of 1"},
    {"use: a\noptions: {streams: 2}\n",
     "m.yaml:2:20: 'options.streams' must be a map of names to text or a number or true or false, "
     "found the number 2"},
    // Input.
    {"use: a\ninput: {size: 0}\n",
     "m.yaml:2:15: 'input.size' must be a whole number from 1 to 65536, found the number 0"},
    {"use: a\ninput: {size: [640]}\n",
     "m.yaml:2:15: 'input.size' must be a list of 2 whole numbers from 1 to 65536, found a list "
     "of 1"},
    {"use: a\ninput: {size: 640x480}\n",
     "m.yaml:2:15: 'input.size' must be 'auto' or a whole number from 1 to 65536 or a list of 2 "
     "whole numbers from 1 to 65536, found the text '640x480'"},
    {"use: a\ninput: {scale: 1/0}\n",
     "m.yaml:2:16: 'input.scale' must be a number above 0 or a fraction such as 1/255, found the "
     "text '1/0'"},
    {"use: a\ninput: {scale: 0}\n",
     "m.yaml:2:16: 'input.scale' must be a number above 0, found the number 0"},
    {"use: a\ninput: {colour: rbg}\n",
     "m.yaml:2:17: 'input.colour' must be one of 'auto', 'rgb', 'bgr', 'grey', 'gray', found the "
     "text 'rbg'; did you mean 'rgb'?"},
    {"use: a\ninput: {mean: [1, 2, 3], std: [1, 2]}\n",
     "m.yaml:2:31: 'input.std' has 2 values; write one for all channels, or one for each of three"},
    {"use: a\ninput: {mean: [1, 2]}\n",
     "m.yaml:2:15: 'input.mean' has 2 values; write one for all channels, or one for each of "
     "three"},
    {"use: a\ninput: {mean: []}\n",
     "m.yaml:2:15: 'input.mean' must be a number or a list of 1 to 64 numbers, found an empty "
     "list"},
    {"use: a\ninput: {std: [1, 0, 1]}\n",
     "m.yaml:2:18: 'input.std[1]' must be a number above 0, found the number 0"},
    {"use: a\ninput: {colour: grey, mean: [1, 2, 3]}\n",
     "m.yaml:2:29: 'input.mean' has 3 values, but a grey input has one channel"},
    {"use: a\ninput: {resize: {policy: stretch, pad: 114}}\n",
     "m.yaml:2:40: 'input.resize.pad' has no use: this policy pads nothing; leave it out, or "
     "write 'policy: letterbox'"},
    {"use: a\ninput: {resize: leterbox}\n",
     "m.yaml:2:17: 'input.resize' must be one of 'auto', 'stretch', 'letterbox', 'crop', 'pad' or "
     "a map, found the text 'leterbox'; did you mean 'letterbox'?"},
    {"use: a\ninput: {resize: {policy: letterbox, pyramid: 1/2}}\n",
     "m.yaml:2:46: 'input.resize.pyramid' is a policy of its own; leave 'policy' out"},
    {"use: a\ninput: {resize: {pyramid: 1/4}}\n",
     "m.yaml:2:27: 'input.resize.pyramid' must be 1/2"},
    {"use: a\ninput: {resize: {pyramid: 1/2, min_max_pairs: [540, 1140]}}\n",
     "m.yaml:2:27: 'input.resize.pyramid' and 'input.resize.min_max_pairs' cannot both be given"},
    {"use: a\ninput: {resize: {policy: letterbox, pad: {right: 3}}}\n",
     "m.yaml:2:42: 'input.resize.pad' has edges, and this policy has none; write 'pyramid: 1/2', "
     "'min_max_pairs: [540, 1140]' or 'policy: pad'"},
    {"use: a\ninput: {resize: {short_side: 256}}\n",
     "m.yaml:2:30: 'input.resize.short_side' has no use; leave it out, or write 'policy: crop'"},
    {"use: a\ninput: {resize: {pad: 300}}\n",
     "m.yaml:2:23: 'input.resize.pad' must be a number from 0 to 255, found the number 300"},
    // Shapes and batches.
    {"use: a\nshapes: {x: {min: 1x3, opt: 4x3, max: 2x3}}\n",
     "m.yaml:2:13: 'shapes.x': size 0 must go min <= opt <= max; min is 1x3, opt 4x3, max 2x3"},
    {"use: a\nshapes: {x: {min: 1x3, max: 2x3x4}}\n",
     "m.yaml:2:13: 'shapes.x': min, opt and max must have the same number of sizes; min is 1x3, "
     "opt 2x3x4, max 2x3x4"},
    {"use: a\nshapes: {x: {max: '1x?'}}\n",
     "m.yaml:2:13: 'shapes.x': max must be known in every size; min is 1x?, opt 1x?, max 1x?"},
    {"use: a\nshapes: {x: {min: 1x3}}\n",
     "m.yaml:2:13: 'shapes.x.max' is missing; memory is taken for it once; write for example "
     "'max: 8x3x640x640'"},
    {"use: a\nshapes: {x: {fixed: 1x3, max: 1x3}}\n",
     "m.yaml:2:13: 'shapes.x' has 'fixed' and a range; leave one of them out"},
    {"use: a\nshapes: {x: 1by3}\n", "m.yaml:2:13: 'shapes.x': '1by3' is not a shape"},
    {"use: a\nshapes: {x: [1, two]}\n",
     "m.yaml:2:17: 'shapes.x[1]' must be a whole number of at least -1, found the text 'two'"},
    {"use: a\nshapes: {x: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n",
     "m.yaml:2:13: 'shapes.x' has more than 8 sizes"},
    {"use: a\nbatch: 0\n",
     "m.yaml:2:8: 'batch' must be a whole number from 1 to 4096, found the number 0"},
    {"use: a\nbatch: {max: 4, preferred: [8]}\n",
     "m.yaml:2:28: 'batch.preferred' holds 8, above the max of 4"},
    {"use: a\nbatch: {max: 4, preferred: [4, 2]}\n", "m.yaml:2:28: 'batch.preferred' must rise"},
};

class WrongModelSpec : public testing::TestWithParam<Wrong> {};

TEST_P(WrongModelSpec, IsRefusedWithPlaceAndHint) {
  const auto spec = read_text(GetParam().text);
  ASSERT_FALSE(spec) << GetParam().text;
  const std::string error = spec.error().to_string();
  const std::string wanted = GetParam().error;
  // What ends in ": " or ", " goes on with the words of another room.
  const bool prefix = wanted.ends_with(' ') || wanted.ends_with("shape");
  EXPECT_EQ(prefix ? error.substr(0, wanted.size()) : error, wanted) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Table, WrongModelSpec, testing::ValuesIn(kWrong));

TEST(ModelSpec, IsLaidOverWhatTheCatalogueSays) {
  const auto entry = config::parse_yaml(
      "{file: /cache/yunet.onnx, family: yunet, input: {size: 640, colour: bgr}, thresholds: "
      "{score: 0.9}}",
      "catalogue.yaml");
  const auto own = config::parse_yaml("{input: {size: 320}, thresholds: {nms: 0.3}}", "m.yaml");
  const auto spec = read_model_spec(*own, "models.face", *entry);
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->file.path, "/cache/yunet.onnx");
  EXPECT_EQ(spec->input.size.width, 320);
  EXPECT_EQ(spec->input.colour, InputSpec::Colour::kBgr);
  EXPECT_EQ(spec->thresholds.score, 0.9);
  EXPECT_EQ(spec->thresholds.nms, 0.3);
  const auto other = config::parse_yaml("{file: mine.onnx}", "m.yaml");
  EXPECT_EQ(read_model_spec(*other, "", *entry)->file.path, "mine.onnx");
  EXPECT_EQ(read_model_spec(config::Node::string("sface"), "", *entry)->use, "sface");
}

TEST(ModelSpec, InheritsFromOneFileOfDefaults) {
  const std::filesystem::path folder = std::filesystem::path(WEIR_BINARY_DIR) / "model_spec_test";
  std::filesystem::create_directories(folder / "models");
  std::ofstream(folder / "defaults.yaml") << "backend: openvino\ncache: cache\nthreads: 2\n";
  std::ofstream(folder / "models" / "a.yaml")
      << "include: ../defaults.yaml\nfile: a.onnx\nthreads: 1\n";
  const auto spec = read_model_spec_file((folder / "models" / "a.yaml").string());
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->backend, "openvino");
  EXPECT_EQ(spec->threads, 1);
  EXPECT_EQ(spec->file.path, (folder / "models" / "a.onnx").string());
  EXPECT_EQ(spec->cache.path, (folder / "cache").string()) << "relative to the defaults";
  std::filesystem::remove_all(folder);
}

TEST(ModelSpec, ItsTemplateAndSchemaHoldEveryField) {
  const config::TableDoc& table = config::table_of<ModelSpec>();
  const std::string text = config::yaml_template(
      table, *config::parse_yaml("{file: a.onnx, input: {size: [640, 640]}}", "x"));
  const auto back = read_text(text);
  ASSERT_TRUE(back) << back.error().to_string() << text;
  EXPECT_EQ(back->input.size.width, 640);
  const config::Node schema = config::json_schema(table);
  for (const config::FieldDoc& field : table.fields) {
    EXPECT_NE(text.find(field.name + ":"), std::string::npos) << field.name;
    EXPECT_NE(schema.find("properties")->find(field.name), nullptr) << field.name;
    EXPECT_FALSE(field.help.empty()) << field.name;
  }
}

TEST(ModelSpec, ReadsTheEdgesOfADrivingNet) {
  const auto spec =
      read_text("{use: a, input: {resize: {pyramid: 1/2, crop: {top: 22}, pad: {right: 48}}}}");
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->input.resize.pyramid->value, 0.5);
  EXPECT_EQ(spec->input.resize.crop, (EdgeSpec{.top = 22}));
  EXPECT_EQ(spec->input.resize.pad, PadSpec({}, {.right = 48}));
  const auto again = read_text(
      "{use: a, input: {resize: {pad: {level: [1, 2, 3], left: 4}, "
      "min_max_pairs: [540, 1140]}}}");
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(again->input.resize.pad, PadSpec({1, 2, 3}, {.left = 4}));
  EXPECT_EQ(again->input.resize.min_max_pairs, (std::vector<int32_t>{540, 1140}));
}

// The page's tables are made from the field tables: after a change of those, run this test with
// WEIR_UPDATE_DOCS=1 set.
TEST(ModelSpec, TheDocsPageIsWhatTheTablesSay) {
  const std::string path = WEIR_SOURCE_DIR "/docs/model-spec.md";
  const std::string marker = "<!-- made from the field tables; see tests/model/spec_test.cc -->\n";
  const auto page = config::read_text_file(path);
  ASSERT_TRUE(page) << page.error().to_string();
  const std::size_t at = page->find(marker);
  ASSERT_NE(at, std::string::npos);
  const std::string made =
      page->substr(0, at) + marker + "\n" + config::markdown_tables(config::table_of<ModelSpec>());
  if (std::getenv("WEIR_UPDATE_DOCS") != nullptr) std::ofstream(path) << made;
  EXPECT_EQ(*page, made);
}

}  // namespace
}  // namespace weir

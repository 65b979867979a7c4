#include "weir/config/fields.h"

#include <gtest/gtest.h>

#include "tests/config/sample_spec.h"
#include "weir/config/yaml.h"

namespace weir::config {
namespace {

using sample::Step;

Result<Step> read_step(const std::string& text) {
  WEIR_ASSIGN(const Node root, parse_yaml(text, "s.yaml"));
  return read<Step>(root);
}

TEST(Fields, FillEveryKindOfMember) {
  const auto step = read_step(
      "model: face\n"
      "score: 1\n"
      "gain: 0.25\n"
      "every: 5\n"
      "level: 255\n"
      "seed: -9007199254740993\n"
      "per_track: true\n"
      "colour: rgb\n"
      "precision: fp16\n"
      "size: [640, 480]\n"
      "names: [a, b]\n"
      "mean: [1, 2.5, -3]\n"
      "nms: 0.45\n"
      "on: objects\n"
      "keep: {labels: Person, min_size: 40}\n"
      "sources:\n"
      "  yard: {rtsp: 'rtsp://x', live: false}\n"
      "  gate: {video: gate.mp4}\n"
      "threads: {cpu: 2}\n"
      "tree: {name: root, children: [{name: leaf}]}\n"
      "extra: {anything: [1]}\n"
      "x-mine: {what: ever}\n");
  ASSERT_TRUE(step) << step.error().to_string();
  EXPECT_EQ(step->model, "face");
  EXPECT_EQ(step->score, 1.0);
  EXPECT_EQ(step->gain, 0.25F);
  EXPECT_EQ(step->level, 255);
  EXPECT_EQ(step->seed, -9007199254740993);
  EXPECT_TRUE(step->per_track);
  EXPECT_EQ(step->colour, sample::Colour::kRgb);
  EXPECT_EQ(step->precision, "fp16");
  EXPECT_EQ((std::get<std::array<int, 2>>(step->size)), (std::array<int, 2>{640, 480}));
  EXPECT_EQ(std::get<std::vector<std::string>>(step->names).size(), 2U);
  EXPECT_EQ(step->mean, (std::vector<double>{1, 2.5, -3}));
  EXPECT_EQ(step->nms, 0.45);
  EXPECT_EQ(step->on, std::vector<std::string>{"objects"});
  EXPECT_EQ(step->keep.labels, std::vector<std::string>{"Person"});
  EXPECT_EQ(step->keep.min_side, 40);
  ASSERT_EQ(step->sources.size(), 2U);
  EXPECT_EQ(step->sources[0].first, "yard");
  EXPECT_FALSE(std::get<sample::RtspSource>(step->sources[0].second).live);
  EXPECT_EQ(std::get<sample::VideoSource>(step->sources[1].second).video, "gate.mp4");
  EXPECT_EQ(step->threads.at("cpu"), 2);
  EXPECT_EQ(step->tree.children.at(0).name, "leaf");
  EXPECT_TRUE(step->extra.find("anything")->is_list());
}

TEST(Fields, WhatIsAbsentOrNullKeepsItsDefault) {
  const auto step = read_step("{model: m, score: null, nms: ~, keep: , size: auto}");
  ASSERT_TRUE(step) << step.error().to_string();
  EXPECT_EQ(step->score, 0.5);
  EXPECT_FALSE(step->nms);
  EXPECT_TRUE(step->keep.labels.empty());
}

TEST(Fields, AShorthandStandsForTheMap) {
  const auto step = read_step("{model: m, keep: [Person, Car]}");
  ASSERT_TRUE(step) << step.error().to_string();
  EXPECT_EQ(step->keep.labels.size(), 2U);
}

TEST(Fields, TextFromOutsideFitsAFieldThatWantsText) {
  const Node model = Node::plain("8080", Place::of("environment: X"), true);
  const auto step = read<Step>(Node::map({{"model", model, {}}}));
  ASSERT_TRUE(step) << step.error().to_string();
  EXPECT_EQ(step->model, "8080");
}

struct Wrong {
  const char* text;
  const char* error;
};

// Text -> the whole error: where, what, hint.
const Wrong kWrong[] = {
    // Keys.
    {"model: m\nscor: 1\n", "s.yaml:2:1: unknown key 'scor'; did you mean 'score'?"},
    {"model: m\nMODEL: x\n", "s.yaml:2:1: unknown key 'MODEL'; did you mean 'model'?"},
    {"model: m\npertrack: true\n", "s.yaml:2:1: unknown key 'pertrack'; did you mean 'per_track'?"},
    {"model: m\nkeep: {minside: 3}\n",
     "s.yaml:2:8: unknown key 'minside' in 'keep'; did you mean 'min_side'?"},
    {"model: m\nkeep:\n  qqqqqq: 3\n",
     "s.yaml:3:3: unknown key 'qqqqqq' in 'keep'; known are 'labels' and 'min_side'"},
    {"model: m\nscore: 0.1\nmin_score: 0.2\n",
     "s.yaml:3:1: 'min_score' is another name of 'score'; the first is at s.yaml:2:1: leave one "
     "out"},
    {"score: 0.5\n", "s.yaml:1:1: 'model' is missing; write for example 'model: face'"},
    {"score: 0.5\nmodel:\n", "s.yaml:2:1: 'model' is missing; write for example 'model: face'"},
    {"model: m\nsources:\n  a: {video: x, lop: true}\n",
     "s.yaml:3:17: unknown key 'lop' in 'sources.a'; did you mean 'loop'?"},
    {"model: m\nsources:\n  a: {vidio: x}\n",
     "s.yaml:3:7: unknown key 'vidio' in 'sources.a'; did you mean 'video'?"},
    {"model: m\nsources:\n  a: {file: x}\n",
     "s.yaml:3:6: 'sources.a' needs one of 'video', 'rtsp'"},
    {"model: m\nsources:\n  - {file: x}\n",
     "s.yaml:3:3: 'sources' must be a map of names to a map, found a list of 1"},
    {"model: m\nsources: {a: 3}\n", "s.yaml:2:14: 'sources.a' must be a map, found the number 3"},
    {"model: m\ntree: {children: [{nam: x}]}\n",
     "s.yaml:2:20: unknown key 'nam' in 'tree.children[0]'; did you mean 'name'?"},
    // Types.
    {"- a\n", "s.yaml:1:1: this must be a map, found a list of 1"},
    {"text\n", "s.yaml:1:1: this must be a map, found the text 'text'"},
    {"model: 3\n",
     "s.yaml:1:8: 'model' must be text, found the number 3; write \"3\" in quotes if it is text"},
    {"model: true\n",
     "s.yaml:1:8: 'model' must be text, found 'true'; write \"true\" in quotes if it is text"},
    {"model: [m]\n", "s.yaml:1:8: 'model' must be text, found a list of 1"},
    {"model: {m}\n",
     "s.yaml:1:8: 'model' must be text, found a map; write '{m}' in quotes if it is text"},
    {"model: {m: 1}\n", "s.yaml:1:8: 'model' must be text, found a map"},
    {"model: m\nscore: high\n",
     "s.yaml:2:8: 'score' must be a number from 0 to 1, found the text 'high'"},
    {"model: m\nscore: '0.5'\n",
     "s.yaml:2:8: 'score' must be a number from 0 to 1, found the text '0.5'"},
    {"model: m\nscore: {a: 1}\n", "s.yaml:2:8: 'score' must be a number from 0 to 1, found a map"},
    {"model: m\nevery: 1.5\n",
     "s.yaml:2:8: 'every' must be a whole number of at least 1, found the number 1.5"},
    {"model: m\nper_track: yes\n",
     "s.yaml:2:12: 'per_track' must be true or false, found the text 'yes'; write true or false: "
     "'yes' and 'no' are text"},
    {"model: m\nper_track: 1\n",
     "s.yaml:2:12: 'per_track' must be true or false, found the number 1"},
    {"model: m\nmean: 3\n",
     "s.yaml:2:7: 'mean' must be a list of 1 to 3 numbers from -255 to 255, found the number 3"},
    {"model: m\nmean: [1, a]\n",
     "s.yaml:2:11: 'mean[1]' must be a number from -255 to 255, found the text 'a'"},
    {"model: m\nmean: [1, null]\n",
     "s.yaml:2:11: 'mean[1]' must be a number from -255 to 255, found nothing"},
    {"model: m\non: {a: 1}\n", "s.yaml:2:5: 'on' must be text, found a map"},
    {"model: m\nkeep: 3\n",
     "s.yaml:2:7: 'keep' must be text or a list of texts or a map, found the number 3"},
    {"model: m\nthreads: [2]\n",
     "s.yaml:2:10: 'threads' must be a map of names to whole numbers of at least 1, found a list "
     "of 1"},
    {"model: m\nnames: {a: 1}\n",
     "s.yaml:2:8: 'names' must be text or a list of texts, found a map"},
    {"model: m\nnames: [1]\n",
     "s.yaml:2:9: 'names[0]' must be text, found the number 1; write \"1\" in quotes if it is "
     "text"},
    // Ranges and counts.
    {"model: m\nscore: 1.5\n",
     "s.yaml:2:8: 'score' must be a number from 0 to 1, found the number 1.5"},
    {"model: m\nmin_score: -1\n",
     "s.yaml:2:12: 'min_score' must be a number from 0 to 1, found the number -1"},
    {"model: m\nscore: .nan\n",
     "s.yaml:2:8: 'score' must be a number from 0 to 1, found the number .nan"},
    {"model: m\nscore: .inf\n",
     "s.yaml:2:8: 'score' must be a number from 0 to 1, found the number .inf"},
    {"model: m\ngain: 0\n",
     "s.yaml:2:7: 'gain' must be a number above 0, at most 8, found the number 0"},
    {"model: m\nevery: 0\n",
     "s.yaml:2:8: 'every' must be a whole number of at least 1, found the number 0"},
    {"model: m\nevery: 3000000000\n",
     "s.yaml:2:8: 'every' must be a whole number from 1 to 2147483647, found the number "
     "3000000000"},
    {"model: m\nlevel: 256\n",
     "s.yaml:2:8: 'level' must be a whole number from 0 to 255, found the number 256"},
    {"model: m\nlevel: -1\n",
     "s.yaml:2:8: 'level' must be a whole number from 0 to 255, found the number -1"},
    {"model: m\nseed: 99999999999999999999\n",
     "s.yaml:2:7: 'seed' must be a whole number, found the number 99999999999999999999"},
    {"model: m\nmean: [1, 2, 3, 4]\n",
     "s.yaml:2:7: 'mean' must be a list of 1 to 3 numbers from -255 to 255, found a list of 4"},
    {"model: m\nmean: []\n",
     "s.yaml:2:7: 'mean' must be a list of 1 to 3 numbers from -255 to 255, found an empty list"},
    {"model: m\nmean: [1, 256]\n",
     "s.yaml:2:11: 'mean[1]' must be a number from -255 to 255, found the number 256"},
    {"model: m\nsize: [640]\n",
     "s.yaml:2:7: 'size' must be a list of 2 whole numbers of at least 1, found a list of 1"},
    {"model: m\nsize: [640, 0]\n",
     "s.yaml:2:13: 'size[1]' must be a whole number of at least 1, found the number 0"},
    {"model: m\nsize: 640\n",
     "s.yaml:2:7: 'size' must be 'auto' or a list of 2 whole numbers of at least 1, found "
     "the number 640"},
    {"model: m\nthreads: {cpu: 0}\n",
     "s.yaml:2:16: 'threads.cpu' must be a whole number of at least 1, found the number 0"},
    // Names.
    {"model: m\ncolour: bgrr\n",
     "s.yaml:2:9: 'colour' must be one of 'rgb', 'bgr', 'RGB', found the text 'bgrr'; did you "
     "mean 'bgr'?"},
    {"model: m\ncolour: 3\n",
     "s.yaml:2:9: 'colour' must be one of 'rgb', 'bgr', 'RGB', found the number 3"},
    {"model: m\nprecision: fp61\n",
     "s.yaml:2:12: 'precision' must be one of 'fp32', 'fp16', 'int8', found the text 'fp61'; did "
     "you mean 'fp16'?"},
    {"model: m\nprecision: 16\n",
     "s.yaml:2:12: 'precision' must be one of 'fp32', 'fp16', 'int8', found the number 16"},
    // What no single field can say.
    {"model: m\nper_track: true\n", "s.yaml:2:12: per_track needs 'on'"},
};

class WrongConfig : public testing::TestWithParam<Wrong> {};

TEST_P(WrongConfig, IsRefusedWithPlaceAndHint) {
  const auto step = read_step(GetParam().text);
  ASSERT_FALSE(step) << GetParam().text;
  EXPECT_EQ(step.error().to_string(), GetParam().error) << GetParam().text;
  EXPECT_EQ(step.error().code, ErrorCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Table, WrongConfig, testing::ValuesIn(kWrong));

TEST(Fields, WritesOnlyWhatDiffersFromTheDefaults) {
  Step step;
  step.model = "m";
  step.gain = 0.2F;
  step.size = std::array<int, 2>{3, 4};
  step.keep.min_side = 7;
  EXPECT_EQ(to_flow_yaml(write(step)), "{model: m, gain: 0.2, size: [3, 4], keep: {min_side: 7}}");
}

TEST(Fields, WhatItWritesItReadsBack) {
  const auto first = read_step(
      "{model: m, score: 0.25, colour: rgb, size: [1, 2], names: x, mean: [1.5], nms: 0.1, on: [a],"
      " keep: {labels: [b]}, sources: {s: {video: v}}, threads: {t: 2}, tree: {name: n}}");
  ASSERT_TRUE(first) << first.error().to_string();
  const Node written = write(*first);
  const auto second = read<Step>(written);
  ASSERT_TRUE(second) << second.error().to_string();
  EXPECT_TRUE(same_value(written, write(*second)));
  EXPECT_EQ(written.entries().size(), 12U);
}

struct Named {
  std::string family;
};
const Fields<Named>& config_fields(const Named*) {
  static const Fields<Named> fields = [] {
    Names names("family");
    EXPECT_TRUE(names.add("detr", {"rt-detr"}));
    return Fields<Named>("spec", "", {field("family", &Named::family).one_of(names)});
  }();
  return fields;
}

TEST(Fields, ANameMayHaveAliases) {
  const auto spec = read<Named>(Node::map({{"family", Node::string("rt-detr"), {}}}));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->family, "detr");
  EXPECT_FALSE(read<Named>(Node::map({{"family", Node::string("rt"), {}}})));
}

}  // namespace
}  // namespace weir::config

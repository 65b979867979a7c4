// Heads, labels and layouts of the segment family, without weights: the picture itself is the
// score of its three classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "weir/backend/fake/fake_backend.h"
#include "weir/data/image.h"
#include "weir/model/family_registry.h"
#include "weir/model/lane.h"
#include "weir/model/model.h"

namespace weir {
namespace {

using testing::HasSubstr;

class SegmentFamily : public testing::Test {
 protected:
  SegmentFamily() { EXPECT_TRUE(add_builtin_families(families_)); }

  Result<std::shared_ptr<const Model>> make(const std::string& graph, ModelSpec spec) {
    BackendSpec opened;
    opened.bytes = std::make_shared<const std::string>("weir-fake 1\n" + graph);
    WEIR_ASSIGN(auto part, backend_.open(opened));
    if (spec.family.empty()) spec.family = "segment";
    return Model::make(families_, spec, {{"", part}}, "models.m");
  }
  // The pixels of each label.
  std::map<std::string, int64_t> areas(const std::string& graph, const ModelSpec& spec,
                                       const Image& picture) {
    const auto model = make(graph, spec);
    EXPECT_TRUE(model) << model.error().to_string();
    if (!model) return {};
    std::vector<Finding> found;
    const auto lane = (*model)->make_lane().value();
    const Status done = lane->run({.picture = &picture.view()}, found);
    EXPECT_TRUE(done);
    std::map<std::string, int64_t> areas;
    for (const Finding& finding : found) {
      areas[std::string((*model)->labels()->name(finding.best->label_id))] = finding.mask->area();
    }
    return areas;
  }
  std::string refusal(const std::string& graph, const ModelSpec& spec) {
    const auto model = make(graph, spec);
    return model ? "" : model.error().to_string();
  }

  FakeBackend backend_;
  FamilyRegistry families_;
};

// The left half red, a quarter green, a quarter blue.
Image halves() {
  Image image = Image::allocate(PixelFormat::kRgb, 16, 8).value();
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 16; ++x) {
      uint8_t* pixel = image.view().row(0, y) + 3 * x;
      for (int c = 0; c < 3; ++c) pixel[c] = 0;
      pixel[x < 8 ? 0 : y < 4 ? 1 : 2] = 255;
    }
  }
  return image;
}

ModelSpec labelled(std::vector<std::string> labels) {
  ModelSpec spec;
  spec.labels.names = std::move(labels);
  return spec;
}

constexpr const char* kPlanar = "input x float32 1x3x8x8\noutput y = identity x\n";
constexpr const char* kInterleaved = "input x float32 1x8x8x3\noutput y = identity x\n";
constexpr const char* kTwoHeads =
    "input x float32 1x3x8x8\noutput a = identity x\noutput b = identity x\n";

TEST_F(SegmentFamily, GivesAMaskOfTheSourceForEachClass) {
  const std::map<std::string, int64_t> wanted = {{"red", 64}, {"green", 32}, {"blue", 32}};
  const ModelSpec spec = labelled({"red", "green", "blue"});
  EXPECT_EQ(areas(kPlanar, spec, halves()), wanted);
  EXPECT_EQ(areas(kInterleaved, spec, halves()), wanted);
}

TEST_F(SegmentFamily, ABackgroundHasNoMaskUnlessItIsWanted) {
  ModelSpec spec = labelled({"background", "green", "blue"});
  EXPECT_EQ(areas(kPlanar, spec, halves()).size(), 2U);
  spec.family_options.values["background"] = "none";
  EXPECT_EQ(areas(kPlanar, spec, halves()).at("background"), 64);
  spec.family_options.values["background"] = "blue";
  EXPECT_EQ(areas(kPlanar, spec, halves()).size(), 2U);
  spec.family_options.values["background"] = "sky";
  EXPECT_THAT(refusal(kPlanar, spec), HasSubstr("no label 'sky'"));
}

TEST_F(SegmentFamily, HeadsShareTheLabels) {
  ModelSpec spec = labelled({"a0", "a1", "a2", "b0", "b1", "b2"});
  const auto both = areas(kTwoHeads, spec, halves());
  EXPECT_EQ(both.size(), 6U);
  EXPECT_EQ(both.at("b0"), 64);
  spec.labels.names.resize(4);
  EXPECT_THAT(refusal(kTwoHeads, spec), HasSubstr("3 + 3 classes, and 4 labels"));
  spec.labels.names.resize(3);
  spec.family_options.values["heads"] = "b";
  EXPECT_EQ(areas(kTwoHeads, spec, halves()).size(), 3U);
  spec.family_options.values["heads"] = "c";
  EXPECT_THAT(refusal(kTwoHeads, spec), HasSubstr("heads among a, b"));
}

TEST_F(SegmentFamily, OptionsAndModelsThatDoNotFitAreRefused) {
  ModelSpec spec = labelled({"red", "green", "blue"});
  spec.family_options.values["upscale"] = "cubic";
  EXPECT_THAT(refusal(kPlanar, spec), HasSubstr("bilinear"));
  spec.family_options.values = {{"layuot", "nchw"}};
  EXPECT_THAT(refusal(kPlanar, spec), HasSubstr("layout"));
  spec.family_options.values.clear();
  spec.family = "matting";
  EXPECT_THAT(refusal(kPlanar, spec), HasSubstr("one plane"));
  spec.family = "twinlitenet";
  spec.labels.names.clear();
  EXPECT_THAT(refusal(kPlanar, spec), HasSubstr("3 classes, and 2 labels"));
}

}  // namespace
}  // namespace weir

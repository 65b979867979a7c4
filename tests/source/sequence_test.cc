// Pictures by the number in their name.
#include "tests/source/support.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::inputs_of;
using testing::numbers_of;
using SequenceTest = testing::SourceFolderTest;

// The files' names, or what is wrong with one.
std::vector<std::string> told(const std::vector<SourceInput>& inputs) {
  std::vector<std::string> told;
  for (const SourceInput& input : inputs) {
    const std::string name = testing::fs::path(input.file).filename().string();
    told.push_back(input.error ? input.error->message : name);
  }
  return told;
}

TEST_F(SequenceTest, IsReadInTheOrderOfItsNumbers) {
  write_pictures({"img_0010.png", "img_0009.png", "img_0011.png", "img_10.png", "other_0001.png",
                  "img_0009.png.png"});
  EXPECT_THAT(told(inputs_of({.sequence = {at("img_%04d.png")}})),
              ElementsAre("img_0009.png", "img_0010.png", "img_0011.png"));
}

TEST_F(SequenceTest, NumbersMayGrowPastTheirZeros) {
  write_pictures({"8.png", "9.png", "10.png", "011.png"});
  EXPECT_THAT(told(inputs_of({.sequence = {at("%d.png")}})),
              ElementsAre("8.png", "9.png", "10.png"));
  write_pictures({"a98.png", "a99.png", "a100.png", "a0101.png"});
  EXPECT_THAT(told(inputs_of({.sequence = {at("a%02d.png")}})),
              ElementsAre("a98.png", "a99.png", "a100.png"));
}

TEST_F(SequenceTest, TellsWhatIsMissingAndGoesOn) {
  write_pictures({"i1.png", "i2.png", "i4.png", "i8.png"});
  const auto inputs = inputs_of({.sequence = {at("i%d.png")}, .rate = 10});
  EXPECT_THAT(told(inputs), ElementsAre("i1.png", "i2.png", "i3.png is missing", "i4.png",
                                        "i5.png to i7.png are missing (3 pictures)", "i8.png"));
  EXPECT_THAT(numbers_of(inputs), ElementsAre(0, 1, 2, 3, 4, 7));
  EXPECT_DOUBLE_EQ(inputs.back().time_ms, 700);
}

TEST_F(SequenceTest, BeginsWhereItIsTold) {
  write_pictures({"i1.png", "i2.png", "i3.png"});
  EXPECT_THAT(told(inputs_of({.sequence = {at("i%d.png")}, .first = 2})),
              ElementsAre("i2.png", "i3.png"));
  EXPECT_THAT(told(inputs_of({.sequence = {at("i%d.png")}, .first = 0})),
              ElementsAre("i0.png is missing", "i1.png", "i2.png", "i3.png"));
}

TEST_F(SequenceTest, APictureThatCannotBeReadIsNoGap) {
  write_pictures({"i1.png", "i3.png"});
  ASSERT_TRUE(testing::fs::copy_file(WEIR_SOURCE_DIR "/README.md", at("i2.png")));
  const auto inputs = inputs_of({.sequence = {at("i%d.png")}});
  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_EQ(inputs[1].error->code, ErrorCode::kUnsupported);
  EXPECT_FALSE(inputs[2].error);
}

TEST_F(SequenceTest, IsThinnedOutAndGoneThroughAgain) {
  write_pictures({"i0.png", "i1.png", "i2.png", "i3.png", "i4.png"});
  EXPECT_THAT(numbers_of(inputs_of({.sequence = {at("i%d.png")}, .every = 2, .loop = 2})),
              ElementsAre(0, 2, 4, 5, 7, 9));
  EXPECT_THAT(numbers_of(inputs_of({.sequence = {at("i%d.png")}, .rate = 10, .fps = 5})),
              ElementsAre(0, 2, 4));
}

TEST_F(SequenceTest, SaysWhatIsWrong) {
  write_pictures({"i1.png"});
  const auto error = [&](const std::string& name, int64_t first = -1) {
    return open_source({.sequence = {name}, .first = first}).error();
  };
  for (const char* name :
       {"img.png", "img_%4d.png", "img_%s.png", "img_%04d_%04d.png", "img_%", "img_%099d.png"}) {
    EXPECT_EQ(error(at(name)).message, "the name has no number") << name;
  }
  EXPECT_EQ(error(at("j%d.png")).message, "no picture of the sequence is there");
  EXPECT_EQ(error(at("i%d.png"), 2).message, "no picture of the sequence is there from 2 on");
  EXPECT_EQ(error(at("none/i%d.png")).code, ErrorCode::kNotFound);
  EXPECT_THAT(error(at("none/i%d.png")).to_string(), HasSubstr("none: cannot read the folder"));
}

}  // namespace
}  // namespace weir

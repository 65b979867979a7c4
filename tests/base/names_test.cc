#include "weir/base/names.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

Names families() {
  Names names("family");
  EXPECT_TRUE(names.add("yolox"));
  EXPECT_TRUE(names.add("detr", {"rt-detr", "dfine"}));
  return names;
}

TEST(Names, ReadAliasesAsTheNameTheyStandFor) {
  EXPECT_EQ(families().canonical("yolox").value(), "yolox");
  EXPECT_EQ(families().canonical("rt-detr").value(), "detr");
  EXPECT_TRUE(families().has("dfine"));
  EXPECT_FALSE(families().has("dert"));
  EXPECT_EQ(families().all(), (std::vector<std::string>{"yolox", "detr"}));
}

TEST(Names, HintAtTheNearestNameOrAlias) {
  EXPECT_EQ(families().canonical("yolo").error().to_string(),
            "unknown family 'yolo'; did you mean 'yolox'?");
  EXPECT_EQ(families().canonical("rtdetr").error().to_string(),
            "unknown family 'rtdetr'; did you mean 'rt-detr'?");
  EXPECT_EQ(families().canonical("whisper").error().to_string(),
            "unknown family 'whisper'; known are 'yolox' and 'detr'");
}

TEST(Names, ANameOrAliasWithTwoMeaningsIsRefusedWhole) {
  Names names = families();
  EXPECT_EQ(names.add("yolox").error().to_string(), "there is a family 'yolox' already");
  EXPECT_EQ(names.add("dfine").error().to_string(), "there is a family 'dfine' already");
  EXPECT_EQ(names.add("ssd", {"ssd-lite", "yolox"}).error().to_string(),
            "there is a family 'yolox' already");
  EXPECT_FALSE(names.add("ssd", {"ssd"}));
  EXPECT_FALSE(names.add("ssd", {"a", "a"}));
  EXPECT_FALSE(names.has("ssd"));
  EXPECT_FALSE(names.has("ssd-lite"));
}

}  // namespace
}  // namespace weir

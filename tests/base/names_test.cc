#include "weir/config/names.h"

#include <gtest/gtest.h>

#include "weir/config/fields.h"

namespace weir::config {
namespace {

Names families() {
  Names names("family");
  names.add("yolox").alias("rt-detr", "detr").alias("dfine", "detr");
  return names;
}

TEST(Names, ReadAliasesAsTheNameTheyStandFor) {
  EXPECT_EQ(families().canonical("yolox").value(), "yolox");
  EXPECT_EQ(families().canonical("rt-detr").value(), "detr");
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

struct Spec {
  std::string family;
};
const Fields<Spec>& config_fields(const Spec*) {
  static const Fields<Spec> fields("spec", "", {field("family", &Spec::family).one_of(families())});
  return fields;
}

TEST(Names, AFieldTakesTheAliasesToo) {
  const auto spec = read<Spec>(Node::map({{"family", Node::string("rt-detr"), {}}}));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->family, "detr");
  EXPECT_FALSE(read<Spec>(Node::map({{"family", Node::string("rt"), {}}})));
}

}  // namespace
}  // namespace weir::config

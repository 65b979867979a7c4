// docs/models.md is what the families say of themselves. WEIR_UPDATE_DOCS=1 writes it anew.
#include "weir/model/family_page.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "weir/config/yaml.h"

namespace weir {
namespace {

TEST(FamilyPage, IsWhatTheFamiliesSayOfThemselves) {
  FamilyRegistry families;
  ASSERT_TRUE(add_builtin_families(families));
  const std::string path = WEIR_SOURCE_DIR "/docs/models.md";
  const std::string marker =
      "<!-- made from the families; see tests/model/family_page_test.cc -->\n";
  const auto page = config::read_text_file(path);
  ASSERT_TRUE(page) << page.error().to_string();
  const std::size_t at = page->find(marker);
  ASSERT_NE(at, std::string::npos);
  const std::string made = page->substr(0, at) + marker + "\n" + family_page(families);
  if (std::getenv("WEIR_UPDATE_DOCS") != nullptr) std::ofstream(path) << made;
  EXPECT_EQ(*page, made) << "run test_model with WEIR_UPDATE_DOCS=1, and read what it wrote";
}

TEST(FamilyPage, NamesTheAliasesByWhichAFamilyIsFound) {
  FamilyRegistry families;
  ASSERT_TRUE(add_builtin_families(families));
  const std::string page = family_page(families);
  EXPECT_NE(page.find("| also read as | `rt-detr`, "), std::string::npos);
  for (const auto& info : families.all()) {
    for (const std::string& alias : info->aliases) {
      const auto found = families.find(alias);
      ASSERT_TRUE(found) << alias;
      EXPECT_EQ((*found)->name, info->name);
      EXPECT_NE(page.find("`" + alias + "`"), std::string::npos) << alias;
    }
  }
  EXPECT_EQ(families.find("rtdert").error().hint, "did you mean 'rtdetr'?");
}

TEST(FamilyPage, EveryFamilySaysWhatItIs) {
  FamilyRegistry families;
  ASSERT_TRUE(add_builtin_families(families));
  for (const auto& info : families.all()) {
    EXPECT_FALSE(info->task.empty()) << info->name;
    EXPECT_FALSE(info->about.empty()) << info->name;
    EXPECT_FALSE(info->inputs.empty()) << info->name;
    EXPECT_FALSE(info->outputs.empty()) << info->name;
    EXPECT_FALSE(info->tested.empty()) << info->name;
    EXPECT_TRUE(info->gives && *info->gives != Gives()) << info->name;
    for (const OptionInfo& option : info->options) EXPECT_FALSE(option.help.empty()) << info->name;
  }
}

}  // namespace
}  // namespace weir

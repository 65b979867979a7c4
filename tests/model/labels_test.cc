#include "weir/model/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "weir/model/file_metadata.h"

namespace weir {
namespace {

TEST(Labels, KnowsSetsByName) {
  const std::map<std::string, std::size_t> sizes = {{"coco", 80}, {"voc", 21}, {"cityscapes", 19}};
  for (const std::string& set : known_label_sets()) {
    EXPECT_EQ(load_labels({.set = set}).value()->size(), sizes.at(set)) << set;
  }
  EXPECT_EQ(load_labels({.set = "coco"}).value()->name(67), "cell phone");
  EXPECT_EQ(load_labels({}).value(), nullptr);
  EXPECT_EQ(load_labels({.set = "coca"}, "models.m").error().to_string(),
            "models.m: no set of labels 'coca'; did you mean 'coco'?");
}

TEST(Labels, ReadsAFileAndRefusesWhatIsNone) {
  const std::string path = (std::filesystem::path(testing::TempDir()) / "labels.txt").string();
  std::ofstream(path) << "cat\r\ndog\n";
  EXPECT_EQ(load_labels({.file = path}).value()->name(1), "dog");
  std::ofstream(path, std::ios::binary) << std::string("a\0b", 3);
  EXPECT_THAT(load_labels({.file = path}).error().to_string(),
              testing::HasSubstr("is no list of labels"));
  std::filesystem::remove(path);
  EXPECT_EQ(load_labels({.file = path}, "models.m").error().code, ErrorCode::kNotFound);
}

TEST(Labels, ReadsNamesAsExportersWriteThem) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(parse_names("{0: 'person', 1: \"driver's cab\", 2: 'a\\'b'}"),
            (Names{"person", "driver's cab", "a'b"}));
  EXPECT_EQ(parse_names(R"({"0": "cat", "1": "dog"})"), (Names{"cat", "dog"}));
  EXPECT_EQ(parse_names("['cat', 'dog']"), (Names{"cat", "dog"}));
  for (const char* wrong :
       {"", "{}", "cat", "{0: 'a', 2: 'b'}", "{1: 'a'}", "{0: 'a'", "['a' 'b']", "{0: a}",
        "['a'] and more", "{0: 'a\\", "{99999999999999999999: 'a'}", "{\"0: 'a'}"}) {
    EXPECT_FALSE(parse_names(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace weir

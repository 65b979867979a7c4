#include "weir/catalogue/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/catalogue/archives.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::ScopedEnvironment;
using testing::TemporaryFolder;
using testing::write_file;

std::string with_entry(const std::string& name, const std::string& body) {
  return "catalogue:\n  " + name + ": {" + body + "}\n";
}

const std::string kHash(64, 'a');

TEST(Catalogue, ReadsAnEntry) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue
                  .add_text("catalogue:\n  mine:\n    task: object detection\n"
                            "    package: {pip: my-models, version: '1.2'}\n"
                            "    files: [{member: a/b/model.onnx, range: [10, 30], bytes: 20}]\n"
                            "    labels: [Person, Car]\n",
                            "my.yaml")
                  .has_value());
  const auto entry = catalogue.find("mine");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->kind, EntryKind::kModel);
  EXPECT_EQ(entry->package->to_string(), "pip package my-models 1.2");
  EXPECT_EQ(entry->files[0].file_name(), "model.onnx");
  EXPECT_EQ(entry->files[0].byte_range(), (ByteRange{10, 20}));
  EXPECT_EQ(entry->bytes(), 20);
  EXPECT_EQ(entry->origin, "my.yaml:2:3");
}

TEST(Catalogue, PassesOverWhatTheUserKeepsForHimself) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.add_text("x-mine:\n  a: b\n", "mine.yaml"));
  EXPECT_TRUE(catalogue.entries().empty());
}

struct Refused {
  std::string body;
  std::string words;
};

TEST(Catalogue, RefusesWhatMakesNoSense) {
  const std::string file = "files: [{member: m}]";
  const Refused cases[] = {
      {"task: x", "exactly one of 'package', 'url' and 'path'"},
      {"url: 'https://a/b', path: ./b", "exactly one of"},
      {"package: {pip: a, npm: b, version: 1.0.0}, " + file, "exactly one of 'pip'"},
      {"package: {pip: a}, " + file, "'version' is missing"},
      {"package: {pip: --index-url, version: 1.0.0}, " + file, "no package name"},
      {"package: {npm: ../x, version: 1.0.0}, " + file, "no package name"},
      {"package: {npm: '@a/../../b', version: 1.0.0}, " + file, "no package name"},
      {"package: {pip: a, version: '1 --pre'}, " + file, "no version"},
      {"package: {pip: a, version: 1.0.0, archive: ../a.whl}, " + file, "no file name"},
      {"package: {pip: a, version: 1.0.0}", "'files' is missing"},
      {"package: {pip: a, version: 1.0.0}, files: [{as: x}]", "needs 'member'"},
      {"package: {pip: a, version: 1.0.0}, files: [{member: ../x}]", "no name of a member"},
      {"package: {pip: a, version: 1.0.0}, files: [{member: x, as: ../x}]", "no file name"},
      {"package: {pip: a, version: 1.0.0}, files: [{member: a/x}, {member: b/x}]", "same name"},
      {"package: {pip: a, version: 1.0.0}, files: [{member: x, range: [5, 5]}]", "first < end"},
      {"package: {pip: a, version: 1.0.0}, files: [{member: x, range: [0, 5], bytes: 6}]",
       "do not agree"},
      {"package: {pip: a, version: 1.0.0}, files: [{member: x, sha256: abc}]", "64 digits"},
      {"url: 'ftp://a/b'", "must start with https://"},
      {"url: 'http://a/b'", "needs a sha256"},
      {"url: 'https://a/b', licence: MIT, taks: x", "task"},
  };
  for (const Refused& refused : cases) {
    Catalogue catalogue;
    const Status status = catalogue.add_text(with_entry("mine", refused.body), "my.yaml");
    ASSERT_FALSE(status.has_value()) << refused.body;
    EXPECT_THAT(status.error().to_string(), HasSubstr(refused.words)) << refused.body;
    EXPECT_THAT(status.error().where, HasSubstr("my.yaml:2:")) << refused.body;
  }
  Catalogue catalogue;
  EXPECT_FALSE(catalogue.add_text(with_entry("../up", "url: 'https://a/b'"), "my.yaml"));
}

TEST(Catalogue, RefusesAHashOfAFolder) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "model");
  const auto error_of = [&](const std::string& rest) {
    Catalogue catalogue;
    const Status status = catalogue.add_text(with_entry("mine", "path: model, " + rest),
                                             (folder / "m.yaml").string());
    return status ? std::string() : status.error().to_string();
  };
  EXPECT_THAT(error_of("sha256: " + kHash),
              HasSubstr("m.yaml:2:3: '" + (folder / "model").string() +
                        "' is a folder, and 'sha256' is of a file; write it at the file: files:"));
  EXPECT_THAT(error_of("files: [{sha256: " + kHash + "}]"), HasSubstr("needs 'member'"));
  EXPECT_EQ(error_of("files: [{member: sub/a.onnx, sha256: " + kHash + "}]"), "");
}

TEST(Catalogue, TakesPlainHttpWithAHash) {
  Catalogue catalogue;
  EXPECT_TRUE(
      catalogue.add_text(with_entry("a", "url: 'http://a/b', sha256: " + kHash), "x").has_value());
}

TEST(Catalogue, ALaterEntryReplacesAnEarlierOneWhole) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.add_text(with_entry("a", "url: 'https://one/x', licence: MIT"), "1"));
  ASSERT_TRUE(catalogue.add_text(with_entry("a", "url: 'https://two/x'"), "2"));
  ASSERT_EQ(catalogue.entries().size(), 1u);
  EXPECT_EQ(catalogue.find("a")->url, "https://two/x");
  EXPECT_EQ(catalogue.find("a")->licence, "");
}

TEST(Catalogue, SuggestsTheNearestName) {
  const auto missing = Catalogue::built_in()->find("yunett");
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().to_string(), HasSubstr("did you mean 'yunet'"));
}

TEST(Catalogue, TakesAUrlOrAPathForAName) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.find("./model")->path, "./model");
  EXPECT_EQ(catalogue.find("../a/b.onnx")->name, "b.onnx");
  const auto url = catalogue.find("https://host/dir/net.onnx?download=1");
  EXPECT_EQ(url->name, "net.onnx");
  EXPECT_EQ(url->files[0].file_name(), "net.onnx");
}

TEST(Catalogue, LooksInTheDocumentedOrder) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::create_directories(folder / "config/weir");
  fs::create_directories(folder / "here");
  const auto put = [&](const char* file, const std::string& names) {
    std::string text = "catalogue:\n";
    for (const char name : names) {
      text += std::string("  ") + name + ": {url: 'https://" + file + "/x'}\n";
    }
    write_file(folder / file, text);
  };
  put("config/weir/catalogue.yaml", "abcd");
  put("one.yaml", "bcd");
  put("two.yaml", "cd");
  put("here/weir-catalogue.yaml", "d");
  const ScopedEnvironment user("XDG_CONFIG_HOME", (folder / "config").string());
  const ScopedEnvironment named(
      "WEIR_CATALOGUE", (folder / "one.yaml").string() + ":" + (folder / "two.yaml").string());
  fs::current_path(folder / "here");
  const auto catalogue = Catalogue::load();
  fs::current_path(before);
  ASSERT_TRUE(catalogue.has_value());
  EXPECT_THAT(catalogue->find("a")->url, HasSubstr("config/weir"));
  EXPECT_THAT(catalogue->find("b")->url, HasSubstr("one.yaml"));
  EXPECT_THAT(catalogue->find("c")->url, HasSubstr("two.yaml"));
  EXPECT_THAT(catalogue->find("d")->url, HasSubstr("here/weir"));
  EXPECT_TRUE(catalogue->find("yunet").has_value());
  const ScopedEnvironment missing("WEIR_CATALOGUE", "/nowhere/x.yaml");
  EXPECT_EQ(Catalogue::load().error().code, ErrorCode::kNotFound);
}

TEST(DefaultCatalogue, IsSoundAndFullyPinned) {
  const auto catalogue = Catalogue::built_in();
  ASSERT_TRUE(catalogue.has_value()) << catalogue.error().to_string();
  EXPECT_GE(catalogue->entries().size(), 25u);
  for (const Entry& entry : catalogue->entries()) {
    SCOPED_TRACE(entry.name);
    EXPECT_TRUE(entry.package.has_value());
    EXPECT_TRUE(entry.package->archive.size() || entry.package->apt.size());
    EXPECT_GT(entry.package->bytes, 0);
    EXPECT_GT(entry.bytes(), 0);
    EXPECT_FALSE(entry.licence.empty() || entry.task.empty() || entry.about.empty());
    for (const EntryFile& file : entry.files) EXPECT_EQ(file.sha256.size(), 64u);
    if (entry.kind != EntryKind::kModel) continue;
    EXPECT_FALSE(entry.backends.empty() || entry.family.empty());
    EXPECT_EQ(catalogue->find(entry.sample)->kind, EntryKind::kMedia);
  }
}

TEST(DefaultCatalogue, NamesTheBackEndsByTheKindOfFile) {
  const std::vector<std::string> every = {"onnxruntime", "openvino"};
  const auto catalogue = Catalogue::built_in();
  for (const Entry& entry : catalogue->entries()) {
    for (const std::string& backend : entry.backends) {
      EXPECT_NE(std::find(every.begin(), every.end(), backend), every.end()) << entry.name;
      const bool tflite = entry.files[0].file_name().ends_with(".tflite");
      EXPECT_FALSE(tflite && backend == "onnxruntime") << entry.name;
    }
  }
}

}  // namespace
}  // namespace weir::catalogue

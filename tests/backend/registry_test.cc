#include "weir/backend/registry.h"

#include <gmock/gmock.h>

#include "tests/backend/fake_fixture.h"

namespace weir {
namespace {

using testing::HasSubstr;

TEST(BackendRegistry, FindsByNameAndByTheEndingOfAFile) {
  BackendRegistry backends;
  ASSERT_TRUE(backends.add(std::make_unique<FakeBackend>()));
  EXPECT_EQ(backends.find("fake").value()->name(), "fake");
  EXPECT_EQ(backends.for_file("/models.d/A.FAKE").value()->name(), "fake");
  EXPECT_EQ(backends.choose("auto", "a.fake").value()->name(), "fake");
  EXPECT_EQ(backends.choose("fake", "a.bin").value()->name(), "fake");
}

// The fake back end under another name.
class Called final : public Backend {
 public:
  Called(std::string name, std::vector<std::string> aliases)
      : name_(std::move(name)), aliases_(std::move(aliases)) {}
  std::string_view name() const override { return name_; }
  std::vector<std::string> aliases() const override { return aliases_; }
  std::string_view description() const override { return fake_.description(); }
  std::string version() const override { return fake_.version(); }
  std::vector<std::string> file_types() const override { return fake_.file_types(); }
  const Capabilities& capabilities() const override { return fake_.capabilities(); }
  std::vector<DeviceInfo> devices() const override { return fake_.devices(); }
  const std::vector<OptionInfo>& options() const override { return fake_.options(); }
  Result<std::shared_ptr<const LoadedModel>> open(const BackendSpec& spec) override {
    return fake_.open(spec);
  }

 private:
  std::string name_;
  std::vector<std::string> aliases_;
  FakeBackend fake_;
};

TEST(BackendRegistry, FindsByAliasAndHintsAtOne) {
  BackendRegistry backends;
  ASSERT_TRUE(backends.add(std::make_unique<FakeBackend>()));
  ASSERT_TRUE(
      backends.add(std::make_unique<Called>("tinyruntime", std::vector{std::string("trt1")})));
  EXPECT_EQ(backends.find("trt1").value()->name(), "tinyruntime");
  EXPECT_EQ(backends.choose("trt1", "a.bin").value()->name(), "tinyruntime");
  EXPECT_EQ(backends.find("trt2").error().to_string(),
            "no back end 'trt2' in this build; did you mean 'trt1'?");
}

TEST(BackendRegistry, RefusesAnAliasThatMeansAnother) {
  BackendRegistry backends;
  ASSERT_TRUE(backends.add(std::make_unique<FakeBackend>()));
  EXPECT_EQ(backends.add(std::make_unique<Called>("other", std::vector{std::string("fake")}))
                .error()
                .to_string(),
            "there is a back end 'fake' already");
  EXPECT_EQ(backends.all().size(), 1U);
}

TEST(BackendRegistry, SaysWhatThereIs) {
  BackendRegistry backends;
  ASSERT_TRUE(backends.add(std::make_unique<FakeBackend>()));
  EXPECT_THAT(backends.find("fkae").error().to_string(), HasSubstr("did you mean 'fake'?"));
  EXPECT_THAT(backends.for_file("m.onnx").error().to_string(),
              HasSubstr("no back end in this build reads '.onnx' files"));
  EXPECT_THAT(backends.for_file("m.onnx").error().hint, HasSubstr(".fake (fake)"));
  EXPECT_THAT(backends.for_file("models.d/m").error().message, HasSubstr("without an ending"));
}

TEST(BackendRegistry, RefusesTheSameNameTwice) {
  BackendRegistry backends;
  ASSERT_TRUE(backends.add(std::make_unique<FakeBackend>()));
  EXPECT_FALSE(backends.add(std::make_unique<FakeBackend>()));
}

}  // namespace
}  // namespace weir

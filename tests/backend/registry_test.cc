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

#include "weir/assemble/plugin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "weir/assemble/runtime.h"

namespace weir {
namespace {

using testing::HasSubstr;

TEST(Plugin, AddsItsFamiliesToARuntime) {
  const auto runtime = Runtime::create({.plugins = {WEIR_EXAMPLE_PLUGIN}});
  ASSERT_TRUE(runtime) << runtime.error().to_string();
  EXPECT_TRUE((*runtime)->families().find("daylight"));
}

TEST(Plugin, IsNamedByTheEnvironment) {
  setenv("WEIR_PLUGINS", "a.so::b.so", 1);
  EXPECT_EQ(plugins_of_environment(), (std::vector<std::string>{"a.so", "b.so"}));
  setenv("WEIR_PLUGINS", WEIR_EXAMPLE_PLUGIN, 1);
  EXPECT_TRUE(Runtime::create({}).value()->families().find("daylight"));
  unsetenv("WEIR_PLUGINS");
  EXPECT_FALSE(Runtime::create({}).value()->families().find("daylight"));
}

TEST(Plugin, IsRefusedWithTheReason) {
  const auto error_of = [](const std::string& path) {
    const auto runtime = Runtime::create({.plugins = {path}});
    return runtime ? "" : runtime.error().to_string();
  };
  EXPECT_THAT(error_of("/none.so"), HasSubstr("/none.so: cannot open the library"));
  EXPECT_THAT(error_of("libdl.so.2"),
              HasSubstr("the library was not made for Weir; write WEIR_PLUGIN"));
  EXPECT_THAT(error_of(WEIR_STRANGE_PLUGIN),
              HasSubstr("the library was built for weir 0.0.1, this is weir "));
  EXPECT_THAT(error_of(WEIR_FAILING_PLUGIN), HasSubstr("not today"));
}

}  // namespace
}  // namespace weir

#include "weir/backend/gpu_probe.h"

#include <gmock/gmock.h>

namespace weir {
namespace {

TEST(GpuProbe, ListsDevicesWithTheirMemoryAndUse) {
  const auto driver = probe_gpus(WEIR_FAKE_NVML);
  ASSERT_TRUE(driver) << driver.error().to_string();
  EXPECT_EQ(driver->version, "550.54.14");
  ASSERT_EQ(driver->devices.size(), 2u);
  EXPECT_EQ(driver->devices[0].name, "Fake GPU 0");
  EXPECT_EQ(driver->devices[0].memory_bytes, 1000u);
  EXPECT_EQ(driver->devices[0].memory_used_bytes, 600u);
  EXPECT_EQ(driver->devices[1].device, (Device{Device::Kind::kCuda, 1}));
  EXPECT_EQ(driver->devices[1].memory_bytes, 0u) << "it would not tell";
  EXPECT_FALSE(driver->devices[0].verified_on_hardware);
  EXPECT_EQ(driver->devices[1].through, "nvidia driver 550.54.14");
}

TEST(GpuProbe, WithoutADriverItSaysWhatIsMissing) {
  const auto driver = probe_gpus("libno-such-nvml.so.1", "libno-such-cuda.so.1");
  ASSERT_FALSE(driver);
  EXPECT_EQ(driver.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(driver.error().to_string(), testing::HasSubstr("libno-such-nvml.so.1"));
  EXPECT_THAT(driver.error().hint, testing::HasSubstr("nvidia-smi"));
}

TEST(GpuProbe, ALibraryWithoutTheFunctionsIsNoDriver) {
  const auto driver = probe_gpus("libm.so.6");
  ASSERT_FALSE(driver);
  EXPECT_THAT(driver.error().message, testing::HasSubstr("does not answer"));
}

}  // namespace
}  // namespace weir

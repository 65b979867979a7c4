#include "apps/cli/device_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::cli {
namespace {

using testing::HasSubstr;

DeviceInfo usable_gpu() {
  return {.device = {Device::Kind::kCuda, 0},
          .name = "A GPU",
          .through = "CUDAExecutionProvider",
          .usable = true,
          .missing = {},
          .verified_on_hardware = false};
}

TEST(DeviceRow, SaysOfAUsableDeviceThatNobodyCouldTryIt) {
  DeviceInfo gpu = usable_gpu();
  EXPECT_EQ(device_text("onnxruntime", gpu),
            "A GPU, through CUDAExecutionProvider (onnxruntime), not verified on hardware");
  EXPECT_THAT(print(device_json("onnxruntime", gpu)),
              HasSubstr(R"("verified_on_hardware": false)"));
  EXPECT_THAT(print(device_json("onnxruntime", gpu)), HasSubstr(R"("usable": true)"));
  gpu.verified_on_hardware = true;
  EXPECT_EQ(device_text("onnxruntime", gpu), "A GPU, through CUDAExecutionProvider (onnxruntime)");
  EXPECT_THAT(print(device_json("onnxruntime", gpu)), HasSubstr(R"("verified_on_hardware": true)"));
}

TEST(DeviceRow, SaysOfAnUnusableDeviceWhatTheDriverKnows) {
  DeviceInfo gpu = usable_gpu();
  gpu.usable = false;
  gpu.missing = "a driver";
  EXPECT_EQ(device_text("onnxruntime", gpu), "A GPU, not usable through onnxruntime");
  EXPECT_THAT(print(device_json("onnxruntime", gpu)), HasSubstr(R"("missing": "a driver")"));
}

}  // namespace
}  // namespace weir::cli

#include "weir/data/device.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Device, IsWrittenAndReadBack) {
  for (const char* text : {"cpu", "cuda:0", "cuda:7", "npu:1", "mps", "gpu:0", "fake:0"}) {
    EXPECT_EQ(to_string(parse_device(text).value()), text);
  }
}

TEST(Device, ABareNumberIsACudaDevice) {
  EXPECT_EQ(parse_device("3").value(), (Device{Device::Kind::kCuda, 3}));
  EXPECT_EQ(to_string(parse_device("cuda").value()), "cuda:0");
}

TEST(Device, WhatItDoesNotKnowIsAnErrorThatNamesTheChoices) {
  for (const char* text : {"", "tpu", "cuda:", "cuda:-1", "cuda:x", "-3", "cpu:0:1"}) {
    const Result<Device> device = parse_device(text);
    ASSERT_FALSE(device) << text;
    EXPECT_NE(device.error().hint.find("cuda:0"), std::string::npos);
  }
}

}  // namespace
}  // namespace weir

#include "weir/data/audio.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Audio, KnowsItsLength) {
  const Audio audio = Audio::allocate(SampleFormat::kInt16, 2, 16000, 8000).value();
  EXPECT_DOUBLE_EQ(audio.view().duration_ms(), 500);
  EXPECT_EQ(audio.view().samples(), 16000);
  audio.as<int16_t>()[15999] = 7;
  const Audio copy = audio;
  EXPECT_EQ(copy.as<int16_t>()[15999], 7);
}

TEST(Audio, MayBeEmpty) {
  EXPECT_TRUE(Audio::allocate(SampleFormat::kFloat32, 1, 16000, 0).value().empty());
}

TEST(Audio, RefusesWhatCannotBe) {
  EXPECT_FALSE(Audio::allocate(SampleFormat::kFloat32, 0, 16000, 1));
  EXPECT_FALSE(Audio::allocate(SampleFormat::kFloat32, 1, 0, 1));
  EXPECT_FALSE(Audio::allocate(SampleFormat::kFloat32, 1, 16000, -1));
  EXPECT_FALSE(Audio::allocate(SampleFormat::kFloat32, 64, 16000, int64_t{1} << 62));
  EXPECT_FALSE(Audio::borrowed({nullptr, SampleFormat::kFloat32, 1, 16000, 5}));
}

}  // namespace
}  // namespace weir

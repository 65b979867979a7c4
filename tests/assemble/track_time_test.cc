// However frames come to a pipeline, its trackers know how many were left out between two: by a gap
// in a sequence, a source's `every`, or a camera for which nobody had time.
#include <algorithm>

#include "tests/assemble/run_support.h"

namespace weir {
namespace {

constexpr int kColumn = 20;  // pixels of the picture for one of the model's input

// Finds what is white, by the columns of the input.
class WhiteFamily final : public family::OneInput<PictureInput> {
 public:
  using OneInput::OneInput;

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    const float* const row = outputs[0].as<float>();
    const float* const brightest = std::max_element(row, row + 16);
    const auto first = static_cast<float>(brightest - row) * kColumn;
    found.push_back({.box = Box{first, 0, first + 2 * kColumn, 80}, .best = ClassScore{0, 0.9F}});
    return {};
  }
};

FamilyInfo white_family() {
  FamilyInfo info;
  info.name = "white";
  info.labels.names = {"thing"};
  info.make = [](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0], {}));
    return std::make_unique<const WhiteFamily>(std::move(picture));
  };
  return info;
}

// What moves by its half from frame to frame.
Image frame(int number) {
  const Image picture = Image::allocate(PixelFormat::kBgr, 16 * kColumn, 80).value();
  for (int y = 0; y < 80; ++y) {
    uint8_t* const row = picture.view().row(0, y);
    std::fill_n(row, 3 * 16 * kColumn, uint8_t{0});
    std::fill_n(row + 3 * number * kColumn, 3 * 2 * kColumn, uint8_t{255});
  }
  return picture;
}

// Ten in a row, and one when three were left out.
const std::vector<int> kFrames = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13};
const std::vector<int64_t> kOneTrack(11, 1);

class TrackTime : public testing::RunTest, public ::testing::WithParamInterface<const char*> {
 protected:
  TrackTime() {
    EXPECT_TRUE(runtime_->families().add(white_family()));
    for (const int number : kFrames) {
      EXPECT_TRUE(write_picture(frame(number), at("i" + std::to_string(number) + ".png")));
    }
  }

  std::unique_ptr<Pipeline> pipeline(const std::string& sources = {}) {
    return make(sources,
                std::string("steps: {things: {model: m}, follow: {track: {by: ") + GetParam() +
                    ", min_hits: 1, lost_frames: 5}, on: things}}\n",
                "white");
  }
  // The track in each frame of the sequence, read so.
  std::vector<int64_t> tracks_of(const std::string& how) {
    const auto pipe = pipeline("sources: {film: {sequence: 'i%d.png', rate: 1000" + how + "}}\n");
    std::vector<int64_t> tracks;
    RunOptions options;
    options.on_task = [&](const Task& task) { take(task, tracks); };
    const auto report = run_pipeline(*pipe, options);
    EXPECT_TRUE(report);
    return tracks;
  }
  static void take(const Task& task, std::vector<int64_t>& tracks) {
    if (task.error) return;  // the gap of the sequence
    tracks.push_back(Finding::kNone);
    for (const Finding& finding : task.findings) {
      if (finding.track != Finding::kNone) tracks.back() = finding.track;
    }
  }
};

TEST_P(TrackTime, ASequenceThatLacksFramesIsOneTrack) {
  EXPECT_EQ(tracks_of(""), kOneTrack);
}

TEST_P(TrackTime, ReadAtItsPaceItIsTheSame) {
  EXPECT_EQ(tracks_of(", pace: real"), kOneTrack);
}

// As a camera whose frames are dropped while nobody has time for them.
TEST_P(TrackTime, FramesThatAreOfferedSayTheirNumbers) {
  const auto pipe = pipeline();
  const auto stream = pipe->open_stream({.name = "camera"}).value();
  std::vector<int64_t> tracks;
  for (const int number : kFrames) {
    ASSERT_TRUE(pipe->offer(stream, {.input = frame(number)}, 100 + number));
    take(pipe->wait(stream).value(), tracks);
  }
  EXPECT_EQ(tracks, kOneTrack);
}

TEST_P(TrackTime, FramesThatArePostedMaySayTheirNumbers) {
  const auto pipe = pipeline();
  const auto stream = pipe->open_stream({.name = "numbered"}).value();
  const auto other = pipe->open_stream({.name = "not"}).value();
  std::vector<int64_t> tracks;
  std::vector<int64_t> tracks_without;
  for (const int number : kFrames) {
    take(pipe->wait(pipe->post(stream, {.input = frame(number)}, {}, number).value()).value(),
         tracks);
    take(pipe->wait(pipe->post(other, {.input = frame(number)}).value()).value(), tracks_without);
  }
  EXPECT_EQ(tracks, kOneTrack);
  EXPECT_NE(tracks_without.back(), 1) << "three frames are too far for one";
}

INSTANTIATE_TEST_SUITE_P(Both, TrackTime, ::testing::Values("bytetrack", "sort"),
                         [](const auto& by) { return std::string(by.param); });

}  // namespace
}  // namespace weir

#include "weir/step/spec.h"

#include <gtest/gtest.h>

#include "weir/config/load.h"
#include "weir/config/write.h"

namespace weir {
namespace {

Result<StepSpec> read(const std::string& yaml) {
  WEIR_ASSIGN(const config::Node node, config::load_text(yaml, "s.yaml"));
  return config::read<StepSpec>(node, "steps.x");
}

TEST(StepSpec, ReadsTheExampleOfTheDesign) {
  const auto faces = read("{model: face, on: people, every: 5, per: track, keep: {min_side: 40}}");
  ASSERT_TRUE(faces) << faces.error().to_string();
  EXPECT_EQ(faces->on, std::vector<std::string>{"people"});
  EXPECT_EQ(faces->every, (EverySpec{.frames = 5}));
  EXPECT_EQ(faces->per, PerSpec::kTrack);
  const auto people = read("{track: bytetrack, on: objects}");
  ASSERT_TRUE(people) << people.error().to_string();
  EXPECT_EQ(people->track.by, TrackSpec::By::kByteTrack);
}

TEST(StepSpec, ReadsTimes) {
  EXPECT_EQ(read("{model: m, every: 0.5 s}")->every.seconds, 0.5);
  EXPECT_EQ(read("{model: m, every: 200ms}")->every.seconds, 0.2);
  EXPECT_EQ(config::to_flow_yaml(config::write(read("{model: m, every: 200ms}").value())),
            "{model: m, every: 0.2s}");
}

TEST(StepSpec, SaysWhatIsWrong) {
  struct Row {
    const char* yaml;
    const char* message;
  };
  const Row rows[] = {
      {"{on: a}",
       "s.yaml:1:1: 'steps.x' does not say what to do; write 'model: <a name under models>', "
       "'track: bytetrack' or 'truth: true'"},
      {"{model: m, track: sort, on: a}",
       "s.yaml:1:12: 'steps.x' cannot have both a model and a tracker; make two steps, the second "
       "with 'on' naming the first"},
      {"{track: sort}",
       "s.yaml:1:1: 'steps.x' does not say what to track; write 'on: <the step that detects>'"},
      {"{track: sort, on: a, every: 2}",
       "s.yaml:1:22: 'steps.x' must see every frame; a tracker has no 'every': write it into the "
       "step that detects"},
      {"{track: sort, on: a, per: track}",
       "s.yaml:1:22: 'steps.x' makes the tracks, and cannot run per track; take 'per' away"},
      {"{track: sort, on: a, score: 0.5}",
       "s.yaml:1:22: 'steps.x' has no model whose score could be set; write 'keep: {min_score: "
       "…}'"},
      {"{model: m, per: track}",
       "s.yaml:1:12: 'steps.x' looks at the whole frame, which has no track; write 'on: <a step "
       "that tracks>'"},
      {"{model: m, keep: {zone: [[0, 0], [1, 1]]}}",
       "s.yaml:1:19: 'steps.x.keep.zone' has fewer than three corners; write corners as [x, y], "
       "in parts of the width and height"},
  };
  for (const Row& row : rows) {
    const auto spec = read(row.yaml);
    ASSERT_FALSE(spec) << row.yaml;
    EXPECT_EQ(spec.error().to_string(), row.message);
  }
  for (const char* yaml : {"{model: m, every: 0}", "{model: m, every: soon}",
                           "{model: m, every: -1s}", "{model: m, every: 5 minutes}",
                           "{track: bytetrak, on: a}", "{model: m, keep: {zone: [[0, 700]]}}"}) {
    EXPECT_FALSE(read(yaml)) << yaml;
  }
}

}  // namespace
}  // namespace weir

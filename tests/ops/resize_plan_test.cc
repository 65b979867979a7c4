#include "weir/ops/resize_plan.h"

#include <gtest/gtest.h>

#include <random>

namespace weir {
namespace {

TEST(ResizePlan, PlacesThePicture) {
  struct Row {
    ResizePolicy policy;
    int source_width, source_height, width, height;
    int left, top, inner_width, inner_height;
  };
  const ResizePolicy stretch = ResizePolicy::kStretch;
  const ResizePolicy corner = ResizePolicy::kLetterbox;
  const ResizePolicy centred = ResizePolicy::kLetterboxCentered;
  for (const Row& row :
       {Row{stretch, 1280, 720, 640, 640, 0, 0, 640, 640},
        Row{corner, 1280, 720, 640, 640, 0, 0, 640, 360},
        Row{centred, 1280, 720, 640, 640, 0, 140, 640, 360},
        Row{centred, 720, 1280, 640, 640, 140, 0, 360, 640},
        Row{corner, 100, 100, 640, 320, 0, 0, 320, 320}, Row{corner, 10000, 1, 64, 64, 0, 0, 64, 1},
        Row{corner, 1366, 768, 416, 416, 0, 0, 416, 234}, Row{centred, 3, 2, 4, 4, 0, 0, 4, 3}}) {
    const ResizePlan plan =
        plan_resize(row.policy, row.source_width, row.source_height, row.width, row.height).value();
    EXPECT_EQ(plan.left, row.left);
    EXPECT_EQ(plan.top, row.top);
    EXPECT_EQ(plan.inner_width, row.inner_width);
    EXPECT_EQ(plan.inner_height, row.inner_height);
  }
}

TEST(ResizePlan, BoxesComeBackToWhereTheyWere) {
  std::mt19937 random(5);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 2000; ++round) {
    const auto policy = static_cast<ResizePolicy>(below(3));
    const ResizePlan plan =
        plan_resize(policy, 1 + below(4000), 1 + below(4000), 1 + below(700), 1 + below(700))
            .value();
    ASSERT_GE(plan.left, 0);
    ASSERT_LE(plan.left + plan.inner_width, plan.width);
    ASSERT_LE(plan.top + plan.inner_height, plan.height);
    const auto w = static_cast<float>(plan.source_width);
    const auto h = static_cast<float>(plan.source_height);
    const Box whole = plan.to_source({static_cast<float>(plan.left), static_cast<float>(plan.top),
                                      static_cast<float>(plan.left + plan.inner_width),
                                      static_cast<float>(plan.top + plan.inner_height)});
    EXPECT_EQ(whole, (Box{0, 0, w, h}));
    const Box box{w / 7, h / 3, w / 2, h};
    const Box again = plan.to_source(plan.to_input(box));
    EXPECT_NEAR(again.x1, box.x1, 0.001 * w);
    EXPECT_NEAR(again.y2, box.y2, 0.001 * h);
  }
}

TEST(ResizePlan, ARegionKeepsItsOwnAspect) {
  const ResizePlan plan =
      plan_resize(ResizePolicy::kLetterbox, 1000, 800, 100, 100, {100, 200, 300, 300}).value();
  EXPECT_EQ(plan.inner_width, 100);
  EXPECT_EQ(plan.inner_height, 50);
  EXPECT_EQ(plan.to_source(Box{0, 0, 100, 50}), (Box{100, 200, 300, 300}));
  EXPECT_EQ(plan.to_input(Box{100, 200, 300, 300}), (Box{0, 0, 100, 50}));
  EXPECT_EQ(plan.to_source().apply(Point{50, 25}), (Point{200, 250}));
}

TEST(ResizePlan, ClipsToTheSource) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 10, 20, 5, 5).value();
  EXPECT_EQ(plan.clip({-3, 4, 12, 25}), (Box{0, 4, 10, 20}));
}

TEST(ResizePlan, RefusesEmptySizesAndUnknownNames) {
  EXPECT_FALSE(plan_resize(ResizePolicy::kStretch, 0, 1, 1, 1));
  EXPECT_FALSE(plan_resize(ResizePolicy::kStretch, 1, 1, 1, -1));
  EXPECT_FALSE(plan_resize(ResizePolicy::kStretch, 9, 9, 1, 1, {3, 3, 3, 4}));
  for (const char* text : {"stretch", "letterbox", "letterbox_centered"}) {
    EXPECT_EQ(name(parse_resize_policy(text).value()), text);
  }
  EXPECT_FALSE(parse_resize_policy("fit"));
}

}  // namespace
}  // namespace weir

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>
#include <random>

#include "weir/ops/dbnet_decode.h"
#include "weir/ops/patches.h"

namespace weir {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

struct Map {
  int width;
  int height;
  std::vector<float> pixels;

  Map(int w, int h) : width(w), height(h), pixels(static_cast<std::size_t>(w * h), 0.0F) {}
  float& at(int x, int y) { return pixels[static_cast<std::size_t>(y * width + x)]; }
  float get(int x, int y) const { return pixels[static_cast<std::size_t>(y * width + x)]; }
  void fill(int x1, int y1, int x2, int y2, float value) {
    for (int y = y1; y < y2; ++y) {
      for (int x = x1; x < x2; ++x) at(x, y) = value;
    }
  }
  TensorView view() { return {pixels.data(), DType::kFloat32, {1, 1, height, width}, {}, {}}; }
  std::vector<Finding> decode(const DbnetDecodeSpec& spec = {}) {
    return dbnet_decode(view(), spec, Affine{}, width, height).value();
  }
};

// ---- the plain reference ----

using Pixel = std::pair<int, int>;

std::vector<std::vector<Pixel>> plain_patches(const Map& map, float bin) {
  std::vector<std::vector<Pixel>> patches;
  std::vector<char> seen(map.pixels.size(), 0);
  const auto text = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < map.width && y < map.height && std::isfinite(map.get(x, y)) &&
           map.get(x, y) >= bin && !seen[static_cast<std::size_t>(y * map.width + x)];
  };
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      if (!text(x, y)) continue;
      std::deque<Pixel> open = {{x, y}};
      seen[static_cast<std::size_t>(y * map.width + x)] = 1;
      patches.emplace_back();
      while (!open.empty()) {
        const auto [px, py] = open.front();
        open.pop_front();
        patches.back().push_back({px, py});
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -1; dx <= 1; ++dx) {
            if (!text(px + dx, py + dy)) continue;
            seen[static_cast<std::size_t>((py + dy) * map.width + px + dx)] = 1;
            open.push_back({px + dx, py + dy});
          }
        }
      }
    }
  }
  return patches;
}

// The smallest area over the directions of all pairs of pixels: more than the hull's, none smaller.
double plain_smallest_area(const std::vector<Pixel>& patch) {
  double best = std::numeric_limits<double>::max();
  for (const auto& a : patch) {
    for (const auto& b : patch) {
      const double length = std::hypot(b.first - a.first, b.second - a.second);
      const double c = length > 0 ? (b.first - a.first) / length : 1;
      const double s = length > 0 ? (b.second - a.second) / length : 0;
      double u1 = 1e9, u2 = -1e9, v1 = 1e9, v2 = -1e9;
      bool edge = true;  // all on one side of the line from a to b
      for (const auto& p : patch) {
        const double u = p.first * c + p.second * s;
        const double v = p.second * c - p.first * s;
        edge = edge && v >= a.second * c - a.first * s - 1e-9;
        u1 = std::min(u1, u), u2 = std::max(u2, u), v1 = std::min(v1, v), v2 = std::max(v2, v);
      }
      if (edge) best = std::min(best, (u2 - u1) * (v2 - v1));
    }
  }
  return best;
}

bool is_inside(const TurnedRect& rect, double x, double y, double hair) {
  const double dx = x - rect.centre.x;
  const double dy = y - rect.centre.y;
  return std::abs(dx * rect.cosine + dy * rect.sine) <= rect.width / 2 + hair &&
         std::abs(dy * rect.cosine - dx * rect.sine) <= rect.height / 2 + hair;
}

std::vector<std::vector<Pixel>> pixels_of(const Patches& patches) {
  std::vector<std::vector<Pixel>> all;
  for (std::size_t p = 0; p < patches.patches.size(); ++p) {
    all.emplace_back();
    for (const PatchRun& run : patches.of(p)) {
      for (int x = run.x1; x <= run.x2; ++x) all.back().push_back({x, run.y});
    }
    std::sort(all.back().begin(), all.back().end());
  }
  return all;
}

Map random_map(std::mt19937& random, int width, int height, float share) {
  Map map(width, height);
  std::uniform_real_distribution<float> uniform;
  for (float& pixel : map.pixels) {
    const float kind = uniform(random);
    pixel = kind < share ? 0.3F + 0.7F * uniform(random) : 0.3F * uniform(random);
    if (kind > 0.99F) pixel = kind > 0.995F ? kNan : kInf;
  }
  return map;
}

TEST(Patches, AgreeWithAFloodFill) {
  std::mt19937 random(5);
  for (const float share : {0.1F, 0.3F, 0.45F, 0.7F, 1.0F}) {
    for (int round = 0; round < 20; ++round) {
      const Map map = random_map(random, 1 + round * 2, 23, share);
      auto wanted = plain_patches(map, 0.3F);
      for (auto& patch : wanted) std::sort(patch.begin(), patch.end());
      const Patches found = find_patches(map.pixels.data(), map.width, map.height, 0.3F);
      EXPECT_EQ(pixels_of(found), wanted);
      for (std::size_t p = 0; p < wanted.size(); ++p) {
        EXPECT_EQ(found.patches[p].pixels, static_cast<int64_t>(wanted[p].size()));
      }
    }
  }
}

TEST(Patches, TheSmallestRectangleIsAsSmallAsAnyAndHoldsAll) {
  std::mt19937 random(6);
  for (int round = 0; round < 60; ++round) {
    const Map map = random_map(random, 14, 11, 0.4F);
    const Patches found = find_patches(map.pixels.data(), map.width, map.height, 0.3F);
    const auto pixels = pixels_of(found);
    for (std::size_t p = 0; p < pixels.size(); ++p) {
      const TurnedRect rect = smallest_rect(found.of(p));
      EXPECT_NEAR(rect.area(), plain_smallest_area(pixels[p]), 1e-6);
      for (const auto& [x, y] : pixels[p]) EXPECT_TRUE(is_inside(rect, x, y, 1e-6));
    }
  }
}

TEST(DbnetDecode, ABlockOfTextIsEnlargedByItsAreaOverItsOutline) {
  Map map(200, 100);
  map.fill(50, 40, 111, 51, 0.9F);  // centres 60 by 10 apart
  const auto found = map.decode();
  ASSERT_EQ(found.size(), 1U);
  const double by = 1.5 * 600 / 140;
  EXPECT_NEAR(found[0].best->score, 0.9, 1e-6);
  EXPECT_EQ(found[0].best->label_id, 0);
  EXPECT_NEAR(found[0].box->x1, 50.5 - by, 1e-4);
  EXPECT_NEAR(found[0].box->x2, 110.5 + by, 1e-4);
  EXPECT_NEAR(found[0].box->y1, 40.5 - by, 1e-4);
  EXPECT_NEAR(found[0].box->y2, 50.5 + by, 1e-4);
  EXPECT_FLOAT_EQ(found[0].keypoints[0].x, found[0].box->x1);
  EXPECT_FLOAT_EQ(found[0].keypoints[2].y, found[0].box->y2);
}

TEST(DbnetDecode, BringsCornersIntoTheSource) {
  Map map(200, 100);
  map.fill(50, 40, 111, 51, 0.9F);
  const auto plain = map.decode();
  const auto found = dbnet_decode(map.view(), {}, Affine{2, 0, 10, 0, 3, 20}, 1000, 1000).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].box->x1, 2 * plain[0].box->x1 + 10, 1e-3);
  EXPECT_NEAR(found[0].box->y2, 3 * plain[0].box->y2 + 20, 1e-3);
}

TEST(DbnetDecode, ASlantedLineKeepsItsAngle) {
  Map map(200, 200);
  const double c = std::cos(0.5);
  const double s = std::sin(0.5);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      const double u = (x - 100) * c + (y - 100) * s;
      const double v = (y - 100) * c - (x - 100) * s;
      if (std::abs(u) <= 60 && std::abs(v) <= 8) map.at(x, y) = 1;
    }
  }
  const auto found = map.decode();
  ASSERT_EQ(found.size(), 1U);
  const auto& k = found[0].keypoints;
  EXPECT_NEAR(std::atan2(k[1].y - k[0].y, k[1].x - k[0].x), 0.5, 0.02);
  EXPECT_GT(found[0].best->score, 0.98F);
}

// Every box again, from the flood fill and the definition.
TEST(DbnetDecode, AgreesWithAPlainReference) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> place(2, 100);
  std::uniform_int_distribution<int> size(1, 40);
  std::uniform_real_distribution<float> level(0.2F, 1);
  std::size_t compared = 0;
  for (int round = 0; round < 60; ++round) {
    Map map(150, 150);
    for (int i = 0; i < 8; ++i) {
      const int x = place(random);
      const int y = place(random);
      map.fill(x, y, x + size(random), std::min(150, y + size(random) / 2 + 1), level(random));
    }
    map.at(3, 3) = kNan;
    map.at(20, 20) = kInf;
    struct Plain {
      double area;
      float score;
    };
    std::vector<Plain> wanted;
    for (const auto& patch : plain_patches(map, 0.3F)) {
      std::vector<PatchRun> runs;
      for (const auto& [x, y] : patch) runs.push_back({y, x, x, 0});
      std::sort(runs.begin(), runs.end(), [](const PatchRun& a, const PatchRun& b) {
        return a.y != b.y ? a.y < b.y : a.x1 < b.x1;
      });
      const TurnedRect rect = smallest_rect(runs);
      if (std::min(rect.width, rect.height) < 3) continue;
      double sum = 0;
      int count = 0;
      for (int y = 0; y < 150; ++y) {
        for (int x = 0; x < 150; ++x) {
          if (!is_inside(rect, x, y, 1e-6)) continue;
          sum += std::isfinite(map.get(x, y)) ? map.get(x, y) : 0;
          ++count;
        }
      }
      const double by = 1.5 * rect.area() / (2 * (rect.width + rect.height));
      const double w = rect.width + 2 * by;
      const double h = rect.height + 2 * by;
      if (sum / count < 0.6 || std::min(w, h) < 5) continue;
      wanted.push_back({w * h, static_cast<float>(sum / count)});
    }
    std::stable_sort(wanted.begin(), wanted.end(),
                     [](const Plain& a, const Plain& b) { return a.score > b.score; });
    // A large frame, so that nothing is clipped away.
    const auto found =
        dbnet_decode(map.view(), {}, Affine{1, 0, 500, 0, 1, 500}, 2000, 2000).value();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto& k = found[i].keypoints;
      const double w = std::hypot(k[1].x - k[0].x, k[1].y - k[0].y);
      const double h = std::hypot(k[3].x - k[0].x, k[3].y - k[0].y);
      EXPECT_NEAR(w * h, wanted[i].area, 1e-3 * wanted[i].area);
      EXPECT_NEAR(found[i].best->score, wanted[i].score, 1e-5);
      ++compared;
    }
  }
  EXPECT_GT(compared, 60U);
}

TEST(DbnetDecode, AScoreExactlyAtTheThresholdCounts) {
  Map map(100, 50);
  map.fill(10, 10, 60, 30, 0.625F);
  EXPECT_EQ(map.decode({.score = 0.625F}).size(), 1U);
  EXPECT_EQ(map.decode({.score = 0.62501F}).size(), 0U);
  EXPECT_EQ(map.decode({.bin = 0.625F}).size(), 1U);
  EXPECT_EQ(map.decode({.bin = 0.62501F}).size(), 0U);
}

TEST(DbnetDecode, WhatIsNotFiniteIsNoText) {
  Map map(100, 50);
  map.fill(0, 0, 100, 50, kNan);
  EXPECT_TRUE(map.decode().empty());
  map.fill(0, 0, 100, 50, kInf);
  EXPECT_TRUE(map.decode().empty());
  map.fill(10, 10, 60, 30, 0.9F);
  const auto found = map.decode();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].best->score, 0.9, 1e-6);
}

TEST(DbnetDecode, ABoxEnlargedBeyondAllMeasureIsNone) {
  Map map(100, 50);
  map.fill(10, 10, 60, 30, 0.9F);
  EXPECT_EQ(map.decode({.unclip = 1e30F}).size(), 1U);
  EXPECT_TRUE(map.decode({.unclip = 3e38F}).empty());
}

TEST(DbnetDecode, EmptyAndFullMaps) {
  Map map(64, 32);
  EXPECT_TRUE(map.decode().empty());
  map.fill(0, 0, 64, 32, 1);
  const auto found = map.decode();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(*found[0].box, (Box{0, 0, 64, 32}));
  Map one(1, 1);
  one.at(0, 0) = 1;
  EXPECT_TRUE(one.decode().empty());
}

TEST(DbnetDecode, ThinAndSmallPatchesAreDropped) {
  Map map(200, 100);
  map.fill(10, 10, 100, 13, 0.9F);  // centres 2 apart
  EXPECT_TRUE(map.decode().empty());
  map.fill(10, 10, 100, 14, 0.9F);  // 3 apart
  EXPECT_EQ(map.decode().size(), 1U);
  const auto tiny = [&](double scale) {
    return dbnet_decode(map.view(), {}, Affine{scale, 0, 0, 0, scale, 0}, 400, 400).value().size();
  };
  EXPECT_EQ(tiny(1), 1U);
  EXPECT_EQ(tiny(0.4), 0U);  // less than 4 pixels of the source
}

TEST(DbnetDecode, OverCapacityTheLargestAreLookedAt) {
  Map map(400, 400);
  for (int i = 0; i < 40; ++i) {
    const int x = (i % 8) * 50;
    const int y = (i / 8) * 50;
    map.fill(x + 5, y + 5, x + 25 + (i * 7) % 20, y + 15, 0.7F + 0.005F * static_cast<float>(i));
  }
  const auto all = map.decode();
  ASSERT_EQ(all.size(), 40U);
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_GE(all[i - 1].best->score, all[i].best->score);
  }
  const auto some = map.decode({.max_count = 10});
  ASSERT_EQ(some.size(), 10U);
  double smallest = 1e9;
  for (const Finding& finding : some) smallest = std::min<double>(smallest, finding.box->width());
  std::size_t larger = 0;
  for (const Finding& finding : all) larger += finding.box->width() > smallest + 1e-3 ? 1 : 0;
  EXPECT_LE(larger, 10U);
  EXPECT_EQ(map.decode({.max_count = 10}), some);
}

TEST(DbnetDecode, RefusesOtherTensors) {
  std::vector<float> x(64);
  const auto fails = [&](DType type, const Shape& shape) {
    const TensorView view{x.data(), type, shape, {}, {}};
    return !dbnet_decode(view, {}, {}, 8, 8);
  };
  EXPECT_FALSE(fails(DType::kFloat32, {8, 8}));
  EXPECT_FALSE(fails(DType::kFloat32, {1, 8, 8}));
  EXPECT_TRUE(fails(DType::kFloat32, {2, 4, 8}));
  EXPECT_TRUE(fails(DType::kFloat32, {64}));
  EXPECT_TRUE(fails(DType::kInt32, {8, 8}));
  EXPECT_TRUE(fails(DType::kFloat32, {0, 8}));
}

}  // namespace
}  // namespace weir

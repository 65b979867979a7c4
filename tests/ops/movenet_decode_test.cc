#include "weir/ops/movenet_decode.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/ops/plain_detections.h"

namespace weir {
namespace {

constexpr int kRows = 6;
constexpr int kColumns = 8;
constexpr int kCells = kRows * kColumns;
constexpr int kPoints = 4;

TensorView view_of(std::vector<float>& values, int64_t channels) {
  return {values.data(), DType::kFloat32, {1, channels, kRows, kColumns}, {}, {}};
}

struct Outputs {
  std::vector<float> heat, regression, offset, centre;
  explicit Outputs(test::WildNumbers* numbers = nullptr)
      : heat(kPoints * kCells),
        regression(2 * kPoints * kCells),
        offset(2 * kPoints * kCells),
        centre(kCells) {
    if (numbers == nullptr) return;
    for (float& x : heat) x = numbers->share(9);
    for (float& x : regression) x = numbers->normal(0, 3);
    for (float& x : offset) x = numbers->normal(0.5F, 0.3F);
    for (float& x : centre) x = numbers->share(9);
  }
  MovenetHeads heads(bool with_centre) {
    MovenetHeads all{
        view_of(heat, kPoints), view_of(regression, 2 * kPoints), view_of(offset, 2 * kPoints), {}};
    if (with_centre) all.centre = view_of(centre, 1);
    return all;
  }
  double at(const std::vector<float>& map, int channel, int y, int x) const {
    return double(map[std::size_t(channel * kCells + y * kColumns + x)]);
  }
};

// For every cell what speaks for it, and the first of the best.
template <class Score>
std::pair<int, int> argmax(Score score) {
  std::pair<int, int> best{0, 0};
  double most = -1e300;
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const double value = score(y, x);
      if (value > most) {
        most = value;
        best = {y, x};
      }
    }
  }
  return best;
}

std::vector<Keypoint> plainly(const Outputs& o, bool with_centre, int width, int height) {
  const auto near = [](double y, double x, double ty, double tx) {
    return 1 / (std::hypot(x - tx, y - ty) + 1.8);
  };
  const auto [cy, cx] = argmax([&](int y, int x) {
    double evidence = with_centre ? o.at(o.centre, 0, y, x) : 0;
    for (int k = 0; k < kPoints && !with_centre; ++k) {
      const double py = std::round(y + o.at(o.regression, 2 * k, y, x));
      const double px = std::round(x + o.at(o.regression, 2 * k + 1, y, x));
      if (py >= 0 && px >= 0 && py < kRows && px < kColumns) {
        const double heat = o.at(o.heat, k, int(py), int(px));
        evidence += std::isfinite(heat) ? heat : 0;
      }
    }
    return evidence * near(y, x, kRows / 2.0, kColumns / 2.0);
  });
  std::vector<Keypoint> points;
  for (int k = 0; k < kPoints; ++k) {
    const double ty = cy + o.at(o.regression, 2 * k, cy, cx);
    const double tx = cx + o.at(o.regression, 2 * k + 1, cy, cx);
    const auto [py, px] =
        argmax([&](int y, int x) { return o.at(o.heat, k, y, x) * near(y, x, ty, tx); });
    points.push_back({float((px + o.at(o.offset, 2 * k + 1, py, px)) * width / kColumns),
                      float((py + o.at(o.offset, 2 * k, py, px)) * height / kRows),
                      float(o.at(o.heat, k, py, px))});
  }
  return points;
}

// Near, or equally far from being a number.
void expect_number(float found, float wanted) {
  if (std::isfinite(wanted)) {
    EXPECT_NEAR(found, wanted, 1e-3F * std::max(1.0F, std::abs(wanted)));
  } else {
    EXPECT_EQ(std::isnan(found), std::isnan(wanted));
    EXPECT_EQ(found == wanted, !std::isnan(wanted));
  }
}

void expect_plain(Outputs& outputs) {
  for (const bool with_centre : {false, true}) {
    const auto found = movenet_decode(outputs.heads(with_centre), 160, 90).value();
    const auto again = movenet_decode(outputs.heads(with_centre), 160, 90).value();
    const auto wanted = plainly(outputs, with_centre, 160, 90);
    ASSERT_EQ(found.size(), wanted.size());
    ASSERT_EQ(again.size(), found.size());
    EXPECT_EQ(std::memcmp(again.data(), found.data(), found.size() * sizeof(Keypoint)), 0);
    for (std::size_t k = 0; k < found.size(); ++k) {
      expect_number(found[k].x, wanted[k].x);
      expect_number(found[k].y, wanted[k].y);
      expect_number(found[k].score, wanted[k].score);
    }
  }
}

TEST(MovenetDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(67, 0);
  for (int round = 0; round < 60; ++round) {
    Outputs outputs(&numbers);
    expect_plain(outputs);
  }
}

TEST(MovenetDecode, AgreesWithAPlainReferenceWhereNumbersAreOdd) {
  for (const int one_in : {3, 20, 200}) {
    test::WildNumbers numbers(71, one_in);
    for (int round = 0; round < 40; ++round) {
      Outputs outputs(&numbers);
      for (float& x : outputs.heat) x = numbers.normal();
      for (float& x : outputs.centre) x = numbers.normal();
      expect_plain(outputs);
    }
  }
}

// Of cells that are equally hot, and equally near to where the point is expected, the first.
TEST(MovenetDecode, AgreesWithAPlainReferenceWhereCellsTie) {
  test::WildNumbers numbers(79, 0);
  for (int round = 0; round < 60; ++round) {
    Outputs outputs(&numbers);
    for (float& x : outputs.heat) x = numbers.share(1);
    for (float& x : outputs.centre) x = numbers.share(1);
    for (float& x : outputs.regression) x = std::round(x);
    expect_plain(outputs);
  }
}

TEST(MovenetDecode, FindsThePersonToWhomTheHeatBelongs) {
  Outputs outputs;
  // From the cell (3, 4) each point is k cells to the right and one up; only there it is hot.
  for (int k = 0; k < kPoints; ++k) {
    outputs.regression[std::size_t(2 * k * kCells + 3 * kColumns + 4)] = -1;
    outputs.regression[std::size_t((2 * k + 1) * kCells + 3 * kColumns + 4)] = float(k);
    outputs.heat[std::size_t(k * kCells + 2 * kColumns + 4 + k)] = 0.9F;
    outputs.offset[std::size_t((2 * k + 1) * kCells + 2 * kColumns + 4 + k)] = 0.25F;
  }
  const auto found = movenet_decode(outputs.heads(false), kColumns, kRows).value();
  for (int k = 0; k < kPoints; ++k) {
    EXPECT_EQ(found[std::size_t(k)], (Keypoint{4.25F + float(k), 2, 0.9F}));
  }
}

TEST(MovenetDecode, RefusesHeadsThatDoNotBelongTogether) {
  Outputs outputs;
  MovenetHeads heads = outputs.heads(true);
  EXPECT_TRUE(movenet_decode(heads, 64, 64));
  heads.offsets = heads.heatmaps;
  const auto found = movenet_decode(heads, 64, 64);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("offsets"), std::string::npos);
  EXPECT_NE(found.error().hint.find("8x6x8"), std::string::npos);
}

}  // namespace
}  // namespace weir

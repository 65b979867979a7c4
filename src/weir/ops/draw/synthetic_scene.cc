#include "weir/ops/draw/synthetic_scene.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "weir/ops/draw/canvas.h"

namespace weir {
namespace {

constexpr Colour kSky{176, 196, 214};
constexpr Colour kWall{150, 138, 128};
constexpr Colour kRoad{96, 98, 102};
constexpr Colour kDark{30, 30, 36};
constexpr Colour kSkin{214, 170, 140};
constexpr Colour kGlass{190, 215, 230};

// The top of the road, as a share of the height.
constexpr double kHorizon = 0.4;

// 0 … 1, from numbers alone.
double chance(uint64_t seed, uint64_t a, uint64_t b, uint64_t c) {
  uint64_t x = seed * 0x9E3779B97F4A7C15U + a * 0xBF58476D1CE4E5B9U + b * 0x94D049BB133111EBU +
               c * 0xD6E8FEB86659FD93U;
  for (int i = 0; i < 2; ++i) {
    x ^= x >> 30U;
    x *= 0xBF58476D1CE4E5B9U;
    x ^= x >> 27U;
    x *= 0x94D049BB133111EBU;
    x ^= x >> 31U;
  }
  return static_cast<double>(x >> 11U) / 9007199254740992.0;
}

int whole(double x) {
  return static_cast<int>(std::lround(std::clamp(x, -1e6, 1e6)));
}

PixelRect rect(double x1, double y1, double x2, double y2) {
  return {whole(x1), whole(y1), whole(x2), whole(y2)};
}

void paint_street(Canvas& canvas) {
  const double width = canvas.width();
  const double height = canvas.height();
  const double horizon = kHorizon * height;
  canvas.fill(rect(0, 0, width, horizon), kSky);
  canvas.fill(rect(0, horizon * 0.35, width, horizon), kWall);
  canvas.fill(rect(0, horizon, width, height), kRoad);
  for (int i = 0; i < 12; ++i) {
    const double x = (i + 0.2) * width / 12;
    canvas.fill(rect(x, horizon * 0.5, x + width / 24, horizon * 0.8), mixed(kWall, kGlass, 0.5));
    canvas.fill(rect(x, height * 0.72, x + width / 20, height * 0.73), {220, 220, 220});
  }
}

}  // namespace

SyntheticScene::SyntheticScene(const SceneSpec& spec) : spec_(spec) {
  spec_.width = std::clamp(spec_.width, 16, Image::kMaxSide);
  spec_.height = std::clamp(spec_.height, 16, Image::kMaxSide);
  spec_.fps = spec_.fps > 0 && std::isfinite(spec_.fps) ? std::min(spec_.fps, 1000.0) : 25.0;
  spec_.people = std::clamp(spec_.people, 0, 1000);
  spec_.cars = std::clamp(spec_.cars, 0, 1000);
}

std::shared_ptr<const LabelSet> SyntheticScene::labels() {
  return std::make_shared<const LabelSet>(std::vector<std::string>{"person", "car"});
}

// Each goes through the picture, is away for a while, and comes back as somebody else.
SyntheticScene::Actor SyntheticScene::actor_at(int number, double seconds) const {
  const auto who = static_cast<uint64_t>(number);
  Actor actor;
  actor.label = number < spec_.people ? kPerson : kCar;
  const bool car = actor.label == kCar;
  const double period = (car ? 6 : 14) * (0.8 + 0.6 * chance(spec_.seed, who, 0, 1));
  const double turns = seconds / period + chance(spec_.seed, who, 0, 2);
  const double round = std::floor(turns);
  const auto times = static_cast<uint64_t>(std::max(0.0, round));
  const int64_t all = spec_.people + spec_.cars;
  actor.track = 1 + number + static_cast<int64_t>(times) * all;
  const double depth = chance(spec_.seed, who, times, 3);  // 1 is near
  actor.floor = spec_.height * (kHorizon + 0.08 + (car ? 0.3 : 0.45) * depth);
  actor.height = spec_.height * (car ? 0.10 + 0.14 * depth : 0.16 + 0.26 * depth);
  actor.width = actor.height * (car ? 2.2 : 0.42);
  const double way = spec_.width + 2 * actor.width;
  const double share = (turns - round) * 1.15;  // the rest of the time it is away
  const double left = -actor.width + way * share;
  actor.x = chance(spec_.seed, who, times, 4) < 0.5 ? left : spec_.width - left;
  actor.step = way * share / actor.height;
  return actor;
}

std::vector<SyntheticScene::Actor> SyntheticScene::actors_at(int64_t frame) const {
  std::vector<Actor> actors;
  for (int i = 0; i < spec_.people + spec_.cars; ++i) {
    actors.push_back(actor_at(i, time_ms(frame) / 1000));
  }
  std::stable_sort(actors.begin(), actors.end(),
                   [](const Actor& a, const Actor& b) { return a.floor < b.floor; });
  return actors;
}

std::vector<Finding> SyntheticScene::truth(int64_t frame) const {
  std::vector<Finding> found;
  for (const Actor& actor : actors_at(frame)) {
    const double left = std::max(0.0, actor.x - actor.width / 2);
    const double right = std::min<double>(spec_.width, actor.x + actor.width / 2);
    if (right - left < actor.width / 2) continue;
    Finding finding;
    finding.id = static_cast<int32_t>(found.size());
    finding.box = Box{static_cast<float>(left), static_cast<float>(actor.floor - actor.height),
                      static_cast<float>(right),
                      static_cast<float>(std::min<double>(spec_.height, actor.floor))};
    finding.best = ClassScore{actor.label, 1};
    finding.track = actor.track;
    found.push_back(std::move(finding));
  }
  return found;
}

Result<Image> SyntheticScene::picture(int64_t frame) const {
  WEIR_ASSIGN(Image image, Image::allocate(spec_.format, spec_.width, spec_.height));
  Canvas canvas(image.view());
  paint_street(canvas);
  for (const Actor& actor : actors_at(frame)) {
    const Colour coat = colour_of(actor.track);
    const double top = actor.floor - actor.height;
    const double w = actor.width;
    const double h = actor.height;
    if (actor.label == kCar) {
      canvas.fill_rounded(rect(actor.x - w * 0.3, top, actor.x + w * 0.3, top + h * 0.6),
                          whole(h / 5), kGlass);
      canvas.fill_rounded(rect(actor.x - w / 2, top + h * 0.35, actor.x + w / 2, top + h * 0.85),
                          whole(h / 6), coat);
      for (const double wheel : {-0.3, 0.3}) {
        canvas.disc({actor.x + wheel * w, actor.floor - h * 0.18}, h * 0.18, kDark);
      }
      continue;
    }
    const double swing = 0.4 * w * std::sin(5 * actor.step);
    for (const double leg : {swing, -swing}) {
      canvas.line({actor.x, top + h * 0.55}, {actor.x + leg, actor.floor - h * 0.06}, h * 0.11,
                  kDark);
    }
    canvas.fill_rounded(rect(actor.x - w * 0.32, top + h * 0.17, actor.x + w * 0.32, top + h * 0.6),
                        whole(w / 5), coat);
    canvas.disc({actor.x, top + h * 0.09}, h * 0.09, kSkin);
  }
  return image;
}

}  // namespace weir

// Tasks made of a seed, with every field present or absent and with awkward values.
#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "weir/data/task.h"

namespace weir {

class RandomTask {
 public:
  explicit RandomTask(unsigned seed) : random_(seed) {}

  Task make() {
    Task task;
    task.stream = text();
    task.seq = integer();
    task.time_ms = real64();
    task.outcome = static_cast<Outcome>(below(kOutcomeCount));
    if (chance()) task.error = Error(static_cast<ErrorCode>(below(9)), text(), text(), text());
    std::vector<StepEntry> steps;
    for (int i = below(4); i > 0; --i) steps.push_back(step(i));
    const auto step_count = static_cast<int32_t>(steps.size());
    task.steps = std::make_shared<const StepTable>(std::move(steps));
    for (int i = below(5); i > 0; --i) task.add(finding(step_count));
    return task;
  }

  // Any finite float, among them the extremes, zeros of both signs and denormals.
  float real() {
    const float extremes[] = {0.0F,
                              -0.0F,
                              1.0F,
                              std::numeric_limits<float>::max(),
                              std::numeric_limits<float>::lowest(),
                              std::numeric_limits<float>::min(),
                              std::numeric_limits<float>::denorm_min()};
    if (chance()) return extremes[below(7)];
    const auto bits = static_cast<uint32_t>(random_());
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    return std::isfinite(value) ? value : 0.5F;
  }
  double real64() {
    const uint64_t bits = static_cast<uint64_t>(random_()) << 32 | random_();
    double value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    return std::isfinite(value) ? value : 1e308;
  }
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  bool chance() { return below(2) == 0; }

 private:
  StepEntry step(int number) {
    StepEntry entry{text() + std::to_string(number), nullptr};
    if (chance()) return entry;
    std::vector<std::string> names;
    for (int i = below(6); i > 0; --i) names.push_back(text());
    entry.labels = std::make_shared<const LabelSet>(std::move(names));
    return entry;
  }

  ClassScore score() { return {below(8) - 1, real()}; }

  Finding finding(int32_t step_count) {
    Finding f;
    if (step_count > 0 && chance()) f.step = below(step_count);
    if (chance()) f.parent = below(3);
    if (chance()) f.box = Box{real(), real(), real(), real()};
    if (chance()) f.best = score();
    for (int i = below(3); i > 0; --i) f.others.push_back(score());
    for (int i = below(3); i > 0; --i) f.keypoints.push_back({real(), real(), real()});
    if (chance()) {
      for (std::size_t i = 0; i < f.keypoints.size(); ++i) f.depths.push_back(real());
    }
    if (chance()) f.mask = mask();
    if (chance()) f.track = integer();
    f.text = text();
    if (chance()) f.span = TimeSpan{real64(), real64()};
    for (int i = below(4); i > 0; --i) f.embedding.push_back(real());
    if (chance()) f.reused_from = integer();
    return f;
  }

  Mask mask() {
    const int width = below(20);
    const int height = below(20);
    std::vector<uint8_t> pixels(static_cast<std::size_t>(width * height));
    const int density = 1 + below(9);
    for (uint8_t& pixel : pixels) pixel = below(density) == 0;
    return Mask::encode(pixels.data(), width, width, height).value();
  }

  int64_t integer() {
    return chance() ? below(1000) : std::numeric_limits<int64_t>::max() - below(2);
  }

  std::string text() {
    const std::string pieces[] = {"",     "face", "Zürich", "東京", "🚦", "\"", "\\",      "\n",
                                  "\x01", "\x7f", "</b>",   "{",    "é", " ",  "a.b/c:1", "\t"};
    std::string out;
    for (int i = below(5); i > 0; --i) out += pieces[below(16)];
    if (below(8) == 0) out += '\0';
    return out;
  }

  std::mt19937 random_;
};

}  // namespace weir

#include "apps/cli/report/run_recorder.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <utility>

#include "apps/cli/text.h"
#include "apps/cli/version_text.h"
#include "weir/assemble/explain_svg.h"
#include "weir/base/cpu.h"
#include "weir/config/write.h"
#include "weir/ops/draw/painter.h"

namespace weir::cli {
namespace {

constexpr int64_t kFirstEveryNs = 250'000'000;
constexpr std::size_t kMostSamples = 160;
constexpr int kShotSide = 960;
constexpr std::size_t kMostTexts = 6;

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &parts);
  return {text.data(), length};
}

void add_weighted(double& sum, double value, double share) {
  sum += value * share;
}

// Two neighbours as one.
RunSample joined(const RunSample& a, const RunSample& b) {
  RunSample both;
  both.from_s = a.from_s;
  both.to_s = b.to_s;
  const double whole = both.to_s - both.from_s;
  both.busy.assign(std::max(a.busy.size(), b.busy.size()), 0);
  both.cores = a.cores < 0 || b.cores < 0 ? -1 : 0;
  std::map<std::string, double> rates;
  for (const RunSample* part : {&a, &b}) {
    const double share = whole > 0 ? (part->to_s - part->from_s) / whole : 0.5;
    for (std::size_t i = 0; i < part->busy.size(); ++i) {
      add_weighted(both.busy[i], part->busy[i], share);
    }
    if (both.cores >= 0) add_weighted(both.cores, part->cores, share);
    add_weighted(both.waiting, part->waiting, share);
    add_weighted(both.in_flight, part->in_flight, share);
    for (const auto& [name, rate] : part->per_second) add_weighted(rates[name], rate, share);
  }
  both.per_second.assign(rates.begin(), rates.end());
  return both;
}

bool is_seen(const Finding& finding) {
  return finding.box.has_value() || !finding.keypoints.empty() || finding.mask.has_value();
}

// Without what only led to something that is drawn itself, without masks from memory, which lie
// where they once were, and without text, which stands beside and would cover what it repeats.
Task to_draw(const Task& task) {
  Task shown = task;
  shown.findings.clear();
  for (const Finding& finding : task.findings) {
    const bool is_led_to = finding.parent != Finding::kNone;
    const bool leads =
        std::any_of(task.findings.begin(), task.findings.end(), [&](const Finding& other) {
          return other.parent == finding.id && is_seen(other) && (is_led_to || !other.text.empty());
        });
    if (leads) continue;
    shown.findings.push_back(finding);
    shown.findings.back().text.clear();
    if (finding.reused_from != Finding::kNone) shown.findings.back().mask.reset();
  }
  return shown;
}

Result<Shot> drawn(Painter& painter, const Task& task) {
  const ImageView view = task.image()->view();
  // A frame of its own: others may still look at the one that was kept.
  WEIR_ASSIGN(Image own, resized_bgr(view, ResizePolicy::kStretch, view.upright_width(),
                                     view.upright_height()));
  WEIR_TRY(painter.paint(own.view(), to_draw(task)));
  WEIR_ASSIGN(Shot shot, shot_of(own.view(), kShotSide));
  const auto file = task.parameters.find("file");
  const std::string* path =
      file == task.parameters.end() ? nullptr : std::get_if<std::string>(&file->second);
  const std::string name = path != nullptr ? path->substr(path->find_last_of('/') + 1)
                                           : fixed(task.time_ms / 1000, 1) + " s";
  shot.caption = task.stream + ", " + name;
  shot.alt = shot.caption + ", with " + std::to_string(task.findings.size()) + " findings drawn in";
  shot.found = found_in(task);
  return shot;
}

}  // namespace

std::vector<std::string> found_in(const Task& task) {
  std::vector<std::pair<std::string, std::map<std::string, int>>> kinds;
  std::vector<std::string> texts;
  for (const Finding& finding : task.findings) {
    if (!finding.text.empty() && texts.size() < kMostTexts) {
      texts.push_back("“" + finding.text + "”");
    }
    const std::string step(task.step_name(finding));
    auto kind = std::find_if(kinds.begin(), kinds.end(),
                             [&](const auto& known) { return known.first == step; });
    if (kind == kinds.end()) kind = kinds.insert(kinds.end(), {step, {}});
    std::string label;
    if (finding.best) label = task.label_name(finding, *finding.best);
    ++kind->second[label];
  }
  std::vector<std::string> lines;
  for (const auto& [step, labels] : kinds) {
    std::string line;
    for (const auto& [label, count] : labels) {
      line += (line.empty() ? "" : ", ") + std::to_string(count);
      if (!label.empty()) line += " " + label;
    }
    lines.push_back(step + ": " + line);
  }
  lines.insert(lines.end(), texts.begin(), texts.end());
  return lines;
}

RunRecorder::RunRecorder(Pipeline& pipeline, std::size_t shots_per_stream)
    : pipeline_(pipeline),
      begin_ns_(pipeline.flow().now_ns()),
      next_ns_(begin_ns_ + kFirstEveryNs),
      every_ns_(kFirstEveryNs),
      frames_(shots_per_stream) {
  const flow::FlowStats stats = pipeline_.flow().stats(cursor_);
  for (const flow::StageStats& stage : stats.stages) stages_.push_back(stage.name);
}

void RunRecorder::sample() {
  const int64_t now_ns = pipeline_.flow().now_ns();
  if (now_ns < next_ns_) return;
  next_ns_ = now_ns + every_ns_;
  add(pipeline_.flow().stats(cursor_));
  if (samples_.size() > kMostSamples) thin_out();
}

void RunRecorder::add(const flow::FlowStats& stats) {
  RunSample& sample = samples_.emplace_back();
  sample.from_s = static_cast<double>(stats.from_ns - begin_ns_) * 1e-9;
  sample.to_s = static_cast<double>(stats.to_ns - begin_ns_) * 1e-9;
  for (const flow::StageStats& stage : stats.stages) {
    sample.busy.push_back(stage.busy_mean);
    sample.waiting += stage.depth_mean;
  }
  for (const flow::ExecutorStats& executor : stats.executors) {
    if (executor.cpu_mean >= 0) sample.cores = std::max(0.0, sample.cores) + executor.cpu_mean;
  }
  for (const flow::StreamStats& stream : stats.streams) {
    sample.in_flight += stream.in_flight_mean;
    const double seconds = std::max(1e-9, stats.seconds());
    sample.per_second.emplace_back(stream.name,
                                   static_cast<double>(stream.window.done()) / seconds);
  }
}

void RunRecorder::thin_out() {
  every_ns_ *= 2;
  std::vector<RunSample> fewer;
  for (std::size_t i = 0; i + 1 < samples_.size(); i += 2) {
    fewer.push_back(joined(samples_[i], samples_[i + 1]));
  }
  if (samples_.size() % 2 == 1) fewer.push_back(samples_.back());
  samples_ = std::move(fewer);
}

RunRecord RunRecorder::finish(RunReport report) {
  // A last piece that is too short would only show noise.
  if (samples_.empty() || pipeline_.flow().now_ns() - next_ns_ > -every_ns_ / 2) {
    add(pipeline_.flow().stats(cursor_));
  }
  RunRecord record;
  record.version = version_line();
  record.when = local_time();
  record.machine = cpu_name();
  record.cores = usable_cores();
  record.config = config::to_yaml(pipeline_.spec().written);
  record.chart = to_svg(pipeline_.spec());
  for (const flow::ExecutorStats& executor : report.stats.executors) {
    record.workers += executor.workers;
  }
  record.stages = stages_;
  record.samples = std::move(samples_);
  record.report = std::move(report);
  auto painter = Painter::open({.trail = 0});
  for (const Task& task : frames_.take()) {
    if (!painter) break;
    auto shot = drawn(*painter, task);
    if (shot) record.shots.push_back(std::move(shot).value());
  }
  return record;
}

}  // namespace weir::cli

#include "apps/cli/pipeline/live_table.h"

#include <algorithm>

#include "apps/cli/pipeline/streams_table.h"
#include "apps/cli/progress.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"

namespace weir::cli {
namespace {

constexpr std::size_t kBarColumns = 24;
constexpr std::size_t kFewestStages = 3;

std::string percent(double share) {
  return fixed(100 * share, 0) + " %";
}

void add_lines(std::vector<std::string>& lines, const std::string& text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

// The busiest ones, in the order of the pipeline.
std::vector<const flow::StageStats*> chosen_stages(const flow::FlowStats& stats, std::size_t most) {
  std::vector<const flow::StageStats*> stages;
  for (const flow::StageStats& stage : stats.stages) stages.push_back(&stage);
  if (stages.size() <= most) return stages;
  std::stable_sort(stages.begin(), stages.end(),
                   [](const auto* a, const auto* b) { return a->busy_mean > b->busy_mean; });
  stages.resize(most);
  std::sort(stages.begin(), stages.end());  // they lie in one vector
  return stages;
}

Table stages_table(const flow::FlowStats& stats, std::size_t most) {
  Table table({{"stage"},
               {"queue", Align::kRight},
               {"busy", Align::kRight},
               {"runs/s", Align::kRight},
               {"service p50", Align::kRight},
               {"p95", Align::kRight}});
  for (const flow::StageStats* stage : chosen_stages(stats, most)) {
    table.row({stage->name, percent(stage->full_share), fixed(stage->busy_mean, 2),
               rate_text(stage->ended, stats.seconds()), delay_text(stage->service.p50_ns),
               delay_text(stage->service.p95_ns)});
  }
  return table;
}

}  // namespace

std::string progress_line(const LiveWindow& window) {
  const RunProgress& progress = window.progress;
  std::string line = "run  ";
  if (progress.expected > 0) line += bar(progress.ended, progress.expected, kBarColumns) + "  ";
  line += with_commas(progress.ended);
  if (progress.expected > 0) line += "/" + with_commas(progress.expected);
  if (progress.seconds > 0) line += "  " + fixed(window.per_second, 1) + "/s";
  return line + time_left(progress.ended, progress.expected, progress.seconds);
}

std::vector<std::string> live_lines(const LiveWindow& window, const Terminal& terminal,
                                    std::size_t rows) {
  Terminal narrow = terminal;
  narrow.width = terminal.width > 1 ? terminal.width - 1 : 79;  // the last column wraps
  std::vector<std::string> lines = {progress_line(window)};
  if (!window.stats.streams.empty()) {
    add_lines(lines, streams_table(window.stats, window.detections).render(narrow));
    const std::size_t taken = lines.size() + 3;  // titles, verdict, and the line of the cursor
    const std::size_t room = rows > taken ? rows - taken : 0;
    const std::size_t stages = std::max(kFewestStages, room);
    add_lines(lines, stages_table(window.stats, stages).render(narrow));
    lines.push_back(flow::judge(window.stats).words);
  }
  if (rows > 1 && lines.size() > rows - 1) lines.resize(rows - 1);
  for (std::string& line : lines) line = truncate(line, narrow.width);
  return lines;
}

}  // namespace weir::cli

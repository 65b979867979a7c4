#include "apps/cli/pipeline/streams_table.h"

#include <algorithm>

#include "apps/cli/text.h"

namespace weir::cli {

std::string delay_text(int64_t nanoseconds) {
  return nanoseconds > 0 ? format_ms(static_cast<double>(nanoseconds) / 1e6) : "–";
}

std::string rate_text(uint64_t count, double seconds) {
  return fixed(static_cast<double>(count) / std::max(1e-9, seconds), 1);
}

Table streams_table(const flow::FlowStats& stats, const std::map<std::string, double>& detections) {
  Table table({{"stream"},
               {"in/s", Align::kRight},
               {"done/s", Align::kRight},
               {"detect/s", Align::kRight},
               {"done", Align::kRight},
               {"skipped", Align::kRight},
               {"dropped", Align::kRight},
               {"failed", Align::kRight},
               {"delay p50", Align::kRight},
               {"p95", Align::kRight}});
  for (const flow::StreamStats& stream : stats.streams) {
    const flow::TaskCounts& total = stream.total;
    const auto looked = detections.find(stream.name);
    table.row({stream.name, rate_text(stream.window.offered, stats.seconds()),
               rate_text(stream.window.done(), stats.seconds()),
               looked == detections.end() ? "–" : fixed(looked->second, 1),
               with_commas(total.done()), with_commas(total.skipped()),
               with_commas(total.dropped() + total.dropped_at_source), with_commas(total.failed()),
               delay_text(stream.delay_from_admission.p50_ns),
               delay_text(stream.delay_from_admission.p95_ns)});
  }
  return table;
}

}  // namespace weir::cli

#include "apps/cli/pipeline/run_report.h"

#include <algorithm>
#include <string>

#include "apps/cli/pipeline/streams_table.h"
#include "apps/cli/report/sink_line.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"

namespace weir::cli {
namespace {

double ms(int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

std::string percent(double share) {
  return fixed(100 * share, 0) + " %";
}

Json counts_json(const flow::TaskCounts& counts) {
  return {{"offered", counts.offered},
          {"admitted", counts.admitted},
          {"dropped_at_source", counts.dropped_at_source},
          {"done", counts.done()},
          {"skipped", counts.skipped()},
          {"dropped", counts.dropped()},
          {"failed", counts.failed()}};
}

Json quantiles_json(const flow::Quantiles& quantiles) {
  return {{"count", quantiles.count},    {"mean", quantiles.mean_ns / 1e6},
          {"p50", ms(quantiles.p50_ns)}, {"p95", ms(quantiles.p95_ns)},
          {"p99", ms(quantiles.p99_ns)}, {"max", ms(quantiles.max_ns)}};
}

double rate(uint64_t count, const flow::FlowStats& stats) {
  return static_cast<double>(count) / std::max(1e-9, stats.seconds());
}

uint64_t of(const Detections& detections, const std::string& stream) {
  const auto found = detections.find(stream);
  return found == detections.end() ? 0 : found->second;
}

Json streams_json(const flow::FlowStats& stats, const Detections& detections) {
  Json list = Json::array();
  for (const flow::StreamStats& stream : stats.streams) {
    list.push_back({{"name", stream.name},
                    {"credits", stream.credits},
                    {"in_per_second", rate(stream.window.offered, stats)},
                    {"done_per_second", rate(stream.window.done(), stats)},
                    {"detections_per_second", rate(of(detections, stream.name), stats)},
                    {"tasks", counts_json(stream.window)},
                    {"delay_ms", quantiles_json(stream.delay_from_admission)}});
  }
  return list;
}

Json stages_json(const flow::FlowStats& stats) {
  Json list = Json::array();
  for (const flow::StageStats& stage : stats.stages) {
    list.push_back({{"name", stage.name},
                    {"runs", stage.ended},
                    {"busy", stage.busy_mean},
                    {"queue", stage.depth_mean},
                    {"queue_full", stage.full_share},
                    {"batch", stage.batch_mean},
                    {"wait_ms", quantiles_json(stage.wait)},
                    {"service_ms", quantiles_json(stage.service)}});
  }
  return list;
}

void print_streams(const RunReport& report, const Detections& detections, Context& context) {
  std::map<std::string, double> per_second;
  for (const auto& [stream, count] : detections) per_second[stream] = rate(count, report.stats);
  context.err << streams_table(report.stats, per_second).render({});
}

void print_stages(const RunReport& report, Context& context) {
  Table table({{"stage"},
               {"runs", Align::kRight},
               {"busy", Align::kRight},
               {"queue", Align::kRight},
               {"service p50", Align::kRight},
               {"p95", Align::kRight},
               {"wait p95", Align::kRight}});
  for (const flow::StageStats& stage : report.stats.stages) {
    if (stage.ended == 0) continue;
    table.row({stage.name, with_commas(stage.ended), fixed(stage.busy_mean, 2),
               percent(stage.full_share), format_ms(ms(stage.service.p50_ns)),
               format_ms(ms(stage.service.p95_ns)), format_ms(ms(stage.wait.p95_ns))});
  }
  context.err << table.render({});
}

std::string findings_line(const RunReport& report) {
  std::string line = with_commas(report.findings) + " findings";
  if (report.reused > 0) line += ", " + with_commas(report.reused) + " of them from memory";
  std::string steps;
  for (const auto& [name, count] : report.by_step) {
    steps += (steps.empty() ? ": " : ", ") + name + " " + with_commas(count);
  }
  return line + steps;
}

uint64_t unwritten(const RunReport& report) {
  uint64_t failed = 0;
  for (const SinkReport& sink : report.sinks) failed += sink.failed;
  return failed;
}

Json failed_sources_json(const RunReport& report) {
  Json list = Json::array();
  for (const SourceFailure& of : report.failed_sources) {
    list.push_back({{"name", of.name}, {"error", to_json(of.error)["error"]}});
  }
  return list;
}

// A run that went on is no wrong usage, whatever was wrong with its part.
Error failed_run(Error error) {
  if (exit_code(error.code) != 1) error.code = ErrorCode::kCorrupt;
  return error;
}

}  // namespace

Json report_json(const RunReport& report, const Detections& detections) {
  Json sinks = Json::array();
  for (const SinkReport& sink : report.sinks) {
    Json row = {{"name", sink.name},
                {"written", sink.written},
                {"dropped", sink.dropped},
                {"failed", sink.failed}};
    if (sink.first_error) row["error"] = to_json(*sink.first_error)["error"];
    sinks.push_back(std::move(row));
  }
  Json steps = Json::object();
  for (const auto& [name, count] : report.by_step) steps[name] = count;
  Json json = {{"seconds", report.seconds},
               {"stopped", report.stopped},
               {"tasks", counts_json(report.stats.total)},
               {"findings", report.findings},
               {"reused", report.reused},
               {"steps", std::move(steps)},
               {"sources", streams_json(report.stats, detections)},
               {"stages", stages_json(report.stats)},
               {"failed_sources", failed_sources_json(report)},
               {"sinks", std::move(sinks)},
               {"verdict",
                {{"limit", std::string(name(report.verdict.limit))},
                 {"words", report.verdict.words},
                 {"advice", report.verdict.advice}}}};
  if (report.first_failure) json["first_failure"] = to_json(*report.first_failure)["error"];
  return json;
}

void print_report(const RunReport& report, const Detections& detections, Context& context) {
  if (context.quiet) return;
  print_streams(report, detections, context);
  for (const SourceFailure& of : report.failed_sources) {
    context.err << of.name << ": could not be opened: " << of.error.to_string() << '\n';
  }
  context.err << '\n';
  print_stages(report, context);
  context.err << '\n' << findings_line(report) << '\n';
  for (const SinkReport& sink : report.sinks) context.err << sink_line(sink) << '\n';
  const double per_second =
      static_cast<double>(report.stats.total.done()) / std::max(1e-9, report.stats.seconds());
  context.err << (report.stopped ? "stopped after " : "done in ") << fixed(report.seconds, 1)
              << " s, " << fixed(per_second, 1) << " tasks/s; " << report.verdict.words << '\n';
  if (!report.verdict.advice.empty()) context.err << report.verdict.advice << '\n';
}

Status verdict_of(const RunReport& report) {
  for (const SinkReport& sink : report.sinks) {
    if (!sink.first_error) continue;
    Error error = *sink.first_error;
    error.message =
        std::to_string(unwritten(report)) + " results could not be written: " + error.message;
    return error;
  }
  if (!report.failed_sources.empty()) {
    Error error = report.failed_sources.front().error;
    const std::size_t count = report.failed_sources.size();
    error.message = std::to_string(count) + (count == 1 ? " source" : " sources") +
                    " could not be opened: " + error.message;
    return failed_run(std::move(error));
  }
  const uint64_t failed = report.stats.total.failed();
  if (failed == 0) return {};
  Error error = report.first_failure.value_or(Error(ErrorCode::kInternal, "no reason was given"));
  error.message = std::to_string(failed) + " of " + std::to_string(report.stats.total.admitted) +
                  " tasks failed; the first: " + error.message;
  return failed_run(std::move(error));
}

}  // namespace weir::cli

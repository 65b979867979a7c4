#include "apps/cli/report/run_page.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "apps/cli/page/html.h"
#include "apps/cli/report/charts.h"
#include "apps/cli/report/sink_line.h"
#include "apps/cli/text.h"
#include "weir/base/xml_text.h"

namespace weir::cli {
namespace {

using html::element;
using html::fact;

constexpr std::size_t kMostSeries = kChartColours - 1;
constexpr double kLeastBusy = 0.005;
constexpr double kLeastShare = 0.05;    // percent: what is less busy has no row
constexpr uint64_t kFewestDelays = 20;  // fewer make no histogram

double ms(int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  return "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + escape_xml(title) +
         "</h2>\n" + body + "</section>\n";
}

std::string card(const std::string& body, const char* more = "") {
  return "<div class=\"card " + std::string(more) + "\">\n" + body + "</div>\n";
}

std::string head_row(const std::vector<std::string>& titles) {
  std::string row = "<thead><tr>";
  for (std::size_t i = 0; i < titles.size(); ++i) {
    row += element("th", titles[i], i == 0 ? "scope=\"col\"" : "scope=\"col\" class=\"number\"");
  }
  return row + "</tr></thead>\n";
}

std::string row(const std::string& name, const std::vector<std::string>& cells) {
  std::string text = "<tr>" + element("th", name, "scope=\"row\"");
  for (const std::string& cell : cells) text += element("td", cell, "class=\"number\"");
  return text + "</tr>\n";
}

double cores_used(const flow::FlowStats& stats) {
  double used = -1;
  for (const flow::ExecutorStats& executor : stats.executors) {
    if (executor.cpu_mean >= 0) used = std::max(0.0, used) + executor.cpu_mean;
  }
  return used;
}

// Upper case at the front, a full stop behind: the verdict's words are no sentence yet.
std::string sentence(std::string words) {
  if (words.empty()) return words;
  if (words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words + ".";
}

std::string verdict(const RunReport& report) {
  std::string body = element("p", sentence(report.verdict.words), "class=\"words\"");
  if (!report.verdict.advice.empty()) {
    body += element("p", sentence(report.verdict.advice), "class=\"small\"");
  }
  for (const SourceFailure& of : report.failed_sources) {
    body +=
        element("p", of.name + " could not be opened: " + of.error.to_string(), "class=\"bad\"");
  }
  if (report.first_failure) {
    body += element("p", "The first task that failed: " + report.first_failure->to_string(),
                    "class=\"bad\"");
  }
  for (const SinkReport& sink : report.sinks) {
    if (sink.first_error) {
      body += element("p", sink.name + ": " + sink.first_error->to_string(), "class=\"bad\"");
    }
  }
  return card(element("h3", "What held it back: " + std::string(name(report.verdict.limit))) + body,
              "verdict");
}

// The stream that has the most to tell.
const flow::StreamStats* largest(const flow::FlowStats& stats) {
  const flow::StreamStats* most = nullptr;
  for (const flow::StreamStats& stream : stats.streams) {
    if (most == nullptr || stream.window.done() > most->window.done()) most = &stream;
  }
  return most;
}

std::string streams_table(const flow::FlowStats& stats) {
  std::string rows;
  for (const flow::StreamStats& stream : stats.streams) {
    const flow::TaskCounts& tasks = stream.window;
    rows +=
        row(stream.name,
            {with_commas(tasks.done()),
             fixed(static_cast<double>(tasks.done()) / std::max(1e-9, stats.seconds()), 1),
             with_commas(tasks.skipped()), with_commas(tasks.dropped() + tasks.dropped_at_source),
             with_commas(tasks.failed()), format_ms(ms(stream.delay_from_admission.p50_ns)),
             format_ms(ms(stream.delay_from_admission.p95_ns)),
             format_ms(ms(stream.delay_from_admission.p99_ns))});
  }
  return card("<table>" +
                  head_row({"stream", "done", "per s", "skipped", "dropped", "failed", "delay p50",
                            "p95", "p99"}) +
                  "<tbody>\n" + rows + "</tbody></table>\n",
              "wide");
}

std::string stages_table(const flow::FlowStats& stats, int workers) {
  std::string rows;
  int left_out = 0;
  for (const flow::StageStats& stage : stats.stages) {
    const double share = 100 * stage.busy_mean / std::max(1, workers);
    if (stage.ended == 0) continue;
    if (share < kLeastShare) {
      ++left_out;
      continue;
    }
    rows += "<tr><th scope=\"row\">" + escape_xml(stage.name) +
            "<div class=\"bar\" style=\"width:" + fixed(std::clamp(share, 0.3, 100.0), 1) +
            "%\" aria-hidden=\"true\"></div></th>";
    for (const std::string& cell :
         {with_commas(stage.ended), fixed(share, 1) + " %", fixed(100 * stage.full_share, 0) + " %",
          format_ms(ms(stage.service.p50_ns)), format_ms(ms(stage.service.p95_ns)),
          format_ms(ms(stage.wait.p95_ns))}) {
      rows += element("td", cell, "class=\"number\"");
    }
    rows += "</tr>\n";
  }
  std::string about =
      "Busy is the share of all workers; queue is the time in which work waited for the stage.";
  if (left_out > 0)
    about += " " + std::to_string(left_out) + " stages that were hardly busy are left out.";
  return card("<table class=\"stages\">" + element("caption", about) +
                  head_row({"stage", "runs", "busy", "queue", "service p50", "p95", "wait p95"}) +
                  "<tbody>\n" + rows + "</tbody></table>\n",
              "wide");
}

std::vector<double> times(const RunRecord& record) {
  std::vector<double> seconds;
  for (const RunSample& sample : record.samples) seconds.push_back(sample.to_s);
  return seconds;
}

double mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// The busiest stages have a colour each; the rest share the last.
std::vector<ChartSeries> busy_series(const RunRecord& record) {
  std::vector<ChartSeries> all;
  for (std::size_t stage = 0; stage < record.stages.size(); ++stage) {
    ChartSeries series{record.stages[stage], {}};
    for (const RunSample& sample : record.samples) {
      series.values.push_back(stage < sample.busy.size() ? sample.busy[stage] : 0);
    }
    if (mean(series.values) >= kLeastBusy) all.push_back(std::move(series));
  }
  std::stable_sort(all.begin(), all.end(), [](const ChartSeries& a, const ChartSeries& b) {
    return mean(a.values) > mean(b.values);
  });
  if (all.size() <= kMostSeries) return all;
  ChartSeries rest{std::to_string(all.size() - kMostSeries) + " others",
                   std::vector<double>(record.samples.size(), 0)};
  for (std::size_t s = kMostSeries; s < all.size(); ++s) {
    for (std::size_t i = 0; i < rest.values.size(); ++i) rest.values[i] += all[s].values[i];
  }
  all.resize(kMostSeries);
  all.push_back(std::move(rest));
  return all;
}

std::string legend(const std::vector<ChartSeries>& series, const char* unit, double scale) {
  std::vector<std::string> names;
  std::vector<std::string> words;
  for (const ChartSeries& one : series) {
    names.push_back(one.name);
    words.push_back(fixed(mean(one.values) * scale, 1) + unit);
  }
  return chart_legend(names, words);
}

std::string busy_chart(const RunRecord& record) {
  const std::vector<ChartSeries> series = busy_series(record);
  return card(element("h3", "Occupancy") +
              element("p",
                      "Which stages the workers were in; the line is all " +
                          std::to_string(record.workers) + " of them.",
                      "class=\"small\"") +
              stacked_chart(times(record), series, record.workers,
                            "How busy the workers were over time, by stage") +
              legend(series, " %", 100.0 / std::max(1, record.workers)));
}

std::string rate_chart(const RunRecord& record) {
  std::vector<ChartSeries> series;
  for (const flow::StreamStats& stream : record.report.stats.streams) {
    ChartSeries one{stream.name, {}};
    for (const RunSample& sample : record.samples) {
      double rate = 0;
      for (const auto& [name, value] : sample.per_second) {
        if (name == stream.name) rate += value;
      }
      one.values.push_back(rate);
    }
    series.push_back(std::move(one));
  }
  return card(element("h3", "Throughput") +
              element("p", "Frames done in a second, by stream.", "class=\"small\"") +
              line_chart(times(record), series, "Frames done in a second over time, by stream") +
              legend(series, " /s", 1));
}

std::string queue_chart(const RunRecord& record) {
  std::vector<ChartSeries> series = {{"frames under way", {}}, {"jobs that wait for a worker", {}}};
  for (const RunSample& sample : record.samples) {
    series[0].values.push_back(sample.in_flight);
    series[1].values.push_back(sample.waiting);
  }
  return card(
      element("h3", "Queues") +
      element("p", "More frames under way mean more delay and no more speed.", "class=\"small\"") +
      line_chart(times(record), series, "Frames under way and jobs that wait, over time") +
      legend(series, "", 1));
}

std::string delay_charts(const RunRecord& record) {
  std::string charts;
  for (const flow::StreamStats& stream : record.report.stats.streams) {
    if (stream.delay_from_admission.count < kFewestDelays) continue;
    charts += card(element("h3", "Delay of " + stream.name) +
                   element("p", "From admission to the ordered result; frames by milliseconds.",
                           "class=\"small\"") +
                   delay_chart(stream));
  }
  return charts;
}

std::string files_list(const RunRecord& record) {
  std::string items;
  for (const std::string& file : record.files) {
    items += "<li><a href=\"" + escape_xml(file) + "\">" + escape_xml(file) + "</a></li>\n";
  }
  for (const SinkReport& sink : record.report.sinks) {
    items += element("li", sink_line(sink)) + "\n";
  }
  return items.empty() ? items : card("<ul class=\"plain\">\n" + items + "</ul>\n");
}

}  // namespace

Status write_page(const std::string& path, const std::string& text) {
  namespace fs = std::filesystem;
  std::error_code ignored;  // what is wrong shows when the file is opened
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, ignored);
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return Error(ErrorCode::kUnavailable, "cannot write it", path,
               "name a file in a folder that exists and has room");
}

std::string run_facts(const RunRecord& record) {
  const RunReport& report = record.report;
  const flow::TaskCounts& total = report.stats.total;
  const double seconds = std::max(1e-9, report.stats.seconds());
  const double used = cores_used(report.stats);
  std::string html = "<dl class=\"facts\">\n";
  html += fact("frames done", with_commas(total.done()), true) +
          fact("time", fixed(report.seconds, 1) + " s", true);
  html += fact("throughput", fixed(static_cast<double>(total.done()) / seconds, 1) + " /s", true);
  html += fact("findings", with_commas(report.findings), true);
  if (const flow::StreamStats* stream = largest(report.stats)) {
    html += fact("median delay of " + stream->name,
                 format_ms(ms(stream->delay_from_admission.p50_ns)), true);
    html += fact("95 % below", format_ms(ms(stream->delay_from_admission.p95_ns)), true);
  }
  if (used >= 0)
    html += fact("cores used", fixed(used, 1) + " of " + std::to_string(record.cores), true);
  if (report.reused > 0) {
    html += fact("from memory",
                 fixed(100.0 * static_cast<double>(report.reused) /
                           static_cast<double>(std::max<uint64_t>(1, report.findings)),
                       0) +
                     " %",
                 true);
  }
  return html + "</dl>\n" + verdict(report) +
         element("p",
                 "Made " + record.when + " by " + record.version + " on " + record.machine + ", " +
                     std::to_string(record.cores) + (record.cores == 1 ? " core." : " cores."),
                 "class=\"small\"");
}

std::string run_frames(const RunRecord& record) {
  if (record.shots.empty()) return {};
  std::string cards;
  for (const Shot& shot : record.shots) {
    cards += card(html::figure(shot) + html::list(shot.found), "shot");
  }
  return section("frames", "What was found", "<div class=\"cards frames\">\n" + cards + "</div>\n");
}

std::string run_details(const RunRecord& record) {
  std::string charts =
      busy_chart(record) + rate_chart(record) + delay_charts(record) + queue_chart(record);
  return section("streams", "Streams", streams_table(record.report.stats)) +
         section("over-time", "Over time", "<div class=\"cards charts\">\n" + charts + "</div>\n") +
         section("stages", "Stages", stages_table(record.report.stats, record.workers)) +
         section("pipeline", "What ran",
                 card("<div class=\"wide\">" + record.chart + "</div>\n") +
                     "<details class=\"card\"><summary>The pipeline as a file</summary>\n<pre>" +
                     escape_xml(record.config) + "</pre></details>\n") +
         section("written", "What was written", files_list(record));
}

std::string run_page(const RunRecord& record) {
  return html::document(
      "Weir: " + record.title,
      "<header>\n<h1>Weir <span>" + escape_xml(record.title) + "</span></h1>\n" +
          element("p", record.about, "class=\"lead\"") + run_facts(record) +
          "</header>\n<main id=\"main\">\n" + run_frames(record) + run_details(record) +
          "</main>\n<footer>" +
          escape_xml(
              "Busy, queue and delay are what the pipeline measured of itself while it ran.") +
          "</footer>\n");
}

}  // namespace weir::cli

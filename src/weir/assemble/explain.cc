#include "weir/assemble/explain.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "weir/assemble/explain_chart.h"
#include "weir/assemble/run_sinks.h"
#include "weir/config/write.h"

namespace weir {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between = ", ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string number(double value) {
  return config::Codec<double>::write(value).text();
}

std::string in_words(const KeepSpec& keep) {
  std::vector<std::string> words;
  if (!keep.labels.empty()) words.push_back(joined(keep.labels, " or "));
  if (keep.min_score) words.push_back("score from " + number(*keep.min_score));
  if (keep.min_side > 0) words.push_back("sides from " + number(keep.min_side) + " px");
  if (!keep.zone.empty()) words.emplace_back("inside the zone");
  if (keep.max_count > 0) words.push_back(std::to_string(keep.max_count) + " at most");
  return joined(words);
}

std::string in_words(const EverySpec& every) {
  if (every.seconds > 0) return "every " + number(every.seconds) + " s";
  return "every " + std::to_string(every.frames) + " frames";
}

// In quotes, as Mermaid reads it.
std::string in_quotes(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '"') {
      safe += "#quot;";
    } else if (c == '<') {
      safe += "#lt;";
    } else if (c == '\n') {
      safe += "<br/>";
    } else {
      safe += c;
    }
  }
  return "\"" + safe + "\"";
}

std::string id(const ChartNode& node) {
  constexpr const char* kKinds[] = {"source", "step", "sink"};
  std::string text = kKinds[static_cast<int>(node.kind)];
  text += std::to_string(node.number);
  return text;
}

// A node of the chart, in brackets that say what it is. The title of a sink is in its words.
std::string mermaid_node(const ChartNode& node) {
  constexpr const char* kOpen[] = {"([", "[", "[/"};
  constexpr const char* kClose[] = {"])", "]", "/]"};
  const auto kind = static_cast<int>(node.kind);
  std::string label = node.kind == ChartKind::kSink ? std::string() : node.title;
  for (const std::string& words : node.lines) label += (label.empty() ? "" : "\n") + words;
  if (!node.queue.empty()) label += "\nqueue: " + node.queue;
  return id(node) + kOpen[kind] + in_quotes(label) + kClose[kind];
}

}  // namespace

std::string in_words(const SourceSpec& source) {
  std::vector<std::string> paths;
  for (const config::FilePath& path : source.pictures) paths.push_back(path.path);
  std::string text = "pictures " + joined(paths);
  if (!source.video.empty()) text = "video " + source.video.path;
  if (!source.sequence.empty()) text = "pictures " + source.sequence.path;
  if (source.scene) text = "a drawn street";
  if (source.fps > 0) text += ", at most " + config::number_text(source.fps) + " a second";
  if (source.every > 1) text += ", each " + std::to_string(source.every) + "th";
  if (source.loop == 0) text += ", for ever";
  if (source.loop > 1) text += ", " + std::to_string(source.loop) + " times";
  if (source.pace == SourceSpec::Pace::kReal) text += ", at its own pace";
  if (source.live) text += ", the newest wins";
  return source.steps.empty() ? text : text + ", for " + joined(source.steps, " and ");
}

std::string in_words(const ModelSpec& model) {
  std::string text = model.use;
  if (!model.file.empty()) text = std::filesystem::path(model.file.path).filename().string();
  if (!model.components.empty()) {
    text = std::to_string(model.components.size()) + " files";
  }
  if (!model.family.empty()) text += " (" + model.family + ")";
  if (model.backend != "auto") text += " on " + model.backend;
  if (model.instances > 1) text += ", " + std::to_string(model.instances) + " instances";
  return text;
}

std::string in_words(const StepSpec& step) {
  std::string text = step.model;
  if (step.tracks()) text = config::Codec<TrackSpec::By>::write(step.track.by).text();
  if (step.truth) text = "what the source knows";
  text += step.on.empty() ? ", the whole frame" : ", on " + joined(step.on, " and ");
  if (step.score) text += ", score from " + number(*step.score);
  const std::string keep = in_words(step.keep);
  if (!keep.empty()) text += ", keeps " + keep;
  if (!step.every.is_always()) text += ", " + in_words(step.every);
  if (step.per == PerSpec::kTrack) text += ", once per track";
  if (step.priority != 0) text += ", priority " + std::to_string(step.priority);
  return text;
}

std::string in_words(const SinkSpec& sink) {
  const auto format = sink.format();
  if (!format) return "nothing";
  std::string text = std::string(name(*format)) + " " + sink.path(*format);
  if (!sink.steps.empty()) text += ", of " + joined(sink.steps);
  return sink.sources.empty() ? text : text + ", from " + joined(sink.sources);
}

std::string queue_words(const SourceSpec& source, const FlowSpec& flow) {
  if (source.live) return "the newest frame";
  if (flow.credits > 0) return std::to_string(flow.credits) + " frames under way";
  return "as many frames as keep the workers busy";
}

std::string queue_words(const SinkSpec& sink, const PipelineSpec& spec) {
  bool holds = false;
  bool drops = false;
  for (const auto& [name, source] : spec.sources) {
    const bool taken = sink.sources.empty() || std::find(sink.sources.begin(), sink.sources.end(),
                                                         name) != sink.sources.end();
    if (!taken) continue;
    const RunSinks::Full full = RunSinks::when_full(source);
    holds |= full == RunSinks::Full::kHold;
    drops |= full == RunSinks::Full::kDrop;
  }
  const std::string bound = std::to_string(RunSinks::kQueue) + " results";
  const std::string without = "it does without what comes, and counts it";
  if (holds && drops) {
    return bound + "; full: of live sources " + without + ", the others are read more slowly";
  }
  if (holds) return bound + "; full: its sources are read more slowly";
  return drops ? bound + "; full: " + without : bound;
}

std::string to_mermaid(const PipelineSpec& spec) {
  const ExplainChart chart = chart_of(spec);
  std::string text = "flowchart LR\n";
  const auto line = [&](const std::string& words) { text += "  " + words + "\n"; };
  const auto shown = [&](ChartKind kind) {
    for (const ChartNode& node : chart.nodes) {
      if (node.kind == kind) line(mermaid_node(node));
    }
  };
  shown(ChartKind::kSource);
  line("subgraph executor[" + in_quotes(joined(chart.executors, "\n")) + "]");
  shown(ChartKind::kStep);
  line("end");
  shown(ChartKind::kSink);
  for (const ChartEdge& edge : chart.edges) {
    const std::string arrow =
        edge.label.empty() ? " --> " : " -- " + in_quotes(edge.label) + " --> ";
    line(id(chart.nodes[edge.from]) + arrow + id(chart.nodes[edge.to]));
  }
  return text;
}

}  // namespace weir

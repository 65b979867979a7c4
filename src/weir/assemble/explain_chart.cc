#include "weir/assemble/explain_chart.h"

#include <algorithm>

#include "weir/assemble/explain.h"
#include "weir/assemble/explain_executors.h"

namespace weir {
namespace {

class Chart {
 public:
  explicit Chart(const PipelineSpec& spec) : spec_(spec), who_(executors_of(spec)) {}

  ExplainChart make() {
    for (const ExplainExecutor& executor : who_.executors) {
      chart_.executors.push_back("executor " + executor.name + ", " + executor.words);
    }
    add_nodes();
    for (std::size_t source = 0; source < spec_.sources.size(); ++source) feed_from(source);
    for (std::size_t step = 0; step < spec_.steps.size(); ++step) {
      for (const std::string& on : spec_.steps[step].second.on)
        connect(step_node(on), step_at(step));
    }
    for (std::size_t sink = 0; sink < spec_.sinks.size(); ++sink) drain_to(sink);
    return std::move(chart_);
  }

 private:
  std::size_t step_at(std::size_t step) const { return spec_.sources.size() + step; }
  std::size_t step_node(const std::string& name) const {
    return step_at(static_cast<std::size_t>(spec_.step(name)));
  }
  void connect(std::size_t from, std::size_t to, std::string label = {}) {
    chart_.edges.push_back({from, to, std::move(label)});
  }

  void add_nodes() {
    for (std::size_t i = 0; i < spec_.sources.size(); ++i) {
      const auto& [name, source] = spec_.sources[i];
      chart_.nodes.push_back({ChartKind::kSource, i, name, {in_words(source)}, 0});
    }
    const std::size_t first = chart_.nodes.size();
    for (std::size_t i = 0; i < spec_.steps.size(); ++i) {
      const auto& [name, step] = spec_.steps[i];
      ChartNode node{ChartKind::kStep, i, name, {in_words(step)}, 1};
      if (const ModelSpec* model = spec_.model(step.model)) node.lines.push_back(in_words(*model));
      // Where there is one executor, the frame around all steps says it.
      if (who_.executors.size() > 1) node.lines.push_back(who_.stages_in_words(i));
      chart_.nodes.push_back(std::move(node));
    }
    int last = 1;
    for (const int32_t number : order_of(spec_)) {
      ChartNode& node = chart_.nodes[first + static_cast<std::size_t>(number)];
      for (const std::string& on : spec_.steps[static_cast<std::size_t>(number)].second.on) {
        node.column = std::max(node.column, chart_.nodes[step_node(on)].column + 1);
      }
      last = std::max(last, node.column);
    }
    for (std::size_t i = 0; i < spec_.sinks.size(); ++i) {
      const SinkSpec& sink = spec_.sinks[i];
      const auto format = sink.format();
      const std::string title = format ? std::string(name(*format)) : std::string("nothing");
      chart_.nodes.push_back(
          {ChartKind::kSink, i, title, {in_words(sink)}, last + 1, queue_words(sink, spec_)});
    }
  }

  // Whether a source's frames come to a step: all do, or those that it names and what they need.
  bool wants(const SourceSpec& source, const std::string& step) const {
    if (source.steps.empty()) return true;
    return std::any_of(source.steps.begin(), source.steps.end(),
                       [&](const std::string& wanted) { return needs(wanted, step); });
  }
  bool needs(const std::string& step, const std::string& other) const {
    if (step == other) return true;
    const StepSpec& of = spec_.steps[static_cast<std::size_t>(spec_.step(step))].second;
    return std::any_of(of.on.begin(), of.on.end(),
                       [&](const std::string& on) { return needs(on, other); });
  }

  void feed_from(std::size_t source) {
    const SourceSpec& of = spec_.sources[source].second;
    for (std::size_t step = 0; step < spec_.steps.size(); ++step) {
      const auto& [name, what] = spec_.steps[step];
      if (what.on.empty() && wants(of, name)) {
        connect(source, step_at(step), queue_words(of, spec_.flow));
      }
    }
  }

  // A sink takes what its steps say; without a choice, what nothing else looks at ends there.
  void drain_to(std::size_t sink) {
    const std::size_t node = spec_.sources.size() + spec_.steps.size() + sink;
    const std::vector<std::string>& chosen = spec_.sinks[sink].steps;
    for (const std::string& name : chosen) connect(step_node(name), node);
    if (!chosen.empty()) return;
    for (std::size_t step = 0; step < spec_.steps.size(); ++step) {
      const std::string& name = spec_.steps[step].first;
      const bool is_last = std::none_of(spec_.steps.begin(), spec_.steps.end(), [&](const auto& s) {
        return std::find(s.second.on.begin(), s.second.on.end(), name) != s.second.on.end();
      });
      if (is_last) connect(step_at(step), node);
    }
  }

  const PipelineSpec& spec_;
  const ExplainExecutors who_;
  ExplainChart chart_;
};

}  // namespace

ExplainChart chart_of(const PipelineSpec& spec) {
  return Chart(spec).make();
}

}  // namespace weir

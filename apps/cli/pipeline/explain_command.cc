// weir explain: what a pipeline does, as text and as a drawing.
#include <memory>
#include <string>
#include <utility>

#include "apps/cli/command.h"
#include "apps/cli/json.h"
#include "apps/cli/pipeline/pipeline_file.h"
#include "apps/cli/table.h"
#include "weir/assemble/explain.h"
#include "weir/assemble/explain_executors.h"
#include "weir/assemble/explain_svg.h"

namespace weir::cli {
namespace {

struct ExplainArguments {
  PipelineArgument pipeline;
  bool mermaid = false;
  bool svg = false;
};

Json stages_json(const PipelineSpec& spec, const ExplainExecutors& who) {
  Json stages = Json::object();
  for (std::size_t i = 0; i < spec.steps.size(); ++i) {
    for (const ExplainStage& stage : who.steps[i]) {
      stages[spec.steps[i].first][stage.name] = {{"executor", stage.executor},
                                                 {"bounds", stage.bounds}};
    }
  }
  return stages;
}

Json explain_json(const PipelineSpec& spec) {
  Json sources = Json::object();
  for (const auto& [name, source] : spec.sources) sources[name] = in_words(source);
  Json queues = Json::object();
  for (const auto& [name, source] : spec.sources) queues[name] = queue_words(source, spec.flow);
  Json models = Json::object();
  for (const auto& [name, model] : spec.models) models[name] = in_words(model);
  Json steps = Json::object();
  for (const auto& [name, step] : spec.steps) {
    steps[name] = {{"does", in_words(step)}, {"on", step.on}};
  }
  const ExplainExecutors who = executors_of(spec);
  Json executors = Json::object();
  for (const ExplainExecutor& executor : who.executors) executors[executor.name] = executor.words;
  Json sinks = Json::array();
  Json sink_queues = Json::array();
  for (const SinkSpec& sink : spec.sinks) {
    sinks.push_back(in_words(sink));
    sink_queues.push_back(queue_words(sink, spec));
  }
  Json order = Json::array();
  for (const int32_t step : order_of(spec)) {
    order.push_back(spec.steps[static_cast<std::size_t>(step)].first);
  }
  return {{"sources", std::move(sources)},
          {"models", std::move(models)},
          {"steps", std::move(steps)},
          {"order", std::move(order)},
          {"sinks", std::move(sinks)},
          {"executors", std::move(executors)},
          {"stages", stages_json(spec, who)},
          {"queues", std::move(queues)},
          {"sink_queues", std::move(sink_queues)},
          {"mermaid", to_mermaid(spec)},
          {"svg", to_svg(spec)}};
}

void explain_text(const PipelineSpec& spec, Context& context) {
  Table table({{""}, {""}, {""}});
  std::string kind = "sources";
  const auto row = [&](const std::string& name, const std::string& words) {
    table.row({std::exchange(kind, ""), name, words});
  };
  for (const auto& [name, source] : spec.sources) row(name, in_words(source));
  kind = "models";
  for (const auto& [name, model] : spec.models) row(name, in_words(model));
  kind = "steps";
  for (const int32_t number : order_of(spec)) {
    const auto& [name, step] = spec.steps[static_cast<std::size_t>(number)];
    row(name, in_words(step));
  }
  const ExplainExecutors who = executors_of(spec);
  kind = "executors";
  for (const ExplainExecutor& executor : who.executors) row(executor.name, executor.words);
  kind = "stages";
  for (const int32_t number : order_of(spec)) {
    const auto step = static_cast<std::size_t>(number);
    row(spec.steps[step].first, who.stages_in_words(step));
  }
  kind = "queues";
  for (const auto& [name, source] : spec.sources) row(name, queue_words(source, spec.flow));
  kind = "sinks";
  for (const SinkSpec& sink : spec.sinks) {
    row("", in_words(sink));
    row("", "  queue: " + queue_words(sink, spec));
  }
  context.out << table.render(context.terminal);
}

Status run(ExplainArguments& arguments, Context& context) {
  WEIR_ASSIGN(const PipelineSpec spec, read_pipeline(arguments.pipeline));
  if (context.json) {
    context.out << print(explain_json(spec));
  } else if (arguments.mermaid) {
    context.out << to_mermaid(spec);
  } else if (arguments.svg) {
    context.out << to_svg(spec);
  } else {
    explain_text(spec, context);
  }
  return {};
}

}  // namespace

Command explain_command() {
  auto a = std::make_shared<ExplainArguments>();
  std::vector<Option> table = a->pipeline.table();
  table.push_back({.flags = "--mermaid",
                   .target = &a->mermaid,
                   .help = "As a Mermaid flow chart, which Markdown pages draw"});
  table.push_back(
      {.flags = "--svg", .target = &a->svg, .help = "As a picture: an SVG file on stdout"});
  return {.name = "explain",
          .summary = "Show what a pipeline does, as text or as a drawing",
          .details = "Looks at the file alone: loads no model, opens no source.",
          .examples = {"weir explain street.yaml", "weir explain street.yaml --mermaid",
                       "weir explain street.yaml --svg > street.svg"},
          .options = std::move(table),
          .run = [a](Context& context) { return run(*a, context); }};
}

}  // namespace weir::cli

// weir run: a pipeline file from its sources to its sinks.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "apps/cli/command.h"
#include "apps/cli/find_model.h"
#include "apps/cli/globals.h"
#include "apps/cli/interrupt.h"
#include "apps/cli/pipeline/live_view.h"
#include "apps/cli/pipeline/pipeline_file.h"
#include "apps/cli/pipeline/quick_pipeline.h"
#include "apps/cli/pipeline/run_report.h"
#include "apps/cli/report/run_page.h"
#include "apps/cli/report/run_recorder.h"
#include "weir/assemble/check_inputs.h"
#include "weir/assemble/run_pipeline.h"
#include "weir/config/merge.h"
#include "weir/config/write.h"
#include "weir/data/finding_json.h"

namespace weir::cli {
namespace {

struct RunArguments {
  PipelineArgument pipeline;
  QuickOptions quick;
  bool print = false;
  bool print_config = false;
  std::string report;
  std::string trace;
};

// The tree of the file, or that of the options; with what is set behind it.
Result<config::Node> tree_of(const RunArguments& arguments) {
  const PipelineArgument& pipeline = arguments.pipeline;
  if (is_pipeline_file(pipeline.file())) {
    if (!arguments.quick.any()) return pipeline_tree(pipeline);
    return Error(ErrorCode::kInvalidArgument,
                 "--detect, --track, --then, --keep, --score and --save stand for a pipeline, and "
                 "this is one",
                 pipeline.file(), "set keys behind it, such as steps.objects.score=0.5");
  }
  std::vector<std::string> media;
  std::vector<std::string> assignments;
  for (const std::string& word : pipeline.words) {
    std::error_code unknown;
    const bool sets =
        word.find('=') != std::string::npos && !std::filesystem::exists(word, unknown);
    (sets ? assignments : media).push_back(word);
  }
  WEIR_ASSIGN(config::Node tree, quick_pipeline(arguments.quick, media));
  for (const std::string& assignment : assignments) {
    WEIR_ASSIGN(tree, config::apply_override(tree, assignment));
  }
  return tree;
}

constexpr std::size_t kTraceEvents = std::size_t{1} << 20;

std::string count_of(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// The page about the run, beside the other things that a user asked for.
Status write_report(const RunArguments& arguments, RunRecorder& recorder, const PipelineSpec& spec,
                    const RunReport& report) {
  RunRecord record = recorder.finish(report);
  const std::string& first = arguments.pipeline.file();
  record.title = std::filesystem::path(first).filename().string();
  record.about = count_of(spec.sources.size(), "source") + " through " +
                 count_of(spec.steps.size(), "step") + " and " +
                 count_of(spec.models.size(), "model") + " into " +
                 count_of(spec.sinks.size(), "sink") + ".";
  return write_page(arguments.report, run_page(record));
}

Status tell(const RunArguments& arguments, const RunReport& report, const Detections& detections,
            Context& context) {
  if (!context.json) {
    print_report(report, detections, context);
    return {};
  }
  (arguments.print ? context.err : context.out) << print(report_json(report, detections));
  context.answered = true;
  return {};
}

// Before anything of the pipeline is made, so that its making is logged, too.
Status start_log_of(const PipelineSpec& spec, const Context& context) {
  if (!spec.log) return {};
  Status started = start_log(context, *spec.log);
  if (!started) return std::move(started).error().at(spec.place({"log"}));
  return {};
}

// What is written beside the files of the sinks.
Status check_other_files(const RunArguments& arguments, const PipelineSpec& spec) {
  if (arguments.report.empty() && arguments.trace.empty()) return {};
  const InputFiles inputs = InputFiles::of(spec);
  WEIR_TRY(inputs.check_kept_by(arguments.report));
  return inputs.check_kept_by(arguments.trace);
}

Status run(RunArguments& arguments, Context& context) {
  WEIR_ASSIGN(const config::Node tree, tree_of(arguments));
  WEIR_ASSIGN(PipelineSpec spec, read_pipeline_spec(tree));
  if (arguments.print_config) {
    context.out << config::to_yaml(tree);
    return {};
  }
  WEIR_TRY(check_other_files(arguments, spec));
  WEIR_TRY(start_log_of(spec, context));
  WEIR_ASSIGN(const auto runtime,
              Runtime::create({.threads = arguments.pipeline.threads,
                               .trace_events = arguments.trace.empty() ? 0 : kTraceEvents}));
  const Interrupt interrupt;
  catalogue::PullOptions pull = pull_options(context);
  pull.stop = interrupt.token();
  WEIR_ASSIGN(const auto pipe, Pipeline::make(*runtime, std::move(spec), pull));
  LiveView view(context, *pipe);
  std::optional<RunRecorder> recorder;
  if (!arguments.report.empty()) recorder.emplace(*pipe);
  RunOptions options;
  options.stop = interrupt.token();
  options.progress = [&](const RunProgress& now) {
    view.update(now);
    if (recorder) recorder->sample();
  };
  std::string line;
  options.on_task = [&](const Task& task) {
    view.see(task);
    if (recorder) recorder->see(task);
    if (!arguments.print) return;
    line.clear();
    append_task_json(line, task);
    context.out << line << std::endl;
  };
  WEIR_ASSIGN(const RunReport report, run_pipeline(*pipe, options));
  view.clear();
  WEIR_TRY(tell(arguments, report, view.detections(), context));
  if (recorder) WEIR_TRY(write_report(arguments, *recorder, pipe->spec(), report));
  if (runtime->trace() != nullptr) WEIR_TRY(runtime->trace()->write(arguments.trace));
  return verdict_of(report);
}

}  // namespace

Command run_command() {
  auto a = std::make_shared<RunArguments>();
  std::vector<Option> table = a->pipeline.table();
  for (Option& option : a->quick.table()) table.push_back(std::move(option));
  table.push_back({.flags = "--print-config",
                   .target = &a->print_config,
                   .help = "Print the file that all this stands for, and run nothing"});
  table.push_back({.flags = "--report",
                   .target = &a->report,
                   .help = "Write a page about the run: figures, frames, charts; one HTML file",
                   .value = "FILE"});
  table.push_back({.flags = "--trace",
                   .target = &a->trace,
                   .help = "Write what ran when, for chrome://tracing or ui.perfetto.dev",
                   .value = "FILE"});
  table.push_back({.flags = "--print",
                   .target = &a->print,
                   .help = "Write each result to stdout, too, as a line of JSON"});
  return {.name = "run",
          .summary = "Run a pipeline: sources, models, trackers, sinks",
          .details =
              "A pipeline's file, or media with --detect. Ctrl-C ends the sources, finishes what "
              "is under way, and reports; a second one "
              "ends at once.\nThe exit code is 1 if a source could not be opened, a task failed or "
              "a result could not be written.",
          .examples = {"weir run street.yaml",
                       "weir run street.mp4 --detect ssd-mobilenet-v2-oid --track bytetrack "
                       "--save out/",
                       "weir run street.yaml steps.objects.score=0.5 flow.mode=latency",
                       "weir run street.yaml --report street.html --trace street.json",
                       "weir run street.yaml --json"},
          .options = std::move(table),
          .run = [a](Context& context) { return run(*a, context); }};
}

}  // namespace weir::cli

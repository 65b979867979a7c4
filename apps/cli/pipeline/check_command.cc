// weir check: everything of a pipeline that can be known before it runs.
#include <memory>
#include <string>
#include <utility>

#include "apps/cli/command.h"
#include "apps/cli/find_model.h"
#include "apps/cli/interrupt.h"
#include "apps/cli/json.h"
#include "apps/cli/pipeline/pipeline_file.h"
#include "weir/assemble/check_findings.h"
#include "weir/assemble/check_inputs.h"
#include "weir/assemble/pipeline.h"
#include "weir/config/schema.h"
#include "weir/config/write.h"
#include "weir/ops/draw/painter.h"

namespace weir::cli {
namespace {

struct CheckArguments {
  PipelineArgument pipeline;
  bool file_only = false;
  bool schema = false;
};

// The sources are opened, so that a file that is not there is known, and closed again. Sinks are
// not: they would replace what is there.
Status open_sources(const PipelineSpec& spec) {
  for (const auto& [name, source] : spec.sources) {
    auto opened = open_source(source);
    if (!opened) return std::move(opened).error().at(spec.place({"sources", name}));
  }
  return {};
}

// What drawings are made with is opened by their sinks alone.
Status check_fonts(const PipelineSpec& spec) {
  for (std::size_t i = 0; i < spec.sinks.size(); ++i) {
    auto painter = Painter::open(spec.sinks[i].draw);
    if (painter) continue;
    return spec.placed(std::move(painter).error(), {"sinks", std::to_string(i), "draw", "font"});
  }
  return {};
}

// What the names of the catalogue tell of a pipeline whose models are not loaded.
Status check_named(const PipelineSpec& spec) {
  FamilyRegistry families;
  WEIR_TRY(add_builtin_families(families));
  WEIR_ASSIGN(const catalogue::Catalogue names, catalogue::Catalogue::load());
  return check_findings(spec, known_models(spec, families, &names));
}

Json models_json(const Pipeline& pipe) {
  Json list = Json::array();
  for (const PipelineModel& used : pipe.models()) {
    const ModelReport& report = used.model->parts().front()->report();
    list.push_back({{"step", used.name},
                    {"family", used.model->info().name},
                    {"backend", report.backend},
                    {"lanes", used.lanes},
                    {"labels", used.model->labels() ? used.model->labels()->size() : 0}});
  }
  return list;
}

Status run(CheckArguments& arguments, Context& context) {
  if (arguments.schema) {
    context.out << config::to_json(config::json_schema(config::table_of<PipelineSpec>()), 2)
                << '\n';
    return {};
  }
  if (arguments.pipeline.words.empty()) {
    return Error(ErrorCode::kInvalidArgument, "FILE is missing", "check",
                 "name the file, or ask for --schema");
  }
  WEIR_ASSIGN(PipelineSpec spec, read_pipeline(arguments.pipeline));
  const std::string file = arguments.pipeline.file();
  Json json = {{"file", file}, {"ok", true}, {"steps", spec.step_names()}};
  if (arguments.file_only) {
    WEIR_TRY(check_named(spec));
  } else {
    WEIR_TRY(open_sources(spec));
    WEIR_TRY(check_inputs_are_kept(spec));
    WEIR_TRY(check_fonts(spec));
    WEIR_ASSIGN(const auto runtime, Runtime::create({.threads = arguments.pipeline.threads}));
    const Interrupt interrupt;
    catalogue::PullOptions pull = pull_options(context);
    pull.stop = interrupt.token();
    WEIR_ASSIGN(const auto pipe, Pipeline::make(*runtime, std::move(spec), pull));
    json["models"] = models_json(*pipe);
  }
  if (context.json) {
    context.out << print(json);
  } else {
    context.out << file << ": is right\n";
  }
  return {};
}

}  // namespace

Command check_command() {
  auto a = std::make_shared<CheckArguments>();
  std::vector<Option> table = a->pipeline.table();
  table.front().required = false;  // not with --schema
  table.push_back({.flags = "--schema",
                   .target = &a->schema,
                   .help = "Print the JSON Schema of the file, for editors"});
  table.push_back({.flags = "--file-only",
                   .target = &a->file_only,
                   .help = "Look at the file alone: load no model, open no source"});
  return {.name = "check",
          .summary = "Say what is wrong with a pipeline, without running it",
          .details =
              "Reads the file, opens the sources and loads the models; a sink is not "
              "touched. An error names\nfile, line and column, and what to write instead.",
          .examples = {"weir check street.yaml", "weir check street.yaml --file-only"},
          .options = std::move(table),
          .run = [a](Context& context) { return run(*a, context); }};
}

}  // namespace weir::cli

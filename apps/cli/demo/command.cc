// weir demo: runs what the catalogue has, and shows it on one page.
#include "apps/cli/command.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <memory>

#include "apps/cli/demo/page.h"
#include "apps/cli/demo/report.h"
#include "apps/cli/demo/run_model.h"
#include "apps/cli/demo/scenes.h"
#include "apps/cli/demo/street_run.h"
#include "apps/cli/interrupt.h"
#include "apps/cli/json.h"
#include "apps/cli/machine.h"
#include "apps/cli/pipeline/run_report.h"
#include "apps/cli/progress.h"
#include "apps/cli/report/run_page.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "apps/cli/version_text.h"
#include "weir/assemble/runtime.h"
#include "weir/base/cpu.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {
  std::string out = "out/demo";
  std::vector<std::string> only;
  double video_seconds = 0;
  bool street_only = false;
  demo::Plan plan;
};

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &parts);
  return {text.data(), length};
}

demo::Report start_report(const Runtime& runtime, const demo::Plan& plan) {
  demo::Report report;
  report.version = version_line();
  report.when = local_time();
  report.machine = cpu_name();
  report.system = system_name();
  report.cores = usable_cores();
  report.warm_up = plan.warm_up;
  report.seconds = plan.seconds;
  for (const auto& backend : runtime.backends().all()) {
    if (backend->name() != "fake") {
      report.backends.push_back(std::string(backend->name()) + " " +
                                short_version(backend->version()));
    }
  }
  return report;
}

// The models of the built-in catalogue that can be read here, or those that were named.
Result<std::vector<catalogue::Entry>> choose_entries(Runtime& runtime, const DemoOptions& options) {
  std::vector<catalogue::Entry> chosen;
  WEIR_ASSIGN(const catalogue::Catalogue* names, runtime.catalogue());
  for (const std::string& name : options.only) {
    WEIR_ASSIGN(catalogue::Entry entry, names->find(name));
    chosen.push_back(std::move(entry));
  }
  if (!options.only.empty()) return chosen;
  WEIR_ASSIGN(const catalogue::Catalogue built_in, catalogue::Catalogue::built_in());
  for (const catalogue::Entry& entry : built_in.entries()) {
    const bool model = entry.kind == catalogue::EntryKind::kModel;
    if (model && demo::is_readable(runtime, entry)) chosen.push_back(entry);
  }
  if (!chosen.empty()) return chosen;
  return Error(ErrorCode::kUnavailable, "no back end of this build reads a model of the catalogue",
               "demo", "`weir doctor` tells how to get one");
}

std::string outcome(const demo::ModelResult& model) {
  if (!model.error.empty()) return "failed: " + model.error;
  std::string text;
  for (const demo::BackendResult& result : model.backends) {
    text += (text.empty() ? "" : ", ") + result.backend + " " +
            (result.error.empty() ? format_ms(result.median_ms()) : "failed: " + result.error);
  }
  return text;
}

Json model_json(const demo::ModelResult& model) {
  Json backends = Json::array();
  for (const demo::BackendResult& result : model.backends) {
    Json one = {{"backend", result.backend}, {"version", result.version}};
    if (result.error.empty()) {
      one["median_ms"] = result.median_ms();
      one["p90_ms"] = static_cast<double>(result.timing.p90_ns) / 1e6;
      one["runs"] = result.timing.count;
    } else {
      one["error"] = result.error;
    }
    backends.push_back(std::move(one));
  }
  return {{"name", model.name},   {"task", model.task},        {"ok", model.ok()},
          {"error", model.error}, {"input", model.input_note}, {"backends", backends}};
}

Json scene_json(const demo::Scene& scene) {
  Json pictures = Json::array();
  for (const Shot& shot : scene.shots) {
    pictures.push_back({{"picture", shot.caption}, {"found", shot.found}});
  }
  return {{"title", scene.title},
          {"models", scene.models},
          {"pictures", pictures},
          {"error", scene.error}};
}

Json report_json(const demo::Report& report, const std::string& page) {
  Json models = Json::array();
  for (const demo::ModelResult& model : report.models) models.push_back(model_json(model));
  Json scenes = Json::array();
  for (const demo::Scene& scene : report.scenes) scenes.push_back(scene_json(scene));
  Json json = {{"version", report.version},
               {"machine", report.machine},
               {"cores", report.cores},
               {"page", page}};
  if (report.street) json["run"] = cli::report_json(report.street->report);
  if (!report.street_error.empty()) json["run_error"] = report.street_error;
  json["models"] = models;
  json["scenes"] = scenes;
  return json;
}

Status make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return {};
  return Error(ErrorCode::kUnavailable, "cannot make the folder: " + error.message(), folder,
               "choose another with --out");
}

// The models that ran: what else is there has no part in the scenes.
std::vector<std::string> names_of(const demo::Report& report) {
  std::vector<std::string> names;
  for (const demo::ModelResult& model : report.models) {
    if (model.ok()) names.push_back(model.name);
  }
  return names;
}

Status verdict(const demo::Report& report, const std::string& page) {
  if (!report.street_error.empty()) {
    return Error(ErrorCode::kUnavailable, "the street was not run", "demo", report.street_error);
  }
  if (report.street) WEIR_TRY(verdict_of(report.street->report));
  for (const demo::Scene& scene : report.scenes) {
    if (scene.error.empty()) continue;
    return Error(ErrorCode::kUnavailable, "the scene '" + scene.title + "' failed", "demo",
                 scene.error);
  }
  const std::size_t failed = report.failed();
  if (failed == 0) return {};
  return Error(
      ErrorCode::kUnavailable,
      std::to_string(failed) + " of " + std::to_string(report.models.size()) + " models failed",
      "demo", "the reasons are in " + page);
}

// What goes wrong stands on the page; the rest is shown all the same.
void play_street(const DemoOptions& options, demo::Report& report, const Context& context) {
  auto record = demo::run_street(options.out, options.video_seconds, context);
  if (!record) {
    report.street_error = record.error().to_string();
    context.note("street: failed: " + report.street_error);
    return;
  }
  const flow::TaskCounts& total = record->report.stats.total;
  context.note("street: " + with_commas(total.done()) + " frames in " +
               fixed(record->report.seconds, 1) + " s; " + record->report.verdict.words);
  report.street = std::move(record).value();
}

Status run_models(const DemoOptions& options, demo::Report& report, Runtime& runtime,
                  Context& context) {
  WEIR_ASSIGN(const auto entries, choose_entries(runtime, options));
  Progress progress(context);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (context.stop.stop_requested()) {
      progress.finish();
      return Error(ErrorCode::kCancelled, "stopped", "demo");
    }
    progress.update(entries[i].name, i, entries.size(), false);
    for (auto& model : demo::run_entry(runtime, entries[i], options.plan, context)) {
      progress.finish(model.name + ": " + outcome(model));
      report.models.push_back(std::move(model));
    }
  }
  progress.update("scenes", 0, 0, false);
  report.scenes = demo::play_scenes(runtime, names_of(report), options.plan.picture, context);
  progress.finish();
  for (const demo::Scene& scene : report.scenes) {
    context.note(scene.title + ": " + (scene.error.empty() ? "shown" : "failed: " + scene.error));
  }
  return {};
}

Status run(const DemoOptions& options, Context& context) {
  if (options.plan.seconds <= 0) {
    return Error(ErrorCode::kInvalidArgument, "--seconds is more than 0", "demo");
  }
  WEIR_ASSIGN(const auto runtime, Runtime::create({.take_turns = true}));
  WEIR_TRY(choose_entries(*runtime, options));
  WEIR_TRY(make_folder(options.out));
  demo::Report report = start_report(*runtime, options.plan);
  const Interrupt interrupt;
  context.stop = interrupt.token();
  // Whoever wants certain models, or looks at a picture of their own, wants no street.
  if (options.only.empty() && options.plan.picture.empty()) play_street(options, report, context);
  if (!options.street_only) WEIR_TRY(run_models(options, report, *runtime, context));
  const fs::path page = fs::path(options.out) / "index.html";
  WEIR_TRY(write_page(page.string(), demo::page(report)));
  const Json json = report_json(report, page.string());
  WEIR_TRY(write_page((fs::path(options.out) / "results.json").string(), print(json)));
  context.out << (context.json ? print(json) : page.string() + "\n");
  context.answered = context.json;
  return verdict(report, page.string());
}

}  // namespace

Command demo_command() {
  auto o = std::make_shared<DemoOptions>();
  return {.name = "demo",
          .summary = "A street and pictures through one pipeline, and every model, on one page",
          .details =
              "The first run fetches the models; later ones need no network. Prints the path "
              "of the page.",
          .examples = {"weir demo", "weir demo --only ssd-mobilenet-v2-oid --out /tmp/demo"},
          .options = {{.flags = "-o,--out",
                       .target = &o->out,
                       .help = "Where the page goes; default: out/demo",
                       .value = "FOLDER"},
                      {.flags = "--only",
                       .target = &o->only,
                       .help = "Only this entry of the catalogue (may be given again)",
                       .value = "NAME"},
                      {.flags = "--picture",
                       .target = &o->plan.picture,
                       .help = "Show this picture to the models instead of their samples",
                       .value = "FILE"},
                      {.flags = "--seconds",
                       .target = &o->plan.seconds,
                       .help = "How long each model is measured on each back end; default: 0.5",
                       .value = "S"},
                      {.flags = "--street",
                       .target = &o->street_only,
                       .help = "Only the run of the street and the pictures"},
                      {.flags = "--video-seconds",
                       .target = &o->video_seconds,
                       .help = "How much of the street is shown; default: all",
                       .value = "S"}},
          .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli

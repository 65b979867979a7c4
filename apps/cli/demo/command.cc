// weir demo: runs what the catalogue has, and shows it on one page.
#include "apps/cli/command.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>

#include "apps/cli/demo/page.h"
#include "apps/cli/demo/report.h"
#include "apps/cli/demo/run_model.h"
#include "apps/cli/json.h"
#include "apps/cli/machine.h"
#include "apps/cli/progress.h"
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
  if (model.decoded) text += "; found " + with_commas(model.detections.size());
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
  Json found = Json::array();
  for (const demo::Detection& detection : model.detections) {
    found.push_back({{"label", detection.label},
                     {"picture", detection.picture},
                     {"score", detection.score},
                     {"box", {detection.x1, detection.y1, detection.x2, detection.y2}}});
  }
  return {{"name", model.name},   {"task", model.task},        {"ok", model.ok()},
          {"error", model.error}, {"input", model.input_note}, {"backends", backends},
          {"found", found}};
}

Json report_json(const demo::Report& report, const std::string& page) {
  Json models = Json::array();
  for (const demo::ModelResult& model : report.models) models.push_back(model_json(model));
  return {{"version", report.version},
          {"machine", report.machine},
          {"cores", report.cores},
          {"page", page},
          {"models", models}};
}

Status write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return {};
  return Error(ErrorCode::kUnavailable, "cannot write it", path.string());
}

Status make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return {};
  return Error(ErrorCode::kUnavailable, "cannot make the folder: " + error.message(), folder,
               "choose another with --out");
}

Status verdict(const demo::Report& report, const std::string& page) {
  const std::size_t failed = report.failed();
  if (failed == 0) return {};
  return Error(
      ErrorCode::kUnavailable,
      std::to_string(failed) + " of " + std::to_string(report.models.size()) + " models failed",
      "demo", "the reasons are in " + page);
}

Status run(const DemoOptions& options, Context& context) {
  if (options.plan.seconds <= 0) {
    return Error(ErrorCode::kInvalidArgument, "--seconds is more than 0", "demo");
  }
  WEIR_ASSIGN(const auto runtime, Runtime::create({}));
  WEIR_ASSIGN(const auto entries, choose_entries(*runtime, options));
  WEIR_TRY(make_folder(options.out));
  demo::Report report = start_report(*runtime, options.plan);
  Progress progress(context);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    progress.update(entries[i].name, i, entries.size(), false);
    for (auto& model : demo::run_entry(*runtime, entries[i], options.plan, context)) {
      progress.finish(model.name + ": " + outcome(model));
      report.models.push_back(std::move(model));
    }
  }
  const fs::path page = fs::path(options.out) / "index.html";
  WEIR_TRY(write_file(page, demo::page(report)));
  const Json json = report_json(report, page.string());
  WEIR_TRY(write_file(fs::path(options.out) / "results.json", print(json)));
  context.out << (context.json ? print(json) : page.string() + "\n");
  context.answered = context.json;
  return verdict(report, page.string());
}

}  // namespace

Command demo_command() {
  auto o = std::make_shared<DemoOptions>();
  return {.name = "demo",
          .summary = "Fetch the models of the catalogue, run them, and show it on one page",
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
                       .help = "How long each model is measured on each back end; default: 1",
                       .value = "S"}},
          .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli

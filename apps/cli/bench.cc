// weir bench: how fast a model is, on one back end or on all of them.
#include <algorithm>
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/find_model.h"
#include "apps/cli/json.h"
#include "apps/cli/measure.h"
#include "apps/cli/progress.h"
#include "apps/cli/runtime_options.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "weir/assemble/runtime.h"
#include "weir/base/cpu.h"

namespace weir::cli {
namespace {

using BackendOptions = std::map<std::string, std::string>;

constexpr std::size_t kTraceEvents = 200'000;

struct BenchOptions {
  std::string model;
  std::string backend;
  std::string device;
  std::string precision;
  std::string threads;
  std::string batch;
  std::vector<std::string> shapes;
  std::vector<std::string> values;
  int warm_up = 3;
  int repeat = 0;
  double seconds = 2;
  bool sweep = false;
  std::string trace;
};

// One line of the result: what was run, and how it went.
struct Row {
  std::string backend;
  std::string version;
  std::string precision;
  int threads = 1;
  int batch = 0;  // as asked for; 0: not said
  Result<Measurement> result = Error();
};

struct Bench {
  std::string name;
  std::string file;
  std::vector<Row> rows;
  bool sweep = false;
};

std::string shapes_text(const std::vector<TensorInfo>& tensors) {
  std::string text;
  for (const TensorInfo& tensor : tensors) {
    text += (text.empty() ? "" : ", ") + tensor.name + " " + std::string(name(tensor.dtype)) + " " +
            to_string(tensor.shape);
  }
  return text;
}

Json tensors_json(const std::vector<TensorInfo>& tensors) {
  Json list = Json::array();
  for (const TensorInfo& tensor : tensors) {
    list.push_back({{"name", tensor.name},
                    {"type", name(tensor.dtype)},
                    {"shape", std::vector<int64_t>(tensor.shape.begin(), tensor.shape.end())}});
  }
  return list;
}

double ms(int64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

Json row_json(const Row& row) {
  Json json = {{"backend", row.backend}, {"version", row.version}, {"threads", row.threads}};
  if (!row.result) {
    json["batch"] = row.batch;
    json["error"] = to_json(row.result.error())["error"];
    return json;
  }
  const Measurement& measured = *row.result;
  json["batch"] = measured.batch;
  json["precision"] = row.precision;
  json["runs"] = measured.timing.count;
  json["min_ms"] = ms(measured.timing.min_ns);
  json["median_ms"] = ms(measured.timing.median_ns);
  json["p90_ms"] = ms(measured.timing.p90_ns);
  json["p99_ms"] = ms(measured.timing.p99_ns);
  json["mean_ms"] = measured.timing.mean_ns / 1e6;
  json["items_per_second"] = measured.items_per_second;
  json["inputs"] = tensors_json(measured.inputs);
  json["outputs"] = tensors_json(measured.outputs);
  json["not_finite"] = measured.not_finite;
  return json;
}

Json bench_json(const Bench& bench) {
  Json json = {{"model", bench.name}, {"file", bench.file}, {"results", Json::array()}};
  for (const Row& row : bench.rows) json["results"].push_back(row_json(row));
  return json;
}

void print_rows(const Bench& bench, Context& context) {
  Table table({{"back end"},
               {"threads", Align::kRight},
               {"batch", Align::kRight},
               {"min", Align::kRight},
               {"median", Align::kRight},
               {"p90", Align::kRight},
               {"p99", Align::kRight},
               {"items/s", Align::kRight},
               {"runs", Align::kRight},
               {"computes in"}});
  const Measurement* shown = nullptr;
  for (const Row& row : bench.rows) {
    if (!row.result) {
      table.row({row.backend, std::to_string(row.threads),
                 row.batch > 0 ? std::to_string(row.batch) : "", "failed"});
      continue;
    }
    const Measurement& measured = *row.result;
    const Timing& timing = measured.timing;
    if (shown == nullptr) shown = &measured;
    table.row({row.backend + " " + short_version(row.version), std::to_string(row.threads),
               std::to_string(measured.batch), format_ms(ms(timing.min_ns)),
               format_ms(ms(timing.median_ns)), format_ms(ms(timing.p90_ns)),
               format_ms(ms(timing.p99_ns)), format_count(measured.items_per_second),
               with_commas(timing.count), row.precision});
  }
  context.out << context.terminal.bold(bench.name) << "  " << bench.file << '\n';
  if (shown != nullptr) {
    context.out << "in   " << shapes_text(shown->inputs) << "\nout  " << shapes_text(shown->outputs)
                << "\n\n";
  }
  context.out << table.render(context.terminal);
}

// Rows are threads, columns batches, cells the median and the throughput; one table per back end.
void print_sweep(const Bench& bench, const std::vector<int>& batches, Context& context) {
  context.out << context.terminal.bold(bench.name) << "  " << bench.file << '\n';
  std::vector<Column> columns = {{"threads", Align::kRight}};
  for (const int batch : batches)
    columns.push_back({"batch " + std::to_string(batch), Align::kRight});
  for (std::size_t at = 0; at < bench.rows.size();) {
    const std::string backend = bench.rows[at].backend;
    context.out << '\n'
                << context.terminal.bold(backend) << " " << short_version(bench.rows[at].version)
                << ": median (items per second)\n";
    Table table(columns);
    while (at < bench.rows.size() && bench.rows[at].backend == backend) {
      std::vector<std::string> cells = {std::to_string(bench.rows[at].threads)};
      for (std::size_t i = 0; i < batches.size(); ++i, ++at) {
        const auto& result = bench.rows[at].result;
        cells.push_back(result ? format_ms(ms(result->timing.median_ns)) + " (" +
                                     format_count(result->items_per_second) + ")"
                               : "failed");
      }
      table.row(std::move(cells));
    }
    context.out << table.render(context.terminal);
  }
}

void print_failures(const Bench& bench, Context& context) {
  for (const Row& row : bench.rows) {
    if (row.result) continue;
    context.err << "weir: " << row.backend << ", " << row.threads << " threads"
                << (row.batch > 0 ? ", batch " + std::to_string(row.batch) : "") << ": "
                << row.result.error().to_string() << '\n';
  }
}

Result<Measurement> run_one(Runtime& runtime, const OpenRequest& request, const MeasurePlan& plan,
                            Row& row) {
  WEIR_ASSIGN(const auto model, runtime.open_model(request));
  row.precision = model->report().precision;
  WEIR_ASSIGN(const auto session, model->make_session());
  auto measured = measure(*session, plan, runtime.clock(), runtime.trace());
  if (measured && plan.batch > 0 && measured->batch != plan.batch &&
      plan.shapes.find(model->inputs().front().name) == plan.shapes.end()) {
    return Error(ErrorCode::kUnsupported,
                 "the model has a fixed batch of " + std::to_string(measured->batch));
  }
  return measured;
}

struct Sweep {
  std::vector<int> threads;
  std::vector<int> batches;
};

Result<Sweep> plan_sweep(const BenchOptions& options, const FoundModel& model) {
  const int cores = usable_cores();
  std::string threads = options.threads;
  std::string batches = options.batch;
  if (options.sweep && threads.empty()) {
    threads = "1";
    for (int n = 2; n < cores; n *= 2) threads += "," + std::to_string(n);
    if (cores > 1) threads += "," + std::to_string(cores);
  }
  if (options.sweep && batches.empty()) batches = "1,2,4,8";
  if (threads.empty()) {
    threads = std::to_string(model.has_spec ? model.request.spec.intra_op_threads : 1);
  }
  Sweep sweep;
  WEIR_ASSIGN(sweep.threads, parse_numbers(threads, "--threads"));
  WEIR_ASSIGN(sweep.batches, parse_numbers(batches, "--batch"));
  if (sweep.batches.empty()) sweep.batches = {0};
  return sweep;
}

Result<MeasurePlan> measure_plan(const BenchOptions& options) {
  MeasurePlan plan;
  if (options.warm_up < 0 || options.repeat < 0 || options.seconds <= 0) {
    return Error(ErrorCode::kInvalidArgument,
                 "--warm-up and --repeat are numbers from 0 on, --seconds is more than 0", "bench");
  }
  plan.warm_up = options.warm_up;
  plan.repeat = options.repeat;
  plan.seconds = options.seconds;
  WEIR_ASSIGN(plan.shapes, parse_shapes(options.shapes));
  WEIR_ASSIGN(plan.values, parse_values(options.values));
  return plan;
}

// What a spec says, and over it what the command line says.
Result<OpenRequest> open_request(const BenchOptions& options, const FoundModel& model) {
  OpenRequest request = model.request;
  if (!options.device.empty()) {
    WEIR_ASSIGN(request.spec.device, parse_device(options.device));
  }
  if (!options.precision.empty()) {
    WEIR_ASSIGN(request.spec.precision, parse_precision(options.precision));
  }
  return request;
}

// The spec's shapes stand in where the command line names none.
void take_shapes(const ShapeRanges& ranges, int batch, MeasurePlan& plan) {
  for (const auto& [input, range] : ranges) {
    Shape shape = range.opt;
    if (batch > 0 && shape.rank() > 0) shape[0] = batch;
    plan.shapes.emplace(input, shape);
  }
}

// Errors of a row stay in the row; only what concerns all of them is returned.
Status run_all(Runtime& runtime, const BenchOptions& options, const FoundModel& model,
               const Sweep& sweep, Bench& bench, Context& context) {
  WEIR_ASSIGN(OpenRequest request, open_request(options, model));
  WEIR_ASSIGN(const auto backends,
              choose_backends(runtime, options.backend.empty() ? request.backend : options.backend,
                              bench.file));
  WEIR_ASSIGN(const MeasurePlan asked, measure_plan(options));
  Progress progress(context);
  const std::size_t total = backends.size() * sweep.threads.size() * sweep.batches.size();
  for (const Backend* backend : backends) {
    request.backend = backend->name();
    const auto own = model.options.find(request.backend);
    request.spec.options = own != model.options.end() ? own->second.values : BackendOptions();
    for (const int threads : sweep.threads) {
      request.spec.intra_op_threads = threads;
      for (const int batch : sweep.batches) {
        progress.update(request.backend, bench.rows.size(), total, false);
        Row row{request.backend, backend->version(), "", threads, batch};
        MeasurePlan plan = asked;
        plan.batch = batch;
        take_shapes(request.spec.shapes, batch, plan);
        row.result = run_one(runtime, request, plan, row);
        bench.rows.push_back(std::move(row));
      }
    }
  }
  return {};
}

Status verdict(const Bench& bench) {
  std::size_t failed = 0;
  const Error* first = nullptr;
  for (const Row& row : bench.rows) {
    if (row.result) continue;
    ++failed;
    if (first == nullptr) first = &row.result.error();
  }
  // A sweep over what a model cannot do is an answer, too; only one without any figure fails.
  if (failed == 0 || (bench.sweep && failed < bench.rows.size())) return {};
  if (failed == bench.rows.size()) return Error(*first).at(bench.file);
  return Error(ErrorCode::kUnavailable,
               std::to_string(failed) + " of " + std::to_string(bench.rows.size()) + " runs failed",
               bench.name);
}

bool has_figures(const Bench& bench) {
  return std::any_of(bench.rows.begin(), bench.rows.end(),
                     [](const Row& row) { return row.result.has_value(); });
}

void print_text(const Bench& bench, const Sweep& sweep, Context& context) {
  if (bench.sweep) return print_sweep(bench, sweep.batches, context);
  print_rows(bench, context);
}

// One model, or one part of one. An Error only if there is nothing to show; what failed among
// others is in `failed`.
Result<Bench> bench_one(Runtime& runtime, const BenchOptions& options, const FoundModel& model,
                        Context& context, Status& failed) {
  WEIR_ASSIGN(const Sweep sweep, plan_sweep(options, model));
  Bench bench;
  bench.name = model.name;
  bench.file = model.request.model;
  bench.sweep = options.sweep;
  WEIR_TRY(run_all(runtime, options, model, sweep, bench, context));
  const Status done = verdict(bench);
  if (!done && !has_figures(bench)) return done.error();
  if (!done) failed = done;
  if (!context.quiet) print_failures(bench, context);
  if (!context.json) print_text(bench, sweep, context);
  return bench;
}

Status run(const BenchOptions& options, Context& context) {
  WEIR_ASSIGN(const auto runtime,
              Runtime::create({.trace_events = options.trace.empty() ? 0 : kTraceEvents}));
  WEIR_ASSIGN(const auto models, find_models(*runtime, options.model, context));
  std::vector<Json> parts;
  Status failed;
  for (const FoundModel& model : models) {
    if (!context.json && &model != &models.front()) context.out << '\n';
    WEIR_ASSIGN(const Bench bench, bench_one(*runtime, options, model, context, failed));
    parts.push_back(bench_json(bench));
  }
  if (runtime->trace() != nullptr) WEIR_TRY(runtime->trace()->write(options.trace));
  if (context.json) {
    context.out << print(document(options.model, parts));
    context.answered = true;
  }
  return failed;
}

}  // namespace

Command bench_command() {
  auto o = std::make_shared<BenchOptions>();
  return {
      .name = "bench",
      .summary = "Measure how fast a model is, on one back end or on all of them",
      .details =
          "Inputs are random with a fixed seed (integers are 1), the same for every back "
          "end; what\ncomes out is checked against the shapes that the model declares.",
      .examples = {"weir bench yunet", "weir bench model.onnx --backend all --threads 1,2",
                   "weir bench model.onnx --shape images=1x3x640x640 --sweep --json",
                   "weir bench silero-vad --shape input=1x576 --shape state=2x1x128 --value "
                   "sr=16000"},
      .options =
          {{.flags = "model",
            .target = &o->model,
            .help = "A catalogue name, a file or a spec (.yaml)",
            .value = "MODEL",
            .required = true},
           {.flags = "-b,--backend",
            .target = &o->backend,
            .help = "One, several (a,b) or all that read it; default: the first that does",
            .value = "NAMES"},
           {.flags = "--device",
            .target = &o->device,
            .help = "Where it runs: cpu, cuda:0, …; default: the spec's, or cpu",
            .value = "DEVICE"},
           {.flags = "--precision",
            .target = &o->precision,
            .help = "What it computes in: default, float32, float16, bfloat16 or int8",
            .value = "default|float32|float16|bfloat16|int8"},
           {.flags = "-t,--threads",
            .target = &o->threads,
            .help =
                "Threads inside the model, one number or several (1,2); default: the spec's, or 1",
            .value = "N"},
           {.flags = "--batch",
            .target = &o->batch,
            .help = "Batch, one number or several (1,4); default: the model's, or 1",
            .value = "N"},
           {.flags = "--shape",
            .target = &o->shapes,
            .help = "Shape of an input; needed where the model leaves sizes open",
            .value = "NAME=1x3x…"},
           {.flags = "--value",
            .target = &o->values,
            .help = "Fill an input with one number",
            .value = "NAME=X"},
           {.flags = "--warm-up",
            .target = &o->warm_up,
            .help = "Runs that are not counted; default: 3",
            .value = "N"},
           {.flags = "--repeat",
            .target = &o->repeat,
            .help = "Runs that are counted; default: as many as fit into --seconds",
            .value = "N"},
           {.flags = "--seconds",
            .target = &o->seconds,
            .help = "How long each measurement takes; default: 2",
            .value = "S"},
           {.flags = "--sweep",
            .target = &o->sweep,
            .help = "A table of threads by batch for each back end"},
           {.flags = "--trace",
            .target = &o->trace,
            .help = "Write what ran when, for ui.perfetto.dev",
            .value = "FILE"}},
      .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli

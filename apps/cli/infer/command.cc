// weir infer: pictures through models.
#include <algorithm>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/infer/chain_options.h"
#include "apps/cli/infer/compare.h"
#include "apps/cli/infer/inputs.h"
#include "apps/cli/infer/outputs.h"
#include "apps/cli/infer/print_findings.h"
#include "apps/cli/interrupt.h"
#include "apps/cli/progress.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "weir/assemble/chain.h"
#include "weir/assemble/runtime.h"
#include "weir/data/finding_json.h"

namespace weir::cli {
namespace {

struct InferOptions {
  ChainOptions chain;
  OutputOptions output;
  std::vector<std::string> inputs;
  std::string compare;
  bool time = false;
  bool embeddings = false;
};

// What a step took, picture by picture.
struct StepTimings {
  std::vector<double> prepare_ms;
  std::vector<double> infer_ms;
  std::vector<double> interpret_ms;
  std::size_t items = 0;
};

class Inference {
 public:
  Inference(const InferOptions& options, Context& context)
      : options_(options), context_(context), progress_(context) {}

  Status run() {
    const std::vector<Input> inputs = expand_inputs(options_.inputs);
    InputFiles files;
    for (const Input& input : inputs) {
      if (!input.error) files.add(input.path);
    }
    WEIR_ASSIGN(outputs_, Outputs::open(options_.output, files));
    WEIR_ASSIGN(runtime_, Runtime::create({.threads = options_.chain.threads, .take_turns = true}));
    WEIR_ASSIGN(chain_, make_chain(*runtime_, options_.chain, {}, context_));
    if (!options_.compare.empty()) {
      WEIR_ASSIGN(other_, make_chain(*runtime_, options_.chain, options_.compare, context_));
      WEIR_TRY(check_they_differ());
    }
    timings_.resize(chain_->steps().size());
    const Status all = run_all(inputs);
    progress_.finish();
    // Who stops it keeps what there is by then.
    const Status finished = outputs_.finish(context_);
    WEIR_TRY(all);
    WEIR_TRY(finished);
    if (options_.time) print_times();
    if (other_) (context_.json ? context_.err : context_.out) << comparison_.to_string();
    if (failed_ == 0) return {};
    return Error(ErrorCode::kCorrupt,
                 std::to_string(failed_) + " of " + std::to_string(inputs.size()) + " failed",
                 "infer");
  }

 private:
  static std::string backend_of(const Chain& chain, std::size_t step) {
    return chain.steps()[step].model->parts().front()->report().backend;
  }

  Status check_they_differ() const {
    for (std::size_t step = 0; step < chain_->steps().size(); ++step) {
      if (backend_of(*chain_, step) != backend_of(*other_, step)) return {};
    }
    return Error(ErrorCode::kInvalidArgument, "'" + options_.compare + "' is what runs them anyway",
                 "--compare", "name another back end, or one for the first run with --backend");
  }

  Status run_all(const std::vector<Input>& inputs) {
    const Interrupt interrupt;
    stop_ = interrupt.token();
    const auto batch = static_cast<std::size_t>(std::max(1, options_.chain.batch));
    for (std::size_t i = 0; i < inputs.size(); i += batch) {
      if (stop_.stop_requested()) {
        progress_.finish();
        return Error(ErrorCode::kCancelled,
                     "stopped after " + std::to_string(i) + " of " + std::to_string(inputs.size()) +
                         " pictures",
                     "infer");
      }
      progress_.update("infer", i, inputs.size(), false);
      run_some(std::span(inputs).subspan(i, std::min(batch, inputs.size() - i)), i);
    }
    return {};
  }

  void run_some(std::span<const Input> inputs, std::size_t first) {
    std::vector<Task> tasks;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Task task;
      task.stream = inputs[i].name();
      task.seq = static_cast<int64_t>(first + i);
      task.parameters["file"] = inputs[i].name();
      auto input = read_task_input(inputs[i], stop_);
      if (input) {
        task.input = std::move(input).value();
      } else {
        task.fail(std::move(input).error());
      }
      tasks.push_back(std::move(task));
    }
    std::vector<Task> again = other_ ? tasks : std::vector<Task>();
    chain_->solve(tasks);
    keep_times();
    if (other_) other_->solve(again);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (other_ && !tasks[i].error && !again[i].error) comparison_.add(tasks[i], again[i]);
      show(tasks[i]);
      keep(tasks[i]);
    }
    context_.out.flush();  // whoever reads along sees it now, and a second Ctrl-C loses nothing
  }

  void keep(const Task& task) {
    const Status written = outputs_.write(task);
    if (written.has_value()) return;
    if (!task.error) ++failed_;
    context_.err << "weir: " << written.error().to_string() << '\n';
  }

  void show(const Task& task) {
    if (task.error) {
      ++failed_;
      progress_.finish();
      if (!context_.json) {
        context_.err << "weir: " << error_line(task) << '\n';
        return;
      }
    }
    if (context_.json) {
      line_.clear();
      append_task_json(line_, task, {.embeddings = options_.embeddings});
      context_.out << line_ << '\n';
      context_.answered = true;
      return;
    }
    progress_.finish();
    print_task(context_.out, context_.terminal, task);
  }

  void keep_times() {
    for (std::size_t step = 0; step < timings_.size(); ++step) {
      const Chain::StepTimes& times = chain_->times()[step];
      if (times.items == 0) continue;
      timings_[step].prepare_ms.push_back(times.took.prepare_ms);
      timings_[step].infer_ms.push_back(times.took.infer_ms);
      timings_[step].interpret_ms.push_back(times.took.interpret_ms);
      timings_[step].items += times.items;
    }
  }

  // The first run is kept apart from nothing: the median does not feel it.
  static double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }

  void print_times() {
    Table table({{"step"},
                 {"items", Align::kRight},
                 {"prepare", Align::kRight},
                 {"infer", Align::kRight},
                 {"interpret", Align::kRight},
                 {"backend"}});
    for (std::size_t step = 0; step < timings_.size(); ++step) {
      const ChainStep& of = chain_->steps()[step];
      table.row({of.name, with_commas(timings_[step].items),
                 format_ms(median(timings_[step].prepare_ms)),
                 format_ms(median(timings_[step].infer_ms)),
                 format_ms(median(timings_[step].interpret_ms)), backend_of(*chain_, step)});
    }
    context_.err << table.render(context_.terminal);
  }

  const InferOptions& options_;
  Context& context_;
  Progress progress_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<Chain> chain_;
  std::unique_ptr<Chain> other_;  // on the back end to compare with
  std::vector<StepTimings> timings_;
  Comparison comparison_;
  Outputs outputs_;
  std::stop_token stop_;
  std::size_t failed_ = 0;
  std::string line_;
};

Status run(const InferOptions& options, Context& context) {
  return Inference(options, context).run();
}

}  // namespace

Command infer_command() {
  auto o = std::make_shared<InferOptions>();
  std::vector<Option> table = {
      {.flags = "pictures",
       .target = &o->inputs,
       .help = "Files (.npy too), folders, patterns ('b*.png'), or - for standard "
               "input",
       .value = "FILE",
       .required = true}};
  for (Option& option : o->chain.table()) table.push_back(std::move(option));
  for (Option& option : o->output.table()) table.push_back(std::move(option));
  table.push_back({.flags = "--time",
                   .target = &o->time,
                   .help = "Say what prepare, infer and interpret took (medians) on stderr"});
  table.push_back({.flags = "--compare",
                   .target = &o->compare,
                   .help = "Run on this back end too, and say how far the findings are apart",
                   .value = "BACKEND"});
  table.push_back({.flags = "--embeddings",
                   .target = &o->embeddings,
                   .help = "Write the numbers of embeddings too, with --json"});
  return {.name = "infer",
          .summary = "Run models on pictures, and show what they find",
          .details =
              "A picture that cannot be read is reported and the rest goes on; the exit code is "
              "then 1.\nWith --json there is one line for each picture, as docs/finding.md has "
              "it.",
          .examples = {"weir infer -m ssd-mobilenet-v2-oid street.jpg",
                       "weir infer -m yunet --then sface photos/ --json",
                       "weir infer -m yunet photos/ --draw out/ --save csv --save coco",
                       "weir infer -m model.onnx --set family=yolox 'frames/*.png' --time",
                       "weir infer -m yunet a.jpg --compare openvino"},
          .options = std::move(table),
          .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli

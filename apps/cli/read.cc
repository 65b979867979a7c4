// weir read: the text of pictures.
#include <algorithm>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/find_model.h"
#include "apps/cli/infer/inputs.h"
#include "apps/cli/infer/model_argument.h"
#include "apps/cli/infer/print_findings.h"
#include "apps/cli/interrupt.h"
#include "apps/cli/progress.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "weir/assemble/read_text.h"
#include "weir/base/json_text.h"
#include "weir/data/finding_json.h"
#include "weir/model/family_registry.h"

namespace weir::cli {
namespace {

struct ReadOptions {
  std::vector<std::string> inputs;
  std::string detector = "ocr-det";
  std::string direction = "ocr-cls";
  std::string recogniser = "ocr-rec";
  std::string backend;
  double score = -1;
  int threads = 0;
  bool boxes = false;
  bool time = false;
};

// What one of the three models does, and what its findings must have for it.
struct Part {
  const char* option;
  const char* family;  // of a file that does not say
  const char* does;
  bool (*fits)(const Gives& gives);
};

bool has_corners(const Gives& gives) {
  const std::vector<int32_t>& points = gives.points;
  return std::find(points.begin(), points.end(), 4) != points.end();
}

bool has_text(const Gives& gives) {
  return gives.text;
}

constexpr Part kDetector = {"--detector", "dbnet", "finds no lines of text", has_corners};
constexpr Part kDirection = {"--direction", "text-direction", "turns no lines of text",
                             has_corners};
constexpr Part kRecogniser = {"--recogniser", "ctc", "reads no text", has_text};

Status check_part(Runtime& runtime, const Part& part, const std::string& model,
                  const ModelSpec& spec) {
  WEIR_ASSIGN(const auto family, runtime.families().find(spec.family));
  if (!family->gives || part.fits(*family->gives)) return {};
  return Error(ErrorCode::kInvalidArgument,
               "'" + model + "' " + part.does + ": its family '" + family->name + "' gives " +
                   in_words(*family->gives),
               part.option, std::string("name a model of the family '") + part.family + "'");
}

// With the family known: a file says nothing of its own, but here it can only be of one.
Result<ModelSpec> spec_of(Runtime& runtime, const Part& part, const std::string& model,
                          const ReadOptions& options, const catalogue::PullOptions& pull) {
  WEIR_ASSIGN(ModelSpec spec, model_argument(model));
  if (spec.use.empty() && spec.family.empty()) spec.family = part.family;
  if (!options.backend.empty()) spec.backend = options.backend;
  WEIR_ASSIGN(spec, runtime.resolve(spec, part.option + 2, pull));
  WEIR_TRY(check_part(runtime, part, model, spec));
  return spec;
}

Result<std::unique_ptr<TextReader>> make_reader(Runtime& runtime, const ReadOptions& options,
                                                const Context& context) {
  const Interrupt interrupt;
  catalogue::PullOptions pull = pull_options(context);
  pull.stop = interrupt.token();
  TextReaderSpec spec;
  WEIR_ASSIGN(spec.detector, spec_of(runtime, kDetector, options.detector, options, pull));
  WEIR_ASSIGN(spec.recogniser, spec_of(runtime, kRecogniser, options.recogniser, options, pull));
  if (options.score >= 0) spec.recogniser.thresholds.score = options.score;
  spec.direction.reset();
  if (options.direction != "none") {
    WEIR_ASSIGN(spec.direction, spec_of(runtime, kDirection, options.direction, options, pull));
  }
  return TextReader::make(runtime, spec, pull);
}

class Reading {
 public:
  Reading(const ReadOptions& options, Context& context)
      : options_(options), context_(context), progress_(context) {}

  Status run() {
    WEIR_ASSIGN(runtime_, Runtime::create({.threads = options_.threads, .take_turns = true}));
    WEIR_ASSIGN(reader_, make_reader(*runtime_, options_, context_));
    const std::vector<Input> inputs = expand_inputs(options_.inputs);
    WEIR_TRY(read_all(inputs));
    progress_.finish();
    if (options_.time) context_.err << times_.render(context_.terminal);
    if (failed_ == 0) return {};
    return Error(ErrorCode::kCorrupt,
                 std::to_string(failed_) + " of " + std::to_string(inputs.size()) + " failed",
                 "read");
  }

 private:
  Status read_all(const std::vector<Input>& inputs) {
    const Interrupt interrupt;
    stop_ = interrupt.token();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (stop_.stop_requested()) {
        progress_.finish();
        return Error(ErrorCode::kCancelled,
                     "stopped after " + std::to_string(i) + " of " + std::to_string(inputs.size()) +
                         " pictures",
                     "read");
      }
      progress_.update("read", i, inputs.size(), false);
      read(inputs[i], static_cast<int64_t>(i));
      if (inputs.size() > 1 && !context_.json && i + 1 < inputs.size()) between_ = true;
    }
    return {};
  }

  void read(const Input& input, int64_t seq) {
    Task task;
    task.stream = input.name();
    task.seq = seq;
    task.steps = steps_;
    std::string text;
    auto picture = read_input(input, stop_);
    if (picture) {
      auto page = reader_->read(picture->view());
      if (page) {
        for (Finding& line : page->lines) {
          line.step = 0;
          task.add(std::move(line));
        }
        text = std::move(page->text);
        add_times(input.path);
      } else {
        task.fail(std::move(page).error());
      }
      task.input = std::move(picture).value();
    } else {
      task.fail(std::move(picture).error());
    }
    show(task, text);
  }

  void show(const Task& task, const std::string& text) {
    if (task.error) ++failed_;
    progress_.finish();
    if (context_.json) return show_json(task, text);
    if (task.error) {
      context_.err << "weir: " << error_line(task) << '\n';
      return;
    }
    if (options_.boxes) return print_task(context_.out, context_.terminal, task);
    if (options_.inputs.size() > 1 || between_) {
      context_.out << (shown_ ? "\n" : "") << context_.terminal.bold(on_one_line(task.stream))
                   << '\n';
    }
    if (!text.empty()) context_.out << text << '\n';
    shown_ = true;
  }

  // The line of docs/finding.md, with the text as a whole.
  void show_json(const Task& task, const std::string& text) {
    line_.clear();
    append_task_json(line_, task);
    if (!task.error) {
      line_.pop_back();
      line_ += ",\"text\":";
      append_json_string(line_, text);
      line_ += '}';
    }
    context_.out << line_ << '\n';
    context_.answered = true;
  }

  void add_times(const std::string& picture) {
    if (!options_.time) return;
    const TextReader::Times& took = reader_->times();
    const auto sum = [](const Lane::Times& times) {
      return format_ms(times.prepare_ms + times.infer_ms + times.interpret_ms);
    };
    times_.row({picture, with_commas(took.lines), sum(took.detect), sum(took.direction),
                sum(took.recognise)});
  }

  const ReadOptions& options_;
  Context& context_;
  Progress progress_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<TextReader> reader_;
  const std::shared_ptr<const StepTable> steps_ =
      std::make_shared<const StepTable>(std::vector<StepEntry>{{"text", nullptr}});
  Table times_{{{"picture"},
                {"boxes", Align::kRight},
                {"detect", Align::kRight},
                {"direction", Align::kRight},
                {"recognise", Align::kRight}}};
  std::stop_token stop_;
  std::size_t failed_ = 0;
  bool between_ = false;  // there are several pictures
  bool shown_ = false;
  std::string line_;
};

Status run(const ReadOptions& options, Context& context) {
  return Reading(options, context).run();
}

std::vector<Option> options_of(ReadOptions& o) {
  return {{.flags = "pictures",
           .target = &o.inputs,
           .help = "Files, folders, patterns ('b*.png'), or - for standard input",
           .value = "FILE",
           .required = true},
          {.flags = "--detector",
           .target = &o.detector,
           .help = "What finds lines of text; default: ocr-det",
           .value = "MODEL"},
          {.flags = "--direction",
           .target = &o.direction,
           .help = "What tells which lines are upside down, or none; default: ocr-cls",
           .value = "MODEL"},
          {.flags = "--recogniser",
           .target = &o.recogniser,
           .help = "What reads a line; default: ocr-rec",
           .value = "MODEL"},
          {.flags = "-b,--backend",
           .target = &o.backend,
           .help = "What runs them; default: the first that reads the file",
           .value = "BACKEND"},
          {.flags = "--score",
           .target = &o.score,
           .help = "How sure the recogniser must be of a line, from 0 to 1; default: 0.5",
           .value = "SCORE",
           .least = 0,
           .most = 1},
          {.flags = "-t,--threads",
           .target = &o.threads,
           .help = "Threads of the whole process; default: the cores",
           .value = "N"},
          {.flags = "--boxes", .target = &o.boxes, .help = "Say where each line is, and how sure"},
          {.flags = "--time", .target = &o.time, .help = "Say what each step took, on stderr"}};
}

}  // namespace

Command read_command() {
  auto o = std::make_shared<ReadOptions>();
  return {.name = "read",
          .summary = "Read the text of pictures, in the order in which a person reads it",
          .details =
              "Text may be slanted, upside down or run down the side. A picture that cannot be "
              "read is\nreported and the rest goes on; the exit code is then 1. With --json there "
              "is one line for each\npicture, as docs/finding.md has it, with its text.",
          .examples = {"weir read page.jpg", "weir read scans/ --json",
                       "weir read sign.jpg --boxes --time"},
          .options = options_of(*o),
          .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli

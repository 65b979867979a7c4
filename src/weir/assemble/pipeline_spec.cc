#include "weir/assemble/pipeline_spec.h"

#include <algorithm>
#include <sstream>

#include "weir/assemble/check_findings.h"
#include "weir/assemble/check_sinks.h"
#include "weir/assemble/check_types.h"
#include "weir/assemble/step_gives.h"
#include "weir/base/nearest_name.h"
#include "weir/config/log_section.h"
#include "weir/data/step_set.h"

namespace weir {
namespace {

using config::field;
using config::Fields;
using config::Node;

template <class T>
std::vector<std::string> names_of(const config::Named<T>& named) {
  std::vector<std::string> names;
  for (const auto& [name, value] : named) names.push_back(name);
  return names;
}

// A step by number as the name of its place: "steps.people.on".
std::vector<std::string> at_step(const PipelineSpec& spec, std::size_t step, const char* key) {
  return {"steps", spec.steps[step].first, key};
}

Error unknown(const char* what, const std::string& name, const std::vector<std::string>& known,
              std::string place) {
  std::string hint = hint_for_name(name, known);
  if (known.empty()) hint = std::string("there is no ") + what + " yet";
  return Error(ErrorCode::kInvalidArgument, std::string("no ") + what + " is called '" + name + "'",
               std::move(place), std::move(hint));
}

Status check_names(const PipelineSpec& spec) {
  std::vector<std::string> models = names_of(spec.models);
  models.insert(models.end(), spec.loaded_models.begin(), spec.loaded_models.end());
  const std::vector<std::string> steps = names_of(spec.steps);
  for (std::size_t i = 0; i < spec.steps.size(); ++i) {
    const auto& [name, step] = spec.steps[i];
    const bool is_known = std::find(models.begin(), models.end(), step.model) != models.end();
    if (!step.model.empty() && !is_known) {
      return unknown("model", step.model, models, spec.place(at_step(spec, i, "model")));
    }
    for (std::size_t o = 0; o < step.on.size(); ++o) {
      const std::string& on = step.on[o];
      const std::string place = spec.place({"steps", name, "on", std::to_string(o)});
      if (on == name) {
        return Error(ErrorCode::kInvalidArgument, "'" + name + "' looks at itself", place,
                     "name another step, or leave it out to look at the whole frame");
      }
      if (spec.step(on) < 0) return unknown("step", on, steps, place);
    }
  }
  for (const auto& [source, of] : spec.sources) {
    for (std::size_t i = 0; i < of.steps.size(); ++i) {
      if (spec.step(of.steps[i]) >= 0) continue;
      return unknown("step", of.steps[i], steps,
                     spec.place({"sources", source, "steps", std::to_string(i)}));
    }
  }
  const std::vector<std::string> sources = names_of(spec.sources);
  for (std::size_t i = 0; i < spec.sinks.size(); ++i) {
    const std::string sink = std::to_string(i);
    const std::vector<std::string>& wanted = spec.sinks[i].sources;
    for (std::size_t n = 0; n < wanted.size(); ++n) {
      if (std::find(sources.begin(), sources.end(), wanted[n]) != sources.end()) continue;
      return unknown("source", wanted[n], sources,
                     spec.place({"sinks", sink, "sources", std::to_string(n)}));
    }
    const std::vector<std::string>& told = spec.sinks[i].steps;
    for (std::size_t n = 0; n < told.size(); ++n) {
      if (spec.step(told[n]) >= 0) continue;
      return unknown("step", told[n], steps,
                     spec.place({"sinks", sink, "steps", std::to_string(n)}));
    }
  }
  return {};
}

// Walks what a step looks at; a step that is met again on its own way is a cycle.
class CycleSearch {
 public:
  explicit CycleSearch(const PipelineSpec& spec) : spec_(spec), state_(spec.steps.size()) {}

  Status run() {
    for (std::size_t i = 0; i < spec_.steps.size(); ++i) WEIR_TRY(visit(i));
    return {};
  }
  std::vector<int32_t> take_order() { return std::move(order_); }

 private:
  enum class State : uint8_t { kNew, kOnTheWay, kDone };

  Status visit(std::size_t step) {
    if (state_[step] == State::kDone) return {};
    if (state_[step] == State::kOnTheWay) return cycle(step);
    state_[step] = State::kOnTheWay;
    way_.push_back(step);
    for (const std::string& on : spec_.steps[step].second.on) {
      WEIR_TRY(visit(static_cast<std::size_t>(spec_.step(on))));
    }
    way_.pop_back();
    state_[step] = State::kDone;
    order_.push_back(static_cast<int32_t>(step));
    return {};
  }

  Error cycle(std::size_t step) const {
    std::string chain;
    for (auto at = std::find(way_.begin(), way_.end(), step); at != way_.end(); ++at) {
      chain += spec_.steps[*at].first + " on ";
    }
    chain += spec_.steps[step].first;
    return Error(ErrorCode::kInvalidArgument, "the steps wait for each other: " + chain,
                 spec_.place(at_step(spec_, step, "on")), "one of them must look at the frame");
  }

  const PipelineSpec& spec_;
  std::vector<State> state_;
  std::vector<std::size_t> way_;
  std::vector<int32_t> order_;
};

Status check_tracks(const PipelineSpec& spec) {
  for (std::size_t i = 0; i < spec.steps.size(); ++i) {
    const auto& [name, step] = spec.steps[i];
    if (step.per != PerSpec::kTrack || has_tracks(spec, step)) continue;
    return Error(ErrorCode::kInvalidArgument,
                 "'" + name + "' asks per track, and nothing that it looks at is tracked",
                 spec.place(at_step(spec, i, "per")),
                 "put a step with 'track: bytetrack' between, and look 'on' that");
  }
  return {};
}

Status check_count(const PipelineSpec& spec) {
  if (spec.steps.empty()) {
    return Error(ErrorCode::kInvalidArgument, "there are no steps", spec.place({"steps"}),
                 "write 'steps: {objects: {model: detector}}'");
  }
  if (spec.steps.size() <= StepSet::kMaxSteps) return {};
  return Error(
      ErrorCode::kInvalidArgument,
      "'" + spec.steps[StepSet::kMaxSteps].first + "' is step 65; a pipeline has 64 at most",
      spec.place({"steps", spec.steps[StepSet::kMaxSteps].first}), "make two pipelines");
}

// Steps of an item of a list, or of a map.
const Node* child(const Node& node, const std::string& key) {
  if (node.is_map()) return node.find(key);
  if (!node.is_list()) return nullptr;
  std::size_t index = 0;
  for (const char c : key) {
    if (c < '0' || c > '9') return nullptr;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index < node.items().size() ? &node.items()[index] : nullptr;
}

}  // namespace

const ModelSpec* PipelineSpec::model(const std::string& name) const {
  for (const auto& [key, spec] : models) {
    if (key == name) return &spec;
  }
  return nullptr;
}

int32_t PipelineSpec::step(const std::string& name) const {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].first == name) return static_cast<int32_t>(i);
  }
  return -1;
}

std::vector<std::string> PipelineSpec::step_names() const {
  return names_of(steps);
}

std::string PipelineSpec::place(const std::vector<std::string>& path) const {
  const Node* node = &written;
  std::string dotted;
  for (const std::string& part : path) {
    const Node* next = node != nullptr ? child(*node, part) : nullptr;
    // A short form has no such key: what is above it stands for it.
    node = next != nullptr || node == nullptr || node->is_map() || node->is_list() ? next : node;
    const bool item = part.find_first_not_of("0123456789") == std::string::npos;
    dotted += item ? "[" + part + "]" : (dotted.empty() ? "" : ".") + part;
  }
  const std::string place = node != nullptr ? node->where().to_string() : std::string();
  return place.empty() ? dotted : place;
}

Error PipelineSpec::placed(Error error, std::vector<std::string> path) const {
  std::string dotted;
  for (const std::string& part : path) dotted += (dotted.empty() ? "" : ".") + part;
  const bool of_file =
      written.where().origin != nullptr && error.where.starts_with(*written.where().origin + ":");
  if (of_file) return error;
  if (error.where.starts_with(dotted + ": ")) error.where.erase(0, dotted.size() + 2);
  if (error.where.starts_with(dotted + ".")) {
    std::istringstream below(error.where.substr(dotted.size() + 1));
    for (std::string part; std::getline(below, part, '.');) path.push_back(part);
  } else if (!error.where.empty() && error.where != dotted) {
    error.message = error.where + ": " + error.message;
  }
  error.where = place(path);
  return error;
}

std::vector<config::EnumName<FlowSpec::Mode>> config_names(FlowSpec::Mode) {
  return {{"throughput", FlowSpec::Mode::kThroughput}, {"latency", FlowSpec::Mode::kLatency}};
}

std::vector<config::EnumName<FlowSpec::Executors>> config_names(FlowSpec::Executors) {
  return {{"one", FlowSpec::Executors::kOne}, {"three", FlowSpec::Executors::kThree}};
}

const Fields<FlowSpec>& config_fields(const FlowSpec*) {
  static const Fields<FlowSpec> fields(
      "flow", "How the work is shared out.",
      {field("mode", &FlowSpec::mode)
           .help("throughput: several frames side by side, each model on one thread; latency: a "
                 "model has all cores, and nothing waits for a batch."),
       field("threads", &FlowSpec::threads)
           .range(0, 1024)
           .help("Workers that run the steps; 0: as many as the thread budget has."),
       field("executors", &FlowSpec::executors)
           .help("one: the workers run everything; three: preparing, inferring and interpreting "
                 "are stages with threads of their own, so that the table of stages tells them "
                 "apart. A device has its own threads in any case."),
       field("nice", &FlowSpec::nice)
           .range(0, 19)
           .help("How far the workers give way to whatever else runs on the machine: 0 not at all, "
                 "19 to all. Among the steps, `priority` says who goes first."),
       field("credits", &FlowSpec::credits)
           .range(0, 100'000)
           .unit("frames")
           .help("How many frames of a source are under way at the same time at most: more cost "
                 "memory and delay; 0: what keeps the workers busy.")});
  return fields;
}

const Fields<PipelineSpec>& config_fields(const PipelineSpec*) {
  static const Fields<PipelineSpec> fields(
      "pipeline", "Models, what is done with them, where frames come from, where results go.",
      {field("models", &PipelineSpec::models)
           .example("{detector: {use: ssd-mobilenet-v2-oid}}")
           .help("The models, by the names that the steps use."),
       field("steps", &PipelineSpec::steps)
           .required()
           .example("{objects: {model: detector}}")
           .help("What is done with each frame; a step waits for those that it looks `on`, and "
                 "otherwise they run at the same time. 64 at most."),
       field("sources", &PipelineSpec::sources)
           .example("{gate: {video: gate.mp4}}")
           .help("Where frames come from; the name is that of the stream in the results."),
       field("sinks", &PipelineSpec::sinks)
           .example("[{jsonl: out/results.jsonl}]")
           .help("Where results go."),
       field("flow", &PipelineSpec::flow).help("How the work is shared out."),
       field("log", &PipelineSpec::log)
           .example("{level: info, file: weir.log}")
           .help("What the runtime says about itself, and where.")});
  return fields;
}

Status check(const PipelineSpec& spec) {
  WEIR_TRY(check_count(spec));
  WEIR_TRY(check_names(spec));
  WEIR_TRY(CycleSearch(spec).run());
  WEIR_TRY(check_tracks(spec));
  WEIR_TRY(check_types(spec));
  WEIR_TRY(check_sink_paths(spec));
  return check_findings(spec, known_models(spec));
}

std::vector<int32_t> order_of(const PipelineSpec& spec) {
  CycleSearch search(spec);
  if (!search.run()) return {};
  return search.take_order();
}

Result<PipelineSpec> read_pipeline_spec(const Node& root, std::vector<std::string> loaded_models) {
  WEIR_ASSIGN(PipelineSpec spec, config::read<PipelineSpec>(root));
  spec.loaded_models = std::move(loaded_models);
  spec.written = root;
  WEIR_TRY(check(spec));
  return spec;
}

Result<PipelineSpec> read_pipeline_file(const std::string& path, const config::LoadOptions& options,
                                        std::vector<std::string> loaded_models) {
  WEIR_ASSIGN(const Node root, config::load_file(path, options));
  return read_pipeline_spec(root, std::move(loaded_models));
}

}  // namespace weir

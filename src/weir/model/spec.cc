#include "weir/model/spec.h"

#include <algorithm>

#include "weir/config/fields.h"
#include "weir/config/merge.h"
#include "weir/model/spec_places.h"

namespace weir {
namespace {

using config::error_at;
using config::field;
using config::Fields;
using config::Node;

constexpr double kMaxCount = 1e6;

Status check_batch(const BatchSpec& batch, const Node& node, const std::string& name) {
  for (std::size_t i = 0; i < batch.preferred.size(); ++i) {
    if (batch.preferred[i] <= batch.max) continue;
    return error_at(at_key(node, "preferred"),
                    in_words(name, "preferred") + " holds " + std::to_string(batch.preferred[i]) +
                        ", above the max of " + std::to_string(batch.max));
  }
  if (!std::is_sorted(batch.preferred.begin(), batch.preferred.end())) {
    return error_at(at_key(node, "preferred"), in_words(name, "preferred") + " must rise");
  }
  return {};
}

constexpr const char* kWhatToRun[] = {"use", "file", "components"};

bool is_given(const Node& node, const char* key) {
  const Node* value = node.find(key);
  return value != nullptr && !value->is_null();
}

Status check_model(const ModelSpec& spec, const Node& node, const std::string& name) {
  const char* first = nullptr;
  for (const char* key : kWhatToRun) {
    if (!is_given(node, key)) continue;
    if (first != nullptr) {
      return error_at(
          node.find_entry(key)->place,
          in_words(name, key) + " and " + in_words(name, first) + " cannot both be given",
          "write exactly one of use, file and components");
    }
    first = key;
  }
  const bool empty = spec.use.empty() && spec.file.empty() && spec.components.empty();
  if (empty) {
    return error_at(
        first != nullptr ? at_key(node, first) : node,
        (name.empty() ? std::string("this model") : "'" + name + "'") + " does not say what to run",
        "write 'use: <a name of the catalogue>', 'file: model.onnx' or "
        "'components: {part: file}'");
  }
  if (!spec.components.empty() && !spec.shapes.empty()) {
    return error_at(at_key(node, "shapes"),
                    in_words(name, "shapes") + " cannot tell whose inputs it means",
                    "write it into the component");
  }
  return {};
}

Node without(const Node& node, const std::vector<std::string>& keys) {
  std::vector<Node::Entry> entries;
  for (const Node::Entry& entry : node.entries()) {
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) entries.push_back(entry);
  }
  return Node::map(std::move(entries), node.where());
}

}  // namespace

const Fields<ThresholdSpec>& config_fields(const ThresholdSpec*) {
  static const Fields<ThresholdSpec> fields(
      "thresholds", "What counts as found. What is not set is as the family has it.",
      {field("score", &ThresholdSpec::score)
           .range(0, 1)
           .example("0.4")
           .help("How sure the model must be."),
       field("nms", &ThresholdSpec::nms)
           .range(0, 1)
           .example("0.5")
           .help("Of two boxes that overlap by more (intersection over union), the weaker goes."),
       field("candidates", &ThresholdSpec::candidates)
           .range(1, kMaxCount)
           .example("1000")
           .help("How many of the best are looked at for overlap."),
       field("max_findings", &ThresholdSpec::max_findings)
           .range(1, kMaxCount)
           .example("100")
           .help("How many are kept at most.")});
  return fields;
}

const Fields<BatchSpec>& config_fields(const BatchSpec*) {
  static const Fields<BatchSpec> fields =
      Fields<BatchSpec>("batch", "How many items one run takes. On a CPU batches rarely pay.",
                        {field("max", &BatchSpec::max).range(1, 4096).help("At most so many."),
                         field("preferred", &BatchSpec::preferred)
                             .range(1, 4096)
                             .example("[4, 8]")
                             .help("Sizes at which a batch is closed at once, rising."),
                         field("max_age_ms", &BatchSpec::max_age_ms)
                             .range(0, 60'000)
                             .unit("milliseconds")
                             .help("How long the oldest item waits for others; 0: not at all.")})
          .shorthand("max")
          .check(check_batch);
  return fields;
}

const Fields<ComponentSpec>& config_fields(const ComponentSpec*) {
  static const Fields<ComponentSpec> fields =
      Fields<ComponentSpec>(
          "component", "One file of a model that has several. What is not set is as in the model.",
          {field("file", &ComponentSpec::file).required().example("encoder.onnx").help("The file."),
           field("backend", &ComponentSpec::backend).example("openvino").help("What runs it."),
           field("device", &ComponentSpec::device).example("cpu").help("Where it runs."),
           field("precision", &ComponentSpec::precision)
               .example("float16")
               .help("In which numbers it computes."),
           field("threads", &ComponentSpec::threads)
               .range(0, 1024)
               .example("2")
               .help("Threads of one run."),
           field("shapes", &ComponentSpec::shapes)
               .example("{input: {min: 1x80, opt: 1x800, max: 1x3000}}")
               .help("Which shapes each input may take.")})
          .shorthand("file");
  return fields;
}

const Fields<ModelSpec>& config_fields(const ModelSpec*) {
  static const Fields<ModelSpec> fields =
      Fields<ModelSpec>(
          "model", "A model: exactly one of use, file and components says what to run.",
          {field("use", &ModelSpec::use)
               .example("yunet")
               .help("A name of the catalogue; `weir models` lists them."),
           field("file", &ModelSpec::file)
               .example("model.onnx")
               .help("The model's file or folder."),
           field("components", &ModelSpec::components)
               .count(1)
               .example("{encoder: encoder.onnx, decoder: decoder.onnx}")
               .help("The files of a model that has several, by the names that its family gives "
                     "them."),
           field("family", &ModelSpec::family)
               .example("yolox")
               .help("How its outputs are to be read; the catalogue knows that of its own."),
           field("backend", &ModelSpec::backend)
               .help("What runs it; auto takes the first that reads the file."),
           field("device", &ModelSpec::device).help("Where it runs."),
           field("precision", &ModelSpec::precision)
               .help("In which numbers it computes, if the back end can choose."),
           field("input", &ModelSpec::input).help("How a picture becomes the input."),
           field("thresholds", &ModelSpec::thresholds).help("What counts as found."),
           field("labels", &ModelSpec::labels)
               .example("[Person, Car]")
               .help(
                   "The names of the classes, in the order of the model's outputs: here, in a file "
                   "with one name a line (.txt, or a path), or a set that is known by its name."),
           field("instances", &ModelSpec::instances)
               .range(1, 256)
               .help("How many run at the same time; they share their weights where the back end "
                     "can."),
           field("shapes", &ModelSpec::shapes)
               .example("{images: {min: 1x3x320x320, opt: 1x3x640x640, max: 4x3x640x640}}")
               .help("Which shapes each input may take."),
           field("batch", &ModelSpec::batch).help("How many items one run takes."),
           field("threads", &ModelSpec::threads)
               .range(0, 1024)
               .help("Threads of one run; 0 leaves it to the thread budget."),
           field("cache", &ModelSpec::cache)
               .example("cache")
               .help("The folder for what back ends compile; without it nothing is kept."),
           field("deterministic", &ModelSpec::deterministic)
               .help("Equal runs give equal bits, whatever it costs."),
           field("options", &ModelSpec::options)
               .example("{onnxruntime: {provider: cuda}}")
               .help("What only one back end understands, by back end: docs/backends.md."),
           field("family_options", &ModelSpec::family_options)
               .example("{unclip: 1.5}")
               .help("What only the family understands."),
           field("warm_up", &ModelSpec::warm_up)
               .range(0, 1000)
               .help("Runs of each instance before the first real one."),
           field("sample", &ModelSpec::sample)
               .example("yard.jpg")
               .help("A picture, or a tensor as .npy, to try it on: `weir models --test`.")})
          .shorthand("use")
          .check(check_model);
  return fields;
}

Result<ModelSpec> read_model_spec(const Node& node, const std::string& name, const Node& defaults) {
  if (!defaults.is_map()) return config::read<ModelSpec>(node, name);
  Node own = node.is_null() ? Node::map({}, node.where()) : node;
  if (node.is_string()) own = Node::map({{"use", node, node.where()}}, node.where());
  Node below = defaults;
  for (const char* key : kWhatToRun) {
    if (is_given(own, key)) below = without(defaults, {"use", "file", "components"});
  }
  return config::read<ModelSpec>(config::merge(below, own), name);
}

Result<ModelSpec> read_model_spec_file(const std::string& path,
                                       const config::LoadOptions& options) {
  WEIR_ASSIGN(const Node root, config::load_file(path, options));
  return config::read<ModelSpec>(root);
}

}  // namespace weir

#include "weir/assemble/pipeline_template.h"

#include "weir/assemble/pipeline_spec.h"
#include "weir/config/template.h"
#include "weir/config/write.h"

namespace weir {
namespace {

using config::Node;

// Every line but the empty ones moved to the right.
std::string indented(const std::string& text, std::size_t columns) {
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    if (text[begin] != '\n') out += std::string(columns, ' ');
    out += text.substr(begin, end - begin);
    begin = end;
  }
  return out;
}

Node one(const char* key, const char* value) {
  return Node::map({{key, Node::string(value), {}}});
}

template <class T>
std::string explained(const Node& values, std::size_t columns) {
  return indented(config::yaml_template(config::table_of<T>(), values), columns);
}

// All of it set, as it is anyway: a file of defaults shows what they are.
Node defaults_of(const config::TableDoc& table) {
  std::vector<Node::Entry> entries;
  for (const config::FieldDoc& field : table.fields) {
    if (!field.default_value.is_null()) entries.push_back({field.name, field.default_value, {}});
  }
  return Node::map(std::move(entries));
}

std::string flow_section() {
  const config::TableDoc& table = config::table_of<FlowSpec>();
  return "flow:\n" + indented(config::yaml_template(table, defaults_of(table)), 2);
}

}  // namespace

std::string pipeline_template(const std::string& include) {
  std::string out =
      "# A pipeline, made by weir init: where frames come from, what is done with each, where "
      "results\n"
      "# go. What is set works; what stands as a comment shows the default or an example.\n"
      "#\n"
      "#   weir check pipeline.yaml --file-only     what is wrong with it\n"
      "#   weir explain pipeline.yaml               what it does\n"
      "#   weir run pipeline.yaml                   run it\n\n";
  if (!include.empty()) {
    out +=
        "# Threads, bounds and priorities, for several pipelines; what this file says itself "
        "wins.\ninclude: " +
        config::yaml_string(include) + "\n\n";
  }
  out +=
      "# The models, by the names that the steps use. `weir models` lists the catalogue.\n"
      "models:\n  detector:\n" +
      explained<ModelSpec>(one("use", "ssd-mobilenet-v2-oid"), 4) +
      "\n# What is done with each frame. A step waits for those that it looks `on`; all others run "
      "at\n"
      "# the same time.\n"
      "steps:\n  objects:\n" +
      explained<StepSpec>(one("model", "detector"), 4) +
      "\n  # The short form: who tracks, and what.\n"
      "  people: {track: bytetrack, on: objects, keep: {labels: [Person]}}\n"
      "\n# Where frames come from; the name is that of the stream in the results.\n"
      "sources:\n  street:\n" +
      explained<SourceSpec>(one("video", "street.mp4"), 4) +
      "\n# Where results go, each a list item.\nsinks:\n  -\n" +
      explained<SinkSpec>(one("jsonl", "out/results.jsonl"), 4) +
      "\n  - {video: 'out/{source}.mp4', steps: [people]}\n";
  if (include.empty()) out += "\n# How the work is shared out.\n" + flow_section();
  return out;
}

std::string pipeline_defaults() {
  return "# What the pipelines of this folder share: each of them includes this file.\n\n" +
         flow_section();
}

}  // namespace weir

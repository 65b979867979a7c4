// What is made from a field table besides reading: schema, template, docs.
#include <gtest/gtest.h>

#include "tests/config/sample_spec.h"
#include "weir/config/schema.h"
#include "weir/config/template.h"
#include "weir/config/yaml.h"

namespace weir::config {
namespace {

using sample::Step;

const Node& at(const Node& root, std::initializer_list<const char*> path) {
  static const Node none;
  const Node* node = &root;
  for (const char* key : path) {
    node = node->find(key);
    if (node == nullptr) return none;
  }
  return *node;
}

TEST(Schema, DescribesEachFieldOnce) {
  const Node schema = json_schema(table_of<Step>());
  EXPECT_EQ(at(schema, {"$schema"}).text(), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_FALSE(at(schema, {"additionalProperties"}).as_bool());
  EXPECT_TRUE(at(schema, {"properties", "include"}).is_map());
  EXPECT_TRUE(at(schema, {"required"}).is_null()) << "an included file may hold it";
  const Node& score = at(schema, {"properties", "score"});
  EXPECT_EQ(to_json(score),
            R"({"description": "How sure it must be.", "default": 0.5, "anyOf": [{"type": )"
            R"("number", "minimum": 0, "maximum": 1}, {"$ref": "#/$defs/reference"}]})");
  EXPECT_EQ(to_json(at(schema, {"properties", "gain", "anyOf"}).items()[0]),
            R"({"type": "number", "exclusiveMinimum": 0, "maximum": 8})");
  EXPECT_EQ(to_json(at(schema, {"properties", "mean", "anyOf"}).items()[0]),
            R"({"type": "array", "items": {"type": "number", "minimum": -255, "maximum": 255}, )"
            R"("minItems": 1, "maxItems": 3})");
  EXPECT_EQ(to_json(at(schema, {"properties", "colour", "anyOf"}).items()[0]),
            R"({"enum": ["rgb", "bgr", "RGB"]})");
  EXPECT_EQ(to_json(at(schema, {"$defs", "video", "required"})), R"(["video"])");
}

TEST(Schema, EndsForATableThatHoldsItself) {
  const Node schema = json_schema(table_of<sample::Tree>());
  const Node& children = at(schema, {"$defs", "tree", "properties", "children", "anyOf"});
  EXPECT_EQ(to_json(children.items()[0]),
            R"({"type": "array", "items": {"$ref": "#/$defs/tree"}})");
}

TEST(Schema, EveryReferenceInItIsDefined) {
  const Node schema = json_schema(table_of<Step>());
  std::vector<const Node*> todo{&schema};
  int references = 0;
  while (!todo.empty()) {
    const Node* node = todo.back();
    todo.pop_back();
    for (const Node::Entry& entry : node->entries()) {
      if (entry.key == "$ref") {
        ++references;
        const std::string name = entry.value.text().substr(std::string("#/$defs/").size());
        EXPECT_TRUE(at(schema, {"$defs", name.c_str()}).is_map()) << name;
      }
      todo.push_back(&entry.value);
    }
    for (const Node& item : node->items()) todo.push_back(&item);
  }
  EXPECT_GT(references, 20);
}

TEST(Template, ReadsBackAsTheValuesThatWereSet) {
  const auto values = parse_yaml(
      "{model: yunet, score: 0.75, keep: {labels: [Person]}, sources: {s: {video: v}}}", "x");
  ASSERT_TRUE(values);
  const std::string text = yaml_template(table_of<Step>(), *values);
  const auto back = parse_yaml(text, "template");
  ASSERT_TRUE(back) << back.error().to_string() << text;
  EXPECT_TRUE(same_value(*values, *back)) << text;
}

TEST(Template, ExplainsEveryFieldAndItsExamplesAreRight) {
  const std::string text = yaml_template(table_of<Step>());
  EXPECT_NE(text.find("# How sure it must be. A number from 0 to 1; default 0.5.\n# score: 0.5\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("# keep:\n"), std::string::npos) << text;
  for (const FieldDoc& field : table_of<Step>().fields) {
    EXPECT_NE(text.find("\n# " + field.name + ":"), std::string::npos) << field.name;
  }
  // Taking "# " away from a line sets that field, and the spec is still right.
  std::string set = "model: m\n";
  for (std::size_t at = 0; at < text.size();) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    for (const char* name : {"score", "gain", "every", "level", "size", "colour", "nms", "mean"}) {
      if (std::string(name) == "mean") continue;  // an empty list is too short: no example
      if (line.starts_with("# " + std::string(name) + ":")) set += line.substr(2) + "\n";
    }
  }
  const auto root = parse_yaml(set, "set");
  ASSERT_TRUE(root) << set;
  const auto step = read<Step>(*root);
  EXPECT_TRUE(step) << step.error().to_string() << set;
}

TEST(Docs, HaveOneSectionForEachTable) {
  const std::string text = markdown_tables(table_of<Step>());
  EXPECT_NE(text.find("## step\n"), std::string::npos);
  EXPECT_NE(text.find("| `score` | a number from 0 to 1 | `0.5` | How sure it must be. Also read: "
                      "`min_score`. |\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("| `model` | text | required | The model to run. Example: `face`. |\n"),
            std::string::npos)
      << text;
  for (const char* name : {"keep", "video", "rtsp", "tree"}) {
    EXPECT_NE(text.find("### " + std::string(name) + "\n"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace weir::config

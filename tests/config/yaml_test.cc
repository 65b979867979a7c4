#include "weir/config/yaml.h"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

TEST(Yaml, ReadsEveryKindWithItsPlace) {
  const auto root = parse_yaml(
      "models:\n"
      "  face: {use: yunet, score: 0.5}\n"
      "steps: [a, 'yes', yes]\n"
      "count: 3\n"
      "live: true\n"
      "none:\n"
      "text: |\n"
      "  two\n"
      "  lines\n",
      "t.yaml");
  ASSERT_TRUE(root) << root.error().to_string();
  const Node& face = *root->find("models")->find("face");
  EXPECT_EQ(face.find("use")->as_string(), "yunet");
  EXPECT_EQ(face.find("use")->where().to_string(), "t.yaml:2:15");
  EXPECT_EQ(face.find("score")->as_float(), 0.5);
  EXPECT_EQ(face.entries()[1].place.to_string(), "t.yaml:2:22");
  EXPECT_EQ(root->find("steps")->items()[2].where().to_string(), "t.yaml:3:19");
  EXPECT_TRUE(root->find("steps")->items()[2].is_string());
  EXPECT_EQ(root->find("count")->as_int(), 3);
  EXPECT_TRUE(root->find("live")->as_bool());
  EXPECT_TRUE(root->find("none")->is_null());
  EXPECT_EQ(root->find("text")->as_string(), "two\nlines\n");
}

TEST(Yaml, AnEmptyFileIsNullAtItsStart) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n"}) {
    const auto root = parse_yaml(text, "t.yaml");
    ASSERT_TRUE(root) << text;
    EXPECT_TRUE(root->is_null());
    EXPECT_EQ(root->where().to_string().substr(0, 7), "t.yaml:");
  }
}

TEST(Yaml, AliasesShareAValueAndTagsNameItsKind) {
  const auto root = parse_yaml("a: &x [1, 2]\nb: *x\nc: !!str 5\nd: !!float 5\n", "t.yaml");
  ASSERT_TRUE(root) << root.error().to_string();
  EXPECT_EQ(root->find("a")->identity(), root->find("b")->identity());
  EXPECT_EQ(root->find("c")->as_string(), "5");
  EXPECT_EQ(root->find("d")->kind(), Node::Kind::kFloat);
}

struct Wrong {
  const char* text;
  const char* where;
  const char* message;  // a part of it
};

TEST(Yaml, RefusesWhatIsWrongAndSaysWhere) {
  const Wrong rows[] = {
      {"a: 1\nb: 2\na: 3\n", "t.yaml:3:1", "the key 'a' is here twice; the first is at t.yaml:1:1"},
      {"a: {b: 1, b: 2}\n", "t.yaml:1:11", "the key 'b' is here twice"},
      {"a: 1\n\"a\": 2\n", "t.yaml:2:1", "the key 'a' is here twice"},
      {"a: [1, 2\n", "t.yaml:2:1", "not valid YAML"},
      {"a: b: c\n", "t.yaml:1:5", "needs quotes"},
      {"a:\n  b: {x}.mp4\nc: 1\n", "t.yaml:2:9",
       "put the value in quotes because it begins with a brace: '{x}.mp4'"},
      {"- {x}/{y}.jpg\n", "t.yaml:1:6", "begins with a brace: '{x}/{y}.jpg'"},
      {"a: [{x}.a, b]\n", "t.yaml:1:8", "begins with a brace: '{x}.a'"},
      {"- {a: {x}.mp4, b: 1}\n", "t.yaml:1:10", "begins with a brace: '{x}.mp4'"},
      {"- {a: {x}_{y}}\n", "t.yaml:1:10", "begins with a brace: '{x}_{y}'"},
      {"- {b: 1, a: out/{x}/{y}.mp4}\n", "t.yaml:1:17",
       "there are braces in it: 'out/{x}/{y}.mp4'"},
      {"a: {b: ${x}}\n", "t.yaml:1:", "in quotes"},
      {"a:\n\tb: 1\n", "t.yaml:2:", "tabs"},
      {"[1, 2]: 3\n", "t.yaml:1:1", "a key must be text, found a list"},
      {"~: 3\n", "t.yaml:1:1", "a key must be text, found nothing"},
      {"a: !mine 3\n", "t.yaml:1:4", "the tag '!mine' is not supported here"},
      {"a: !!int x\n", "t.yaml:1:4", "is not supported here"},
      {"a: !!set {x: 1}\n", "t.yaml:1:4", "is not supported"},
      {"a: \"b\\N\"\n", "t.yaml:1:4", "an escape gives what is not text"},
      {"a: \"b\\0\"\n", "t.yaml:1:4", "an escape gives what is not text"},
      {"a: *x\n", "t.yaml:1:", "not valid YAML"},
      {"a: &x [*x]\n", "t.yaml:1:8", "an alias inside the very value"},
      {"<<: {a: 1}\n", "t.yaml:1:1", "use 'include'"},
      {"a: 1\n---\nb: 2\n", "t.yaml", "more than one document"},
      {"a: \x01\n", "t.yaml:1:4", "a byte that is not text"},
      {"a: 1\nb: \xff\n", "t.yaml:2:4", "a byte that is not text"},
      {"a: \"x\n", "t.yaml:2:2", "illegal EOF in scalar"},
      {"a: \"x\nb: 1\n", "t.yaml:3:2", "illegal EOF in scalar"},
  };
  for (const Wrong& row : rows) {
    const auto root = parse_yaml(row.text, "t.yaml");
    ASSERT_FALSE(root) << row.text;
    EXPECT_EQ(root.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(root.error().where.substr(0, std::string(row.where).size()), row.where) << row.text;
    EXPECT_NE(root.error().to_string().find(row.message), std::string::npos)
        << root.error().to_string();
  }
}

TEST(Yaml, HoldsItsBounds) {
  Limits limits;
  limits.bytes = 2000;
  limits.nodes = 100;
  limits.depth = 8;
  std::string bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (char c = 'b'; c < 'z'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [*" + before + ", *" + before + "]\n";
  }
  std::string many = "[";
  for (int i = 0; i < 120; ++i) many += "1, ";
  const Wrong rows[] = {
      {bomb.c_str(), "b.yaml:", "more than 100 values"},
      {"[[[[[[[[[1]]]]]]]]]", "b.yaml:1:9", "deeper than 8 levels"},
      {"[[[[[[[[1]]]]]]]]", "b.yaml:1:9", "deeper than 8 levels"},
      {(many += "1]").c_str(), "b.yaml:1:", "more than 100 values"},
  };
  for (const Wrong& row : rows) {
    const auto root = parse_yaml(row.text, "b.yaml", limits);
    ASSERT_FALSE(root) << row.text;
    EXPECT_EQ(root.error().code, ErrorCode::kExhausted) << root.error().to_string();
    EXPECT_EQ(root.error().where.substr(0, std::string(row.where).size()), row.where);
    EXPECT_NE(root.error().message.find(row.message), std::string::npos) << root.error().message;
  }
  EXPECT_TRUE(parse_yaml("[[[[[[[1]]]]]]]", "b.yaml", limits));
  const auto large = parse_yaml(std::string(2001, ' '), "b.yaml", limits);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().message, "larger than 2000 bytes");
}

TEST(Yaml, AFileThatIsNotThereIsNotFound) {
  const auto root = read_yaml_file("/nowhere/at/all.yaml");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(root.error().where, "/nowhere/at/all.yaml");
  EXPECT_FALSE(read_yaml_file("/"));
}

}  // namespace
}  // namespace weir::config

#include "weir/config/load.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "weir/config/merge.h"
#include "weir/config/write.h"

namespace weir::config {
namespace {

using Files = std::map<std::string, std::string>;

LoadOptions reading(Files files) {
  LoadOptions options;
  options.read_file = [files = std::move(files)](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return Error(ErrorCode::kNotFound, "cannot be opened", path);
  };
  options.resolvers.add("secret", [](const std::string& key) -> Result<std::string> {
    if (key == "pin") return std::string("0042");
    if (key == "down") return Error(ErrorCode::kUnavailable, "the vault is closed");
    return Error(ErrorCode::kNotFound, "no secret '" + key + "'");
  });
  return options;
}

std::string flow(const Result<Node>& root) {
  return root ? to_flow_yaml(*root) : root.error().to_string();
}

TEST(Include, MergesByKeyOverSeveralLevels) {
  const LoadOptions options = reading({
      {"conf/top.yaml",
       "include: base/middle.yaml\nsteps: {faces: {score: 0.9}}\nlist: [3]\ngone: null\n"},
      {"conf/base/middle.yaml",
       "include: [bottom.yaml, ../more.yaml]\nsteps: {faces: {every: 5}}\n"},
      {"conf/base/bottom.yaml",
       "steps: {faces: {score: 0.1, every: 1, on: x}, who: {}}\nlist: [1, 2]\ngone: 1\n"},
      {"conf/more.yaml", "more: true\nsteps: {faces: {every: 2}}\n"},
  });
  const auto root = load_file("conf/top.yaml", options);
  EXPECT_EQ(flow(root),
            "{steps: {faces: {score: 0.9, every: 5, on: x}, who: {}}, list: [3], more: true}");
}

TEST(Include, EveryValueKeepsThePlaceWhereItWasWritten) {
  const LoadOptions options = reading({
      {"top.yaml", "include: base.yaml\na: {x: 1}\n"},
      {"base.yaml", "a: {x: 2,\n  y: 3}\n"},
  });
  const auto root = load_file("top.yaml", options);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->find("a")->find("x")->where().to_string(), "top.yaml:2:8");
  EXPECT_EQ(root->find("a")->find("y")->where().to_string(), "base.yaml:2:6");
  EXPECT_EQ(root->find("a")->find_entry("y")->place.to_string(), "base.yaml:2:3");
}

TEST(Include, ReadsRealFilesRelativeToTheOneThatNamesThem) {
  const std::filesystem::path folder =
      std::filesystem::path(WEIR_BINARY_DIR) / "include_test" / "inner";
  std::filesystem::create_directories(folder);
  std::ofstream(folder.parent_path() / "base.yaml") << "a: 1\n";
  std::ofstream(folder / "top.yaml") << "include: ../base.yaml\nb: 2\n";
  EXPECT_EQ(flow(load_file((folder / "top.yaml").string())), "{a: 1, b: 2}");
  std::filesystem::remove_all(folder.parent_path());
}

struct Case {
  const char* text;
  const char* result;  // as flow YAML, or the whole error
};

class LoadTable : public testing::TestWithParam<Case> {};

TEST_P(LoadTable, GivesTheTreeOrTheError) {
  ::setenv("WEIR_TEST_PORT", "8080", 1);
  ::setenv("WEIR_TEST_EMPTY", "", 1);
  ::unsetenv("WEIR_TEST_NONE");
  const LoadOptions options = reading({
      {"one.yaml", "include: two.yaml\n"},
      {"two.yaml", "include: three.yaml\n"},
      {"three.yaml", "\ninclude:\n  - one.yaml\n"},
      {"self.yaml", "include: self.yaml\n"},
      {"list.yaml", "- 1\n"},
      {"bad.yaml", "a: 1\na: 2\n"},
      {"empty.yaml", ""},
      {"base-8080.yaml", "a: 1\n"},
      {"lost.yaml", "include: [nowhere.yaml]\n"},
  });
  EXPECT_EQ(flow(load_text(GetParam().text, "t.yaml", options)), GetParam().result)
      << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Includes, LoadTable,
    testing::Values(
        Case{"include: empty.yaml\na: 1\n", "{a: 1}"}, Case{"include:\na: 1\n", "{a: 1}"},
        Case{"include: 'base-${env:WEIR_TEST_PORT}.yaml'\n", "{a: 1}"},
        Case{"include: nowhere.yaml\n", "t.yaml:1:10: the file 'nowhere.yaml' cannot be opened"},
        Case{"include: lost.yaml\n", "lost.yaml:1:11: the file 'nowhere.yaml' cannot be opened"},
        Case{"include: self.yaml\n",
             "self.yaml:1:10: files include each other in a circle: self.yaml -> self.yaml"},
        Case{"include: one.yaml\n",
             "three.yaml:3:5: files include each other in a circle: one.yaml -> two.yaml -> "
             "three.yaml -> one.yaml"},
        Case{"include: {a: 1}\n",
             "t.yaml:1:10: 'include' must be a file or a list of files, found a map"},
        Case{"include: [3]\n",
             "t.yaml:1:11: 'include' must be a file or a list of files, found the number 3"},
        Case{"include: list.yaml\n",
             "list.yaml:1:1: an included file must be a map, found a list of 1"},
        Case{"include: bad.yaml\n",
             "bad.yaml:2:1: the key 'a' is here twice; the first is at bad.yaml:1:1"}));

INSTANTIATE_TEST_SUITE_P(
    References, LoadTable,
    testing::Values(
        Case{"a: 0.5\nb: ${a}\n", "{a: 0.5, b: 0.5}"},
        Case{"a: {b: [1, {c: x}]}\nd: ${a.b.1}\n", "{a: {b: [1, {c: x}]}, d: {c: x}}"},
        Case{"a: ${b}\nb: ${c}\nc: true\n", "{a: true, b: true, c: true}"},
        Case{"a: 3\nb: v${a}-${a}\n", "{a: 3, b: v3-3}"},
        Case{"a: {x: 1}\nb: ${a}\nc: ${b.x}\n", "{a: {x: 1}, b: {x: 1}, c: 1}"},
        Case{"a: x\nx: {y: 2}\nb: ${${a}.y}\n", "{a: x, x: {y: 2}, b: 2}"},
        Case{"a: {\"p.q\": 7}\nb: ${a.\"p.q\"}\n", "{a: {p.q: 7}, b: 7}"},
        Case{"a: $${b}\nc: x$${b}y\nd: $5\n", "{a: \"${b}\", c: \"x${b}y\", d: $5}"},
        Case{"a: ${env:WEIR_TEST_PORT}\n", "{a: 8080}"},
        Case{"a: p${env:WEIR_TEST_PORT}\n", "{a: p8080}"},
        Case{"a: ${env:WEIR_TEST_NONE:-0.5}\n", "{a: 0.5}"},
        Case{"a: ${env:WEIR_TEST_EMPTY:-x:-y}\n", "{a: x:-y}"},
        Case{"a: ${env:WEIR_TEST_EMPTY}\n", "{a: null}"},
        Case{"a: ${env:WEIR_TEST_NONE:-${b}}\nb: 2\n", "{a: 2, b: 2}"},
        Case{"a: ${env:WEIR_TEST_PORT:-${nowhere}}\n", "{a: 8080}"},
        Case{"a: '${secret:pin}'\n", "{a: 0042}"}, Case{"a: ${secret:other:-none}\n", "{a: none}"},
        Case{"x-1: {n: 1}\na: ${x-1.n}\n", "{x-1: {n: 1}, a: 1}"},
        Case{"a: ${env:WEIR_TEST_NONE}\n",
             "t.yaml:1:4: the environment variable 'WEIR_TEST_NONE' is not set; set it, or write "
             "${env:WEIR_TEST_NONE:-default}"},
        Case{"a: ${secret:other}\n", "t.yaml:1:4: no secret 'other'"},
        Case{"a: ${secret:down:-x}\n", "t.yaml:1:4: the vault is closed"},
        Case{"a: ${secrt:pin}\n",
             "t.yaml:1:4: nothing is known to resolve '${secrt:…}'; did you mean 'secret'?"},
        Case{"models: {face: {score: 1}}\nb: ${models.fase.score}\n",
             "t.yaml:2:4: '${models.fase.score}': there is no 'fase' in 'models'; did you mean "
             "'face'?"},
        Case{"a: ${b}\n", "t.yaml:1:4: '${b}': there is no 'b' at the top; known is 'a'"},
        Case{"a: [1]\nb: ${a.1}\n", "t.yaml:2:4: '${a.1}': there is no '1' in 'a'"},
        Case{"a: ${}\n", "t.yaml:1:4: '' is not a path; write it like steps.objects.score"},
        Case{"a: x ${b\n", "t.yaml:1:4: '${' without its '}'; for the text itself write '$${'"},
        Case{"a: [1]\nb: x${a}\n",
             "t.yaml:2:4: '${a}' is a list of 1, which cannot stand inside text"},
        Case{"a: ${a}\n", "t.yaml:1:4: references go round in a circle: a -> a"},
        Case{"a: ${b.c}\nb:\n  c: x ${d}\nd: ${a}\n",
             "t.yaml:1:4: references go round in a circle: a -> b.c -> d -> a"},
        Case{"a:\n  b: ${a}\n", "t.yaml:2:3: references go round in a circle: a -> a.b -> a"}));

TEST(References, AreHeldToTheLimits) {
  LoadOptions options = reading({});
  options.limits.nodes = 1000;
  options.limits.bytes = 4000;
  std::string nodes = "a: [1, 2, 3, 4]\n";
  std::string bytes = "a: 0123456789abcdef\n";
  std::string chain;
  for (char c = 'b'; c <= 'z'; ++c) {
    const std::string name(1, c), before(1, static_cast<char>(c - 1));
    nodes += name + ": ['${" + before + "}', '${" + before + "}']\n";
    bytes += name + ": ${" + before + "}${" + before + "}\n";
  }
  for (int i = 0; i < 300; ++i) {
    chain += "a" + std::to_string(i) + ": ${a" + std::to_string(i + 1) + "}\n";
  }
  LoadOptions wide = reading({});
  const std::string deep(1000, '{');
  std::string nested = "a: ";
  for (int i = 0; i < 300; ++i) nested += "${";
  nested += std::string(300, '}') + "\n";
  for (const auto& result : {load_text(nodes, "t", options), load_text(bytes, "t", options),
                             load_text(chain, "t", wide), load_text(nested, "t", wide)}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kExhausted) << result.error().to_string();
  }
}

struct Override {
  const char* assignment;
  const char* result;
};

TEST(Override, SetsOneValueByItsPath) {
  const Override rows[] = {
      {"steps.a.score=0.4", "{steps: {a: {score: 0.4, on: [x, y]}}, n: 3}"},
      {"steps.a.on.1=z", "{steps: {a: {score: 0.5, on: [x, z]}}, n: 3}"},
      {"steps.a.on.2=z", "{steps: {a: {score: 0.5, on: [x, y, z]}}, n: 3}"},
      {"steps.a.on=[]", "{steps: {a: {score: 0.5, on: []}}, n: 3}"},
      {"steps.a=null", "{steps: {}, n: 3}"},
      {"steps.none=null", "{steps: {a: {score: 0.5, on: [x, y]}}, n: 3}"},
      {"steps={b: {c: 1}}", "{steps: {b: {c: 1}}, n: 3}"},
      {"n=${steps.a.score}", "{steps: {a: {score: 0.5, on: [x, y]}}, n: 0.5}"},
      {"n='3'", "{steps: {a: {score: 0.5, on: [x, y]}}, n: \"3\"}"},
      {"n=a=b", "{steps: {a: {score: 0.5, on: [x, y]}}, n: a=b}"},
      {"new.\"x.y\".z=1", "{steps: {a: {score: 0.5, on: [x, y]}}, n: 3, new: {x.y: {z: 1}}}"},
      {"steps.a.on.3=z",
       "command line: steps.a.on.3: 'steps.a.on' is a list of 2: it has no item '3'; items count "
       "from 0; 2 adds one"},
      {"n.x=1", "command line: n.x: 'n' is the number 3, nothing can be set in it"},
      {"n=[1", "command line: n: not valid YAML: end of sequence flow not found"},
      {"n", "command line: 'n' sets nothing; write n=VALUE"},
      {"=1", "command line: '=1' sets nothing; write KEY=VALUE"},
      {"a..b=1", "command line: 'a..b' is not a path; write it like steps.objects.score"},
  };
  for (const Override& row : rows) {
    LoadOptions options;
    options.overrides = {row.assignment};
    const auto root = load_text("{steps: {a: {score: 0.5, on: [x, y]}}, n: 3}", "t", options);
    EXPECT_EQ(flow(root), row.result) << row.assignment;
  }
}

TEST(Override, SaysThatTheValueCameFromTheCommandLine) {
  const Node root = Node::map({});
  const auto set = apply_override(root, "steps.a.score=8080");
  ASSERT_TRUE(set);
  const Node::Entry& score = set->find("steps")->find("a")->entries().at(0);
  EXPECT_EQ(score.place.to_string(), "command line: steps.a.score");
  EXPECT_EQ(score.value.where().to_string(), "command line: steps.a.score");
  EXPECT_TRUE(score.value.is_foreign()) << "a field that wants text takes it too";
}

TEST(Override, CannotMakeTheTreeTooDeep) {
  std::string path = "a";
  for (int i = 0; i < 100; ++i) path += ".a";
  const auto set = apply_override(Node(), path + "=1");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kExhausted);
}

}  // namespace
}  // namespace weir::config

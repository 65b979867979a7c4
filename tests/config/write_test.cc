#include "weir/config/write.h"

#include <gtest/gtest.h>

#include <limits>

#include "weir/config/yaml.h"

namespace weir::config {
namespace {

TEST(Write, YamlReadsBackAsTheSameTree) {
  const char* rows[] = {
      "null",
      "[]",
      "{}",
      "a: 1\nb: 0x10\nc: 1e-3\nd: .inf\ne: true\nf: ~\n",
      "a: [1, 2, [3, {b: c}]]\n",
      "a:\n  - b: 1\n    c: {d: [e, f]}\n  - - 1\n    - [x: 1]\n",
      "- {a: {b: {}}}\n- []\n- text\n",
      "['yes', 'true', '1', '', ' x ', 'a: b', 'a #b', '- a', '#', '&a', '*a', '!a', '|', '~']",
      "[\"line\\nline\", \"tab\\t\", \"quote \\\" \\\\\", \"\\u0001\", 'ü €', '=', '<<', '...']",
      "{'a b': 1, 'a:': 2, '': 3, '1': 4, 'null': 5, '[x]': 6}",
  };
  for (const char* row : rows) {
    const auto first = parse_yaml(row, "first");
    ASSERT_TRUE(first) << row << first.error().to_string();
    for (const std::string& text : {to_yaml(*first), to_flow_yaml(*first)}) {
      const auto second = parse_yaml(text, "second");
      ASSERT_TRUE(second) << text << second.error().to_string();
      EXPECT_TRUE(same_value(*first, *second)) << row << "\n" << text;
    }
  }
}

TEST(Write, YamlIsBlockStyleWithShortListsOnOneLine) {
  const auto root = parse_yaml("{a: {b: [1, 2]}, c: [{d: 1, e: [{f: g}]}, h]}", "x");
  EXPECT_EQ(to_yaml(*root), "a:\n  b: [1, 2]\nc:\n  - d: 1\n    e:\n      - f: g\n  - h\n");
}

TEST(Write, JsonHasNoNumberThatIsNotFinite) {
  const Node list = Node::list({Node::number(std::numeric_limits<double>::quiet_NaN()),
                                Node::plain("0x10"), Node::plain("1."), Node::string("a\"\n"),
                                Node(), Node::map({{"k", Node::boolean(false), {}}})});
  EXPECT_EQ(to_json(list), R"([null, 16, 1.0, "a\"\n", null, {"k": false}])");
  EXPECT_EQ(to_json(Node::map({{"a", Node::list({Node::integer(1)}), {}}}), 2),
            "{\n  \"a\": [\n    1\n  ]\n}");
}

}  // namespace
}  // namespace weir::config

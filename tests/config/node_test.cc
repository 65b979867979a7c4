#include "weir/config/node.h"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

TEST(Node, IsNullWhenNobodyGaveItAValue) {
  const Node node;
  EXPECT_TRUE(node.is_null());
  EXPECT_TRUE(node.is_scalar());
  EXPECT_EQ(node.find("x"), nullptr);
  EXPECT_TRUE(node.items().empty());
  EXPECT_EQ(node.where().to_string(), "");
}

TEST(Node, KeepsTheOrderOfTheFileAndFindsKeysFast) {
  std::vector<Node::Entry> entries;
  for (int i = 99; i >= 0; --i) entries.push_back({"k" + std::to_string(i), Node::integer(i), {}});
  const Node map = Node::map(entries);
  EXPECT_EQ(map.entries().front().key, "k99");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(map.find("k" + std::to_string(i))->as_int(), i);
  EXPECT_EQ(map.find("k100"), nullptr);
}

TEST(Node, KnowsItsSizeAndDepthWithSharedPartsCountedEachTime) {
  const Node pair = Node::list({Node::integer(1), Node::integer(2)});
  const Node both = Node::list({pair, pair});
  EXPECT_EQ(both.size(), 7U);
  EXPECT_EQ(both.depth(), 3U);
}

TEST(Node, SaysWhereItWasWritten) {
  EXPECT_EQ(Place::of("a.yaml", 3, 5).to_string(), "a.yaml:3:5");
  EXPECT_EQ(Place::of("command line: x").to_string(), "command line: x");
  const Node moved = Node::integer(1, Place::of("a", 1, 1)).moved_to(Place::of("b", 2, 2));
  EXPECT_EQ(moved.where().to_string(), "b:2:2");
  EXPECT_EQ(moved.as_int(), 1);
}

TEST(Node, DescribesItselfForMessages) {
  EXPECT_EQ(describe(Node()), "nothing");
  EXPECT_EQ(describe(Node::boolean(true)), "'true'");
  EXPECT_EQ(describe(Node::plain("0x10")), "the number 0x10");
  EXPECT_EQ(describe(Node::string("high")), "the text 'high'");
  EXPECT_EQ(describe(Node::list({Node()})), "a list of 1");
  EXPECT_EQ(describe(Node::list({})), "an empty list");
  EXPECT_EQ(describe(Node::map({})), "an empty map");
  EXPECT_EQ(describe(Node::map({{"a", Node(), {}}})), "a map");
}

}  // namespace
}  // namespace weir::config

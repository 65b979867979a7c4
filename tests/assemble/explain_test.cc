#include "weir/assemble/explain_svg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "weir/assemble/explain.h"
#include "weir/assemble/explain_chart.h"
#include "weir/assemble/explain_layout.h"
#include "weir/config/load.h"

namespace weir {
namespace {

using testing::HasSubstr;
using testing::Not;

PipelineSpec read(const std::string& yaml) {
  const auto root = config::load_text(yaml, "p.yaml");
  EXPECT_TRUE(root) << root.error().to_string();
  auto spec = read_pipeline_spec(*root);
  EXPECT_TRUE(spec) << spec.error().to_string();
  return std::move(spec).value();
}

constexpr const char* kTwoSources = R"(models: {m: {use: yunet}, n: {use: sface}}
steps:
  objects: m
  tracks: {track: sort, on: objects}
  who: {model: n, on: tracks}
  text: m
sources:
  street: {video: a.mp4, steps: who, live: true}
  pages: {pictures: b/, steps: [text]}
sinks: [{jsonl: 'a<b>&"c".jsonl'}, {csv: t.csv, steps: [text]}]
flow: {threads: 3, credits: 5}
)";

std::vector<std::string> edges(const ExplainChart& chart) {
  std::vector<std::string> list;
  for (const ChartEdge& edge : chart.edges) {
    list.push_back(chart.nodes[edge.from].title + ">" + chart.nodes[edge.to].title);
  }
  return list;
}

TEST(ExplainChart, FeedsASourceToItsOwnStepsAndASinkFromItsOwn) {
  const ExplainChart chart = chart_of(read(kTwoSources));
  EXPECT_THAT(edges(chart),
              testing::UnorderedElementsAre("street>objects", "pages>text", "objects>tracks",
                                            "tracks>who", "who>jsonl", "text>jsonl", "text>csv"));
  EXPECT_EQ(chart.edges[0].label, "the newest frame");
  EXPECT_EQ(chart.edges[1].label, "5 frames under way");
  EXPECT_EQ(chart.executor, "cpu, 3 workers");
}

TEST(ExplainSvg, ShowsStepsModelsExecutorAndQueues) {
  const std::string svg = to_svg(read(kTwoSources));
  EXPECT_THAT(svg, testing::StartsWith("<svg "));
  for (const char* part :
       {">objects<", ">yunet<", ">sort, on objects<", ">executor cpu, 3 workers<",
        ">queue: the newest frame<", "a&lt;b&gt;&amp;&quot;c&quot;.jsonl"}) {
    EXPECT_THAT(svg, HasSubstr(part));
  }
  for (const char* outside : {"<script", "href", "url(", "@import"}) {
    EXPECT_THAT(svg, Not(HasSubstr(outside)));
  }
}

// Many small charts: no box lies on another, and each edge begins and ends at its boxes.
TEST(ChartLayout, KeepsBoxesApartAndEdgesAtThem) {
  std::mt19937 random(7);
  const auto below = [&](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  for (int round = 0; round < 200; ++round) {
    ChartLayout layout;
    std::vector<int> columns;
    for (int i = 0, count = 1 + below(24); i < count; ++i) {
      columns.push_back(below(6));
      layout.add_box(columns.back(), 40 + below(200), 20 + below(100));
    }
    std::vector<std::pair<int, int>> ends;
    for (int i = 0; i < 40; ++i) {
      const int from = below(static_cast<int>(columns.size()));
      const int to = below(static_cast<int>(columns.size()));
      if (columns[static_cast<std::size_t>(from)] >= columns[static_cast<std::size_t>(to)])
        continue;
      layout.add_edge(from, to);
      ends.emplace_back(from, to);
    }
    layout.arrange();
    for (int a = 0; a < static_cast<int>(columns.size()); ++a) {
      const ChartBox& one = layout.box(a);
      EXPECT_GE(one.y, 0);
      EXPECT_LE(one.y + one.height, layout.height() + 1e-6);
      EXPECT_LE(one.x + one.width, layout.width() + 1e-6);
      for (int b = 0; b < a; ++b) {
        const ChartBox& other = layout.box(b);
        const bool apart_x = one.x >= other.x + other.width || other.x >= one.x + one.width;
        const bool apart_y = one.y >= other.y + other.height || other.y >= one.y + one.height;
        EXPECT_TRUE(apart_x || apart_y) << "round " << round << ": " << a << " and " << b;
      }
    }
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto points = layout.points(i);
      EXPECT_EQ(points.front().x, layout.box(ends[i].first).x + layout.box(ends[i].first).width);
      EXPECT_EQ(points.back().x, layout.box(ends[i].second).x);
    }
  }
}

}  // namespace
}  // namespace weir

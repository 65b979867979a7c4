#include "weir/assemble/explain_svg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "weir/assemble/explain.h"
#include "weir/assemble/explain_chart.h"
#include "weir/assemble/explain_executors.h"
#include "weir/assemble/explain_layout.h"
#include "weir/assemble/run_sinks.h"
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
  EXPECT_THAT(chart.executors, testing::ElementsAre("executor cpu, 3 workers"));
}

struct SinkQueue {
  std::vector<std::string> sources;
  const char* when_full;
};

TEST(ExplainQueues, ASinkSaysWhatItDoesWhenItsQueueIsFull) {
  PipelineSpec spec = read(kTwoSources);
  const std::string bound = std::to_string(RunSinks::kQueue) + " results; full: ";
  const char* both =
      "of live sources it does without what comes, and counts it, the others are read more slowly";
  for (const SinkQueue& of : {SinkQueue{{"pages"}, "its sources are read more slowly"},
                              SinkQueue{{"street"}, "it does without what comes, and counts it"},
                              SinkQueue{{"street", "pages"}, both}, SinkQueue{{}, both}}) {
    spec.sinks[0].sources = of.sources;
    EXPECT_EQ(queue_words(spec.sinks[0], spec), bound + of.when_full);
  }
  spec.sources.clear();  // a program adds them while it runs
  EXPECT_EQ(queue_words(spec.sinks[0], spec), std::to_string(RunSinks::kQueue) + " results");
}

constexpr const char* kDevices = R"(models:
  m: {use: yunet, device: cuda:0, instances: 2, batch: {max: 4, max_age_ms: 2.5}}
  n: {use: sface, device: cuda:0}
  o: {use: ssd-mobilenet-v2-oid, instances: 2}
  p: {use: yunet, threads: 2}
steps:
  faces: m
  tracks: {track: sort, on: faces}
  who: {model: n, on: tracks}
  objects: {model: o, every: 2}
  real: {truth: true}
  other: p
  elsewhere: theirs
sources: {street: {scene: {people: 3}}}
)";

std::vector<std::string> executors(const ExplainExecutors& who) {
  std::vector<std::string> list;
  for (const ExplainExecutor& executor : who.executors) {
    list.push_back(executor.name + ": " + executor.words);
  }
  return list;
}

std::vector<std::string> stages(const ExplainExecutors& who) {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < who.steps.size(); ++i) list.push_back(who.stages_in_words(i));
  return list;
}

PipelineSpec read_devices(const std::string& flow) {
  const auto root = config::load_text(kDevices + flow, "p.yaml");
  EXPECT_TRUE(root) << root.error().to_string();
  return read_pipeline_spec(*root, {"theirs"}).value();
}

TEST(ExplainExecutors, ADeviceHasOneForAllItsModelsAndTheirLanes) {
  const ExplainExecutors who = executors_of(read_devices("flow: {threads: 5}\n"));
  EXPECT_THAT(
      executors(who),
      testing::ElementsAre("cpu: 5 workers", "cuda:0: 3 runs at once and one ahead, 4 threads"));
  EXPECT_THAT(
      stages(who),
      testing::ElementsAre(
          "prepare and interpret on cpu; infer (2 at once, batches of up to 4 that wait 2.5 ms at "
          "most) on cuda:0",
          "track on cpu", "split, prepare, interpret and join on cpu; infer (1 at once) on cuda:0",
          "split, run (2 at once) and join on cpu", "truth on cpu", "run (2 at once) on cpu",
          "run on cpu"));
}

TEST(ExplainExecutors, ThreeHaveThePartsOfEachStep) {
  const ExplainExecutors who =
      executors_of(read_devices("flow: {executors: three, mode: latency, nice: 5}\n"));
  EXPECT_THAT(executors(who),
              testing::ElementsAre("prepare: a worker for two cores, nice 5",
                                   "infer: a worker per core, nice 5, a model has all of them",
                                   "interpret: a worker for two cores, nice 5",
                                   "cuda:0: 3 runs at once and one ahead, 4 threads"));
  const std::vector<std::string> words = stages(who);
  EXPECT_EQ(words[1], "track on prepare");
  EXPECT_EQ(words[2],
            "split and prepare on prepare; infer (1 at once) on cuda:0; interpret and join on "
            "interpret");
  EXPECT_EQ(words[3],
            "split and prepare on prepare; infer (2 at once) on infer; interpret and join on "
            "interpret");
}

TEST(ExplainSvg, ShowsEachExecutorAndWhatRunsThere) {
  const std::string svg = to_svg(read_devices("flow: {threads: 5}\n"));
  for (const char* part :
       {">executor cpu, 5 workers<", ">executor cuda:0, 3 runs at once and one ahead, 4 threads<",
        ">track on cpu<", ">most) on cuda:0<"}) {
    EXPECT_THAT(svg, HasSubstr(part));
  }
}

TEST(ExplainSvg, ShowsStepsModelsExecutorAndQueues) {
  const std::string svg = to_svg(read(kTwoSources));
  EXPECT_THAT(svg, testing::StartsWith("<svg "));
  for (const char* part :
       {">objects<", ">yunet<", ">sort, on objects<", ">executor cpu, 3 workers<",
        ">queue: the newest frame<", "class=\"queue\">queue: 4 results; full: of<",
        "a&lt;b&gt;&amp;&quot;c&quot;.jsonl"}) {
    EXPECT_THAT(svg, HasSubstr(part));
  }
  for (const char* outside : {"<script", "href", "url(", "@import"}) {
    EXPECT_THAT(svg, Not(HasSubstr(outside)));
  }
}

// Many small charts: no box lies on another, each edge begins and ends at its boxes, and the first
// thing is at the top.
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
    double top = layout.height();
    for (int a = 0; a < static_cast<int>(columns.size()); ++a) {
      const ChartBox& one = layout.box(a);
      EXPECT_GE(one.y, 0);
      top = std::min(top, one.y);
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
      for (const ChartPoint& point : points) top = std::min(top, point.y);
    }
    EXPECT_NEAR(top, 0, 1e-6) << "round " << round << ": nothing is left empty above";
  }
}

}  // namespace
}  // namespace weir

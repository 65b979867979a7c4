#include "weir/flow/graph.h"

#include "tests/flow/support/bodies.h"

namespace weir::flow {
namespace {

std::string refusal(GraphSpec spec) {
  auto graph = Graph::compile(std::move(spec));
  return graph ? "accepted" : graph.error().to_string();
}

StageSpec named(const char* name, std::vector<std::string> after = {}) {
  return stage(name, std::move(after), body());
}

TEST(Graph, RefusesWhatCannotRunAndSaysWhy) {
  EXPECT_THAT(refusal({}), testing::HasSubstr("no stages"));
  EXPECT_THAT(refusal({.executors = {}, .stages = {named("a", {"b"}), named("b", {"a"})}}),
              testing::HasSubstr("waits in a cycle: a, b"));
  EXPECT_THAT(refusal({.executors = {}, .stages = {named("a", {"x"})}}),
              testing::HasSubstr("waits for 'x', which is not a stage"));
  EXPECT_THAT(refusal({.executors = {}, .stages = {named("a"), named("a")}}),
              testing::HasSubstr("two stages have this name"));
  StageSpec join = named("j");
  join.joins = "a";
  EXPECT_THAT(refusal({.executors = {}, .stages = {named("a"), join}}),
              testing::HasSubstr("joins 'a', which does not fan out"));
  StageSpec step = named("s");
  step.step = 64;
  EXPECT_THAT(refusal({.executors = {}, .stages = {step}}), testing::HasSubstr("at most 64 steps"));
  StageSpec fan = named("a");
  fan.fans_out = true;
  EXPECT_THAT(refusal({.executors = {}, .stages = {fan}}), testing::HasSubstr("not joined"));
  StageSpec lost = named("a");
  lost.executor = "gpu";
  EXPECT_THAT(refusal({.executors = {}, .stages = {lost}}),
              testing::HasSubstr("there is no executor 'gpu'"));
}

GraphSpec nested() {
  StageSpec fan = named("fan");
  fan.fans_out = true;
  StageSpec inner = named("inner");
  inner.items_of = "fan";
  inner.fans_out = true;
  StageSpec leaf = named("leaf");
  leaf.items_of = "inner";
  StageSpec inner_join = named("inner join");
  inner_join.items_of = "fan";
  inner_join.joins = "inner";
  StageSpec join = named("join");
  join.joins = "fan";
  return {.executors = {}, .stages = {fan, inner, leaf, inner_join, join}};
}

TEST(Graph, TakesItemsOfItemsButNotDeeper) {
  EXPECT_EQ(refusal(nested()), "accepted");
  GraphSpec deeper = nested();
  deeper.stages[2].fans_out = true;
  EXPECT_THAT(refusal(deeper), testing::HasSubstr("inside two fan-outs"));
}

TEST(Graph, AnEdgeOutOfItemsMustGoThroughTheJoin) {
  GraphSpec spec = nested();
  spec.stages.push_back(named("after", {"leaf"}));
  EXPECT_THAT(refusal(spec), testing::HasSubstr("which joins them"));
  spec.stages.back().after = {"join", "leaf"};
  EXPECT_EQ(refusal(spec), "accepted");
}

TEST(Graph, ItemsMayNotWaitForWhatTheirFanOutDoesNotWaitFor) {
  GraphSpec spec = nested();
  spec.stages.push_back(named("other"));
  spec.stages[2].after = {"other"};
  EXPECT_THAT(refusal(spec), testing::HasSubstr("its items may be there before that"));
}

TEST(Graph, RanksWhatIsNearestTheExitFirst) {
  auto graph = *Graph::compile(nested());
  const auto rank = [&](const char* name) { return graph->stage(graph->find(name)).rank; };
  EXPECT_LT(rank("join"), rank("inner join"));
  EXPECT_LT(rank("inner join"), rank("leaf"));
  EXPECT_LT(rank("leaf"), rank("inner"));
  EXPECT_LT(rank("inner"), rank("fan"));
}

TEST(Graph, AddsTheStepsThatAStepDependsOn) {
  GraphSpec spec{.executors = {}, .stages = {named("a"), named("b", {"a"}), named("c")}};
  for (int i = 0; i < 3; ++i) spec.stages[static_cast<std::size_t>(i)].step = i;
  auto graph = *Graph::compile(spec);
  EXPECT_EQ(graph->with_dependencies(StepSet::of(1)), StepSet::of(0) | StepSet::of(1));
  EXPECT_EQ(graph->with_dependencies(StepSet::of(2)), StepSet::of(2));
}

TEST(Graph, CreditsDefaultToWhatKeepsTheSlowestStageBusyAndOneMore) {
  GraphSpec spec;
  spec.executors = {{.name = "a", .workers = 1}, {.name = "b", .workers = 4}};
  spec.stages = {named("a"), named("b", {"a"})};
  spec.stages[1].executor = "b";
  spec.stages[0].service_ns = 1'000'000;
  spec.stages[1].service_ns = 4'000'000;
  EXPECT_EQ((*Graph::compile(spec))->default_credits(), 6U);  // 5 ms at 1 a ms, and one
}

}  // namespace
}  // namespace weir::flow

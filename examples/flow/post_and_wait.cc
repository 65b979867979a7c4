// Post tasks and wait for their results: a flow of two steps, of which a task may want just one.
#include <cstdio>
#include <memory>

#include "weir/flow/pipeline.h"

using namespace weir;
using namespace weir::flow;

namespace {

struct Number {
  int value;
};

class Add final : public StageBody {
 public:
  explicit Add(int by) : by_(by) {}
  StageResult run(Slot& slot, StopToken) override {
    slot.payload<Number>()->value += by_;
    return StageResult::done();
  }

 private:
  const int by_;
};

const StepSet kTen = StepSet::of(0);
const StepSet kHundred = StepSet::of(1);

int value_of(Pipeline& pipe, StepSet steps) {
  PostOptions options;
  options.steps = steps;
  options.may_run_here = true;  // while the workers sleep, we do it ourselves
  auto ticket = pipe.post(Payload::own(std::make_unique<Number>(Number{1})), options);
  if (!ticket) return -1;
  auto result = pipe.wait(*ticket);
  return result && result->outcome == Outcome::kDone ? result->payload.as<Number>()->value : -1;
}

}  // namespace

int main() {
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 2}};
  spec.stages = {{.name = "ten", .step = 0, .body = std::make_shared<Add>(10)},
                 {.name = "hundred", .step = 1, .body = std::make_shared<Add>(100)}};
  spec.stages[1].after = {"ten"};
  auto graph = Graph::compile(spec);
  if (!graph) return std::fprintf(stderr, "%s\n", graph.error().to_string().c_str()), 1;
  auto pipe = Pipeline::start(*graph);
  if (!pipe) return 1;

  const int ten = value_of(**pipe, kTen);
  const int both = value_of(**pipe, kTen | kHundred);
  const int needs = value_of(**pipe, kHundred);  // what it depends on is added
  std::printf("1 + 10 = %d, 1 + 10 + 100 = %d = %d\n", ten, both, needs);
  return ten == 11 && both == 111 && needs == 111 ? 0 : 1;
}

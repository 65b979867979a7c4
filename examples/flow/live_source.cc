// A camera that is faster than the work: offering never waits, the newest frame wins, and what was
// dropped is counted.
#include <cstdio>
#include <latch>
#include <memory>
#include <vector>

#include "weir/flow/pipeline.h"

using namespace weir;
using namespace weir::flow;

namespace {

// Does nothing until the camera has shown all its frames: a very slow model.
class Slow final : public StageBody {
 public:
  explicit Slow(std::latch& may_end) : may_end_(may_end) {}
  StageResult run(Slot&, StopToken) override {
    may_end_.wait();
    return StageResult::done();
  }

 private:
  std::latch& may_end_;
};

// Called one result at a time, in the stream's order, on a worker.
struct Keep final : ResultSink {
  void on_result(Finished result) override { frames.push_back(*result.payload.as<int>()); }
  std::vector<int> frames;
};

}  // namespace

int main() {
  std::latch all_shown(1);
  Keep results;
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 1}};
  spec.stages = {{.name = "slow", .body = std::make_shared<Slow>(all_shown)}};
  auto graph = Graph::compile(spec);
  if (!graph) return std::fprintf(stderr, "%s\n", graph.error().to_string().c_str()), 1;
  auto pipe = Pipeline::start(*graph);
  auto stream = (*pipe)->open_stream(
      {.name = "gate", .credits = 1, .mailbox = MailboxPolicy::kLatest, .sink = &results});

  constexpr int kFrames = 100;
  for (int frame = 0; frame < kFrames; ++frame) {
    (*pipe)->offer(*stream, Payload::own(std::make_unique<int>(frame)));
  }
  all_shown.count_down();
  (*pipe)->drain(*stream);

  auto counts = (*pipe)->counts(*stream);
  if (!counts) return 1;
  std::printf("%llu offered, %llu dropped at the source, results of frames",
              static_cast<unsigned long long>(counts->offered),
              static_cast<unsigned long long>(counts->dropped_at_source));
  for (const int frame : results.frames) std::printf(" %d", frame);
  std::puts("");
  const bool newest = results.frames == std::vector<int>{0, kFrames - 1};
  return newest && counts->offered == counts->admitted + counts->dropped_at_source ? 0 : 1;
}

// Frames are worked on by four workers at once, the first ones longest, and leave in their order;
// then a stage with state sees them one by one.
#include <cstdio>
#include <memory>

#include "weir/flow/pipeline.h"

using namespace weir;
using namespace weir::flow;

namespace {

struct Frame {
  int number;
  uint64_t hash = 0;
  int seen_before = -1;  // by the serial stage
};

struct Detect final : StageBody {
  StageResult run(Slot& slot, StopToken) override {
    Frame& frame = *slot.payload<Frame>();
    for (int i = 0; i < (40 - frame.number) * 20'000; ++i) {
      frame.hash = frame.hash * 31 + static_cast<uint64_t>(i);
    }
    return StageResult::done();
  }
};

struct Count final : StreamState {
  int frames = 0;
};

struct Track final : StageBody {
  std::unique_ptr<StreamState> open_stream() override { return std::make_unique<Count>(); }
  StageResult run(Slot& slot, StopToken) override {
    auto& count = static_cast<Count&>(*slot.stream_state());  // one frame of a stream at a time
    slot.payload<Frame>()->seen_before = count.frames++;
    return StageResult::done();
  }
};

}  // namespace

int main() {
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 4}};
  spec.stages = {{.name = "detect", .body = std::make_shared<Detect>()},
                 {.name = "track", .kind = StageKind::kSerial, .body = std::make_shared<Track>()}};
  spec.stages[1].after = {"detect"};
  auto graph = Graph::compile(spec);
  if (!graph) return std::fprintf(stderr, "%s\n", graph.error().to_string().c_str()), 1;
  auto pipe = Pipeline::start(*graph);
  auto stream = (*pipe)->open_stream({.credits = 6});  // at most six frames in flight

  constexpr int kFrames = 40;
  for (int number = 0; number < kFrames; ++number) {
    auto frame = std::make_unique<Frame>();
    frame->number = number;
    if (!(*pipe)->post(*stream, Payload::own(std::move(frame)))) return 1;  // waits for a credit
  }
  for (int number = 0; number < kFrames; ++number) {
    auto result = (*pipe)->wait(*stream);
    if (!result || result->outcome != Outcome::kDone) return 1;
    const Frame& frame = *result->payload.as<Frame>();
    if (frame.number != number || frame.seen_before != number) {
      return std::fprintf(stderr, "frame %d came as number %d\n", frame.number, number), 1;
    }
  }
  std::printf("%d frames, in their order\n", kFrames);
  return 0;
}

#include "weir/assemble/trace_stages.h"

#include <utility>

namespace weir {
namespace {

class TracedBody final : public flow::StageBody {
 public:
  TracedBody(std::string name, std::shared_ptr<flow::StageBody> body, Trace& trace)
      : name_(std::move(name)), body_(std::move(body)), trace_(trace) {}

  flow::StageResult run(flow::Slot& slot, flow::StopToken stop) override {
    const TraceSpan span(&trace_, name_, "stage", static_cast<int64_t>(slot.seq()));
    return body_->run(slot, stop);
  }
  flow::StageResult run_batch(std::span<flow::Slot> slots, std::span<flow::StageResult> results,
                              flow::StopToken stop) override {
    const TraceSpan span(&trace_, name_, "batch", first(slots));
    return body_->run_batch(slots, results, stop);
  }
  bool asynchronous() const override { return body_->asynchronous(); }
  // The span is the hand-over: what the device does then is not of this thread.
  flow::StageResult start(std::span<flow::Slot> slots, flow::Completion done) override {
    const TraceSpan span(&trace_, name_, "start", first(slots));
    return body_->start(slots, done);
  }
  std::unique_ptr<flow::StreamState> open_stream() override { return body_->open_stream(); }

 private:
  static int64_t first(std::span<flow::Slot> slots) {
    return slots.empty() ? Trace::kNoId : static_cast<int64_t>(slots.front().seq());
  }

  const std::string name_;
  const std::shared_ptr<flow::StageBody> body_;
  Trace& trace_;
};

}  // namespace

void trace_stages(flow::GraphSpec& graph, Trace& trace) {
  for (flow::StageSpec& stage : graph.stages) {
    if (stage.body == nullptr) continue;
    stage.body = std::make_shared<TracedBody>(stage.name, std::move(stage.body), trace);
  }
}

}  // namespace weir

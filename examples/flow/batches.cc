// Tasks of several streams are worked on together: a batch closes by size, by age, or because the
// stage has nothing else to do.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <latch>
#include <memory>
#include <vector>

#include "weir/flow/pipeline.h"

using namespace weir;
using namespace weir::flow;

namespace {

class Square final : public StageBody {
 public:
  explicit Square(std::latch& all_posted) : all_posted_(all_posted) {}
  // A batch of one.
  StageResult run(Slot& slot, StopToken) override {
    all_posted_.wait();  // so that the others have to stand in a queue
    return square(slot);
  }
  StageResult run_batch(std::span<Slot> slots, std::span<StageResult> results, StopToken) override {
    all_posted_.wait();
    largest = std::max<std::size_t>(largest.load(), slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) results[i] = square(slots[i]);
    return StageResult::done();
  }
  std::atomic<std::size_t> largest{0};

 private:
  static StageResult square(Slot& slot) {
    *slot.payload<int>() *= *slot.payload<int>();
    return StageResult::done();
  }

  std::latch& all_posted_;
};

}  // namespace

int main() {
  std::latch all_posted(1);
  const auto square = std::make_shared<Square>(all_posted);
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 1}};
  spec.stages = {{.name = "square", .body = square}};
  spec.stages[0].batch = {.max = 4, .preferred = {1, 2, 4}, .max_age_ns = 5'000'000};
  auto graph = Graph::compile(spec);
  if (!graph) return std::fprintf(stderr, "%s\n", graph.error().to_string().c_str()), 1;
  auto pipe = Pipeline::start(*graph);

  std::vector<StreamId> streams;
  for (int s = 0; s < 3; ++s) {
    auto stream = (*pipe)->open_stream({.credits = 8});
    if (!stream) return 1;
    streams.push_back(*stream);
  }
  std::vector<Ticket> tickets;
  for (int i = 0; i < 24; ++i) {
    auto ticket = (*pipe)->post(streams[static_cast<std::size_t>(i) % 3],
                                Payload::own(std::make_unique<int>(i)));
    if (!ticket) return 1;
    tickets.push_back(*ticket);
  }
  all_posted.count_down();
  for (int i = 0; i < 24; ++i) {
    auto result = (*pipe)->wait(tickets[static_cast<std::size_t>(i)]);
    if (!result || *result->payload.as<int>() != i * i) return 1;
  }
  std::printf("24 tasks of 3 streams; the largest batch had %zu\n", square->largest.load());
  return square->largest.load() == 4 ? 0 : 1;
}

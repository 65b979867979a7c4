#include "tests/flow/support/onlooker.h"

#include <algorithm>

namespace weir::flow {

Onlooker::Onlooker(const Graph& graph, uint32_t quick_units)
    : graph_(graph), quick_units_(quick_units), running_(graph.stages().size()) {
  for (const Stage& stage : graph.stages()) limit_.push_back(stage.limit);
}

void Onlooker::opened(StreamId id, const StreamOptions& options) {
  StreamSeen stream;
  stream.id = id;
  stream.ordered = options.order == Order::kStream;
  stream.turn.assign(graph_.serial_stages(), 0);
  stream.inside.assign(graph_.serial_stages(), false);
  streams_.push_back(std::move(stream));
}

void Onlooker::limited(StageId stage, uint32_t limit) {
  limit_[stage] = limit == 0 ? ~0U : limit;
}

Onlooker::StreamSeen& Onlooker::stream(StreamId id) {
  return *std::find_if(streams_.begin(), streams_.end(),
                       [&](const StreamSeen& stream) { return stream.id == id; });
}

Onlooker::TaskSeen& Onlooker::seen(TaskId id) {
  if (id > tasks_.size()) tasks_.resize(id);
  TaskSeen& task = tasks_[id - 1];
  if (task.ran.empty()) {
    task.ran.assign(graph_.stages().size(), 0);
    task.expected.assign(graph_.scopes().size(), 0);
    task.expected[0] = 1;
  }
  return task;
}

void Onlooker::submitted(StreamId, const Submission& submission, Admit said) {
  if (said != Admit::kAdmitted && said != Admit::kQueued) return;
  TaskSeen& task = seen(submission.task);
  task.steps = graph_.with_dependencies(submission.steps);
}

void Onlooker::unit_starts(const Node& node, const Stage& stage) {
  const Slot slot(node.unit, const_cast<Node*>(&node));
  if (stage.serial < 0) return;
  StreamSeen& stream = this->stream(slot.stream());
  const auto serial = static_cast<std::size_t>(stage.serial);
  if (stream.inside[serial]) wrong_ = "two inside the serial stage " + stage.spec.name;
  stream.inside[serial] = true;
  const uint64_t turn = (slot.seq() << 24 | slot.item() << 12 | slot.sub_item()) + 1;
  if (turn <= stream.turn[serial]) wrong_ = "the turns went back in " + stage.spec.name;
  stream.turn[serial] = turn;
}

void Onlooker::starts(const Job& job) {
  const Stage& stage = graph_.stage(job.stage);
  if (++running_[job.stage] > limit_[job.stage])
    wrong_ = stage.spec.name + " runs more than its limit";
  uint32_t count = 0;
  const uint64_t bucket = job.head->bucket;
  for (const Node* node = job.head; node != nullptr; node = node->next) {
    ++count;
    unit_starts(*node, stage);
    if (stage.batched && node->bucket != bucket) wrong_ = "two buckets in one batch";
  }
  if (count != job.count) wrong_ = "a job has lost count of its units";
  const uint32_t most = stage.batched ? stage.spec.batch.max : quick_units_;
  if (count > most) wrong_ = "a job is too large";
}

void Onlooker::unit_ends(const Node& node, const Stage& stage, const StageResult& result,
                         bool again) {
  TaskSeen& task = seen(node.unit->task->id);
  if (stage.serial >= 0) {
    StreamSeen& seen_in = stream(node.unit->task->stream->id);
    seen_in.inside[static_cast<std::size_t>(stage.serial)] = false;
    if (again) --seen_in.turn[static_cast<std::size_t>(stage.serial)];  // its turn comes again
  }
  if (again) return;
  ++task.ran[stage.id];
  if (result.verdict != Verdict::kDone || !result.skip.empty()) task.disturbed = true;
  if (stage.opens_scope != 0 && result.verdict == Verdict::kDone) {
    task.expected[stage.opens_scope] =
        static_cast<uint16_t>(task.expected[stage.opens_scope] + result.items);
  }
}

void Onlooker::ends(const Job& job, const StageResult& whole, std::span<const StageResult> each) {
  const Stage& stage = graph_.stage(job.stage);
  --running_[job.stage];
  const bool again = whole.verdict == Verdict::kFail && job.count > 1;
  std::size_t i = 0;
  for (const Node* node = job.head; node != nullptr; node = node->next, ++i) {
    const bool own = !each.empty() && whole.verdict != Verdict::kFail;
    const bool back = own && i >= each.size();  // not run yet
    unit_ends(*node, stage, own && !back ? each[i] : whole, again || back);
  }
}

// A task that is done went through every stage that it wanted, once for each of its units.
void Onlooker::check_runs(const TaskSeen& task) {
  for (const Stage& stage : graph_.stages()) {
    const uint16_t ran = task.ran[stage.id];
    const uint16_t expected = task.expected[stage.scope];
    const bool wanted =
        stage.any_step || task.steps.contains(static_cast<std::size_t>(stage.spec.step));
    if (ran > expected) wrong_ = stage.spec.name + " ran twice for a unit";
    if (!wanted && ran != 0) wrong_ = stage.spec.name + " ran for a task that did not want it";
    if (wanted && !task.disturbed && ran != expected) wrong_ = stage.spec.name + " was left out";
  }
}

void Onlooker::left(const Finished& finished) {
  TaskSeen& task = seen(finished.task);
  if (task.out) wrong_ = "a task came out twice";
  task.out = true;
  if (!finished.admitted) {
    if (!is_dropped(finished.outcome)) wrong_ = "dropped at the source, but with another outcome";
    return;
  }
  StreamSeen& stream = this->stream(finished.stream);
  if (stream.ordered && finished.seq != stream.next_seq) wrong_ = "the results are out of order";
  ++stream.next_seq;
  if ((finished.outcome == Outcome::kFailed) != (finished.error != nullptr)) {
    wrong_ = "an outcome and its error do not agree";
  }
  if (finished.outcome == Outcome::kDone) check_runs(task);
}

std::string Onlooker::at_the_end() const {
  for (std::size_t id = 0; id < tasks_.size(); ++id) {
    if (!tasks_[id].out && !tasks_[id].ran.empty()) {
      return "task " + std::to_string(id + 1) + " never came out";
    }
  }
  return {};
}

}  // namespace weir::flow

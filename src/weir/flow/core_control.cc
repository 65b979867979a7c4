// Streams open and close, credits change, tasks are cancelled, the flow stops; and what can be
// asked.
#include <algorithm>
#include <bit>
#include <utility>

#include "weir/flow/core.h"

namespace weir::flow {
namespace {

Error no_stream() {
  return Error(ErrorCode::kNotFound, "there is no such stream");
}

Feed feed_of(const StreamOptions& options) {
  if (options.pulled) return Feed::kPulled;
  return options.mailbox == MailboxPolicy::kBlock ? Feed::kPosted : Feed::kLive;
}

}  // namespace

Result<StreamId> Core::open_stream(const StreamOptions& options,
                                   std::vector<std::unique_ptr<StreamState>> states,
                                   int64_t now_ns) {
  now_ = now_ns;
  if (stops_ > 0) return Error(ErrorCode::kUnavailable, "the flow stops");
  if (options.order == Order::kNone && graph_->serial_stages() > 0) {
    return Error(ErrorCode::kInvalidArgument, "a flow with serial stages keeps the order",
                 options.name, "leave out order: none");
  }
  if (free_streams_.empty()) {
    if (streams_.size() >= 0xffff) return Error(ErrorCode::kExhausted, "65535 streams are open");
    free_streams_.push_back(static_cast<uint16_t>(streams_.size()));
    streams_.push_back(std::make_unique<Stream>());
  }
  const uint16_t index = free_streams_.back();
  free_streams_.pop_back();
  const auto generation = static_cast<uint16_t>(streams_[index]->id.generation + 1);
  streams_[index] = std::make_unique<Stream>();
  Stream& stream = *streams_[index];
  stream.id = {index, generation};
  stream.phase = StreamPhase::kOpen;
  stream.options = options;
  if (options.mailbox == MailboxPolicy::kLatest) stream.options.mailbox_capacity = 1;
  if (options.mailbox == MailboxPolicy::kDropOldest) {
    stream.options.mailbox_capacity = std::max(1U, options.mailbox_capacity);
  }
  stream.credits = options.credits != 0 ? options.credits : graph_->default_credits();
  if (stream.ordered()) stream.ring.resize(std::bit_ceil(stream.credits));
  states.resize(graph_->serial_stages());
  stream.turns.resize(graph_->serial_stages());
  for (std::size_t t = 0; t < states.size(); ++t) stream.turns[t].state = std::move(states[t]);
  ++open_streams_;
  if (meter_ != nullptr) {
    meter_->open_stream(index, options.name, feed_of(options), static_cast<int>(stream.credits),
                        now_);
  }
  update_pull(stream);
  settle();
  return stream.id;
}

Status Core::close_stream(StreamId id, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return no_stream();
  if (stream->phase == StreamPhase::kClosing) return {};
  stream->phase = StreamPhase::kClosing;
  end_source(*stream);
  tell_posters(*stream);
  close_if_empty(*stream);
  settle();
  return {};
}

void Core::close_if_empty(Stream& stream) {
  if (stream.phase != StreamPhase::kClosing || stream.live_count != 0 || stream.in_flight != 0 ||
      !stream.mailbox.empty() || !stream.deliveries.empty() || !stream.results.empty() ||
      stream.delivering || stream.pulling) {
    return;
  }
  stream.phase = StreamPhase::kFree;
  --open_streams_;
  gone_ += stream.counts;
  for (Turn& turn : stream.turns) {
    if (turn.state != nullptr) effects_.closed_states.push_back(std::move(turn.state));
  }
  if (stream.options.keeps != nullptr) {
    effects_.closed_keeps.push_back(std::move(stream.options.keeps));
  }
  if (meter_ != nullptr) meter_->close_stream(stream.id.index);
  free_streams_.push_back(stream.id.index);
  effects_.progress |= watched_;
}

Status Core::set_credits(StreamId id, uint32_t credits, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return no_stream();
  if (credits == 0) {
    return Error(ErrorCode::kInvalidArgument, "a stream needs at least one credit",
                 stream->options.name);
  }
  stream->credits = credits;
  if (stream->ordered() && credits > stream->ring.size()) {
    std::vector<Task*> ring(std::bit_ceil(credits));
    for (Task* task : stream->ring) {
      if (task != nullptr) ring[task->seq & (ring.size() - 1)] = task;
    }
    stream->ring = std::move(ring);
  }
  if (meter_ != nullptr) meter_->set_credits(id.index, static_cast<int>(credits), now_);
  admit_waiting(*stream);
  tell_posters(*stream);
  update_pull(*stream);
  drain();
  settle();
  return {};
}

Status Core::set_mailbox_capacity(StreamId id, uint32_t capacity, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return no_stream();
  const MailboxPolicy policy = stream->options.mailbox;
  if (policy == MailboxPolicy::kLatest || (policy == MailboxPolicy::kDropOldest && capacity == 0)) {
    return Error(ErrorCode::kInvalidArgument,
                 policy == MailboxPolicy::kLatest ? "a mailbox of the latest holds one"
                                                  : "a mailbox that drops its oldest holds one",
                 stream->options.name, "open the stream with drop_newest or block");
  }
  stream->options.mailbox_capacity = capacity;
  while (policy == MailboxPolicy::kDropOldest && stream->mailbox.size() > capacity) {
    --mailed_;
    drop_at_source(*stream, stream->mailbox.pop(), Outcome::kDroppedOverload);
  }
  stream->mailbox_left = stream->mailbox.size();
  tell_posters(*stream);
  settle();
  return {};
}

Status Core::set_limit(StageId id, uint32_t limit, int64_t now_ns) {
  now_ = now_ns;
  if (id >= graph_->stages().size()) return Error(ErrorCode::kNotFound, "there is no such stage");
  const Stage& stage = graph_->stage(id);
  if (stage.spec.kind != StageKind::kStateless) {
    return Error(ErrorCode::kInvalidArgument, "a serial or exclusive stage runs one at a time",
                 stage.spec.name);
  }
  limit_[id] = limit == 0 ? ~0U : limit;
  refresh(stage);
  settle();
  return {};
}

bool Core::cancel(StreamId id, TaskId task_id, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return false;
  for (Task* task = stream->live; task != nullptr; task = task->live_next) {
    if (task->id != task_id) continue;
    kill(task, Outcome::kDroppedCancelled);
    return true;
  }
  Task* before = nullptr;
  for (Task* task = stream->mailbox.front(); task != nullptr; task = task->queue_next) {
    if (task->id == task_id) {
      before == nullptr ? stream->mailbox.pop() : stream->mailbox.pop_after(before);
      --mailed_;
      drop_at_source(*stream, task, Outcome::kDroppedCancelled);
      tell_posters(*stream);
      update_pull(*stream);
      close_if_empty(*stream);
      settle();
      return true;
    }
    before = task;
  }
  return false;
}

void Core::empty_mailbox(Stream& stream, Outcome outcome) {
  while (!stream.mailbox.empty()) {
    --mailed_;
    drop_at_source(stream, stream.mailbox.pop(), outcome);
  }
  effects_.progress |= watched_;
  tell_posters(stream);
  update_pull(stream);
}

void Core::kill_all(Stream& stream, Outcome outcome) {
  for (Task* task = stream.live; task != nullptr; task = task->live_next) kill(task, outcome);
}

void Core::cancel_stream(StreamId id, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return;
  kill_all(*stream, Outcome::kDroppedCancelled);
  empty_mailbox(*stream, Outcome::kDroppedCancelled);
  close_if_empty(*stream);
  settle();
}

void Core::cancel_all(int64_t now_ns) {
  for (const auto& stream : streams_) cancel_stream(stream->id, now_ns);
}

void Core::stop(int64_t now_ns) {
  now_ = now_ns;
  ++stops_;
  for (const auto& stream : streams_) {
    if (stream->phase == StreamPhase::kFree) continue;
    if (stops_ > 1) {
      kill_all(*stream, Outcome::kDroppedStop);
      update_deliver(*stream);
    }
    empty_mailbox(*stream, Outcome::kDroppedStop);
    end_source(*stream);
    close_if_empty(*stream);
  }
  settle();
}

bool Core::quiet() const {
  return live_ == 0 && mailed_ == 0 && undelivered_ == 0 && outside_ == 0;
}

bool Core::quiet(StreamId id) const {
  const Stream* stream = find(id);
  return stream == nullptr ||
         (stream->live_count == 0 && stream->mailbox.empty() && stream->deliveries.empty() &&
          !stream->delivering && !stream->pulling);
}

bool Core::drained() const {
  return quiet() && std::all_of(streams_.begin(), streams_.end(), [](const auto& stream) {
           return stream->phase == StreamPhase::kFree || !stream->options.pulled || stream->ended;
         });
}

bool Core::drained(StreamId id) const {
  const Stream* stream = find(id);
  return quiet(id) && (stream == nullptr || !stream->options.pulled || stream->ended);
}

bool Core::is_open(StreamId id) const {
  const Stream* stream = find(id);
  return stream != nullptr && stream->phase == StreamPhase::kOpen;
}

bool Core::unfinished(StreamId id, TaskId task_id) const {
  const Stream* stream = find(id);
  if (stream == nullptr) return false;
  for (const Task* task = stream->live; task != nullptr; task = task->live_next) {
    if (task->id == task_id) return true;
  }
  for (const Task* task = stream->mailbox.front(); task != nullptr; task = task->queue_next) {
    if (task->id == task_id) return true;
  }
  return false;
}

Result<TaskCounts> Core::counts(StreamId id) const {
  if (id.index >= streams_.size() || streams_[id.index]->id != id) return no_stream();
  return streams_[id.index]->counts;
}

TaskCounts Core::totals() const {
  TaskCounts sum = gone_;
  for (const auto& stream : streams_) {
    if (stream->phase != StreamPhase::kFree) sum += stream->counts;
  }
  return sum;
}

QueueSizes Core::queue_sizes() const {
  QueueSizes sizes;
  sizes.input = mailed_;
  sizes.result = kept_results_ + undelivered_;
  for (const Stage& stage : graph_->stages()) {
    const uint64_t waiting = waiting_[stage.id];
    switch (stage.spec.role) {
      case Role::kInfer:
        sizes.prepared += waiting;
        break;
      case Role::kInterpret:
        sizes.inferred += waiting;
        break;
      case Role::kPrepare:
      case Role::kOther:
        (stage.scope == 0 ? sizes.input : sizes.sub_input) += waiting;
        break;
    }
  }
  return sizes;
}

uint32_t Core::in_flight(StreamId id) const {
  const Stream* stream = find(id);
  return stream == nullptr ? 0 : stream->in_flight;
}

uint64_t Core::units_allocated() const {
  uint64_t sum = 0;
  for (const UnitPool& pool : pools_) sum += pool.allocated();
  return sum;
}

}  // namespace weir::flow

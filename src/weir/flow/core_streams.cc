// How tasks come and go: credits, mailboxes, the order in which they leave, and who is told.
#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "weir/flow/core.h"

namespace weir::flow {

Stream* Core::find(StreamId id) const {
  if (id.index >= streams_.size()) return nullptr;
  Stream* stream = streams_[id.index].get();
  return stream->id == id && stream->phase != StreamPhase::kFree ? stream : nullptr;
}

Admit Core::submit(StreamId id, Submission& submission, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr || stream->phase != StreamPhase::kOpen || stops_ > 0 ||
      stream->options.pulled) {
    return Admit::kClosed;
  }
  if (stream->has_credit() && stream->mailbox.empty()) {
    count_offered(*stream);
    admit(*stream, make_task(*stream, submission));
    drain();
    settle();
    return Admit::kAdmitted;
  }
  if (stream->mailbox.size() >= stream->options.mailbox_capacity) {
    switch (stream->options.mailbox) {
      case MailboxPolicy::kBlock:
        if (submission.will_wait) ++stream->waiting_posters;
        return Admit::kBlocked;
      case MailboxPolicy::kDropNewest:
        count_offered(*stream);
        count_dropped(*stream);
        return Admit::kDropped;
      case MailboxPolicy::kLatest:
      case MailboxPolicy::kDropOldest:
        --mailed_;
        drop_at_source(*stream, stream->mailbox.pop(), Outcome::kDroppedOverload);
        break;
    }
  }
  count_offered(*stream);
  stream->mailbox.push(make_task(*stream, submission));
  ++mailed_;
  settle();  // a dropped one may have to be told of
  return Admit::kQueued;
}

void Core::count_offered(Stream& stream) {
  ++stream.counts.offered;
  if (meter_ != nullptr) meter_->offered(stream.id.index);
}

void Core::count_dropped(Stream& stream) {
  ++stream.counts.dropped_at_source;
  if (meter_ != nullptr) meter_->dropped_at_source(stream.id.index);
}

Task* Core::make_task(Stream& stream, Submission& submission) {
  Task* task = static_cast<Task*>(pools_[0].acquire());
  task->task = task;
  task->stream = &stream;
  task->id = submission.task = ++last_task_;
  task->steps = graph_->with_dependencies(submission.steps);
  task->deadline_ns = submission.deadline_ns;
  task->birth_ns = submission.birth_ns >= 0 ? submission.birth_ns : now_;
  task->payload = std::move(submission.payload);
  task->sink = submission.sink != nullptr ? submission.sink : stream.options.sink;
  task->tell_drop = submission.tell_drop;
  task->admitted = task->finished = task->has_credit = false;
  return task;
}

void Core::admit(Stream& stream, Task* task) {
  task->seq = stream.next_seq++;
  task->admitted = task->has_credit = true;
  task->admitted_ns = now_;
  ++stream.in_flight;
  ++stream.counts.admitted;
  if (meter_ != nullptr) meter_->admitted(stream.id.index, now_);
  ++live_;
  ++stream.live_count;
  task->live_prev = nullptr;
  task->live_next = stream.live;
  if (stream.live != nullptr) stream.live->live_prev = task;
  stream.live = task;
  if (stream.ordered()) {
    Task*& place = stream.ring[task->seq & (stream.ring.size() - 1)];
    assert(place == nullptr);
    place = task;
  }
  for (const StageId root : graph_->scopes()[0].roots) {
    enter(&task->nodes[graph_->stage(root).local]);
  }
}

void Core::admit_waiting(Stream& stream) {
  while (stream.has_credit() && !stream.mailbox.empty()) {
    --mailed_;
    admit(stream, stream.mailbox.pop());
    stream.mailbox_left = std::min(stream.mailbox_left, stream.mailbox.size());
  }
}

// Nothing worked on it, and it was never admitted.
void Core::drop_at_source(Stream& stream, Task* task, Outcome outcome) {
  count_dropped(stream);
  kill(task, outcome);
  if (task->tell_drop) return keep(stream, task);
  if (task->payload.needs_release()) effects_.trash.push_back(std::move(task->payload));
  free_task(task);
}

void Core::free_task(Task* task) {
  task->payload.reset();
  pools_[0].release(task);
}

// All stages are over.
void Core::task_done(Task* task) {
  Stream& stream = *task->stream;
  task->finished = true;
  if (!stream.ordered()) return release(stream, task);
  for (Task* head = stream.at(stream.release_seq); head != nullptr && head->finished;
       head = stream.at(stream.release_seq)) {
    stream.ring[head->seq & (stream.ring.size() - 1)] = nullptr;
    ++stream.release_seq;
    release(stream, head);
  }
}

// Somebody may wait for the stream to be empty. While its source goes on, that it is empty for a
// moment is nothing to wake anybody for.
bool Core::may_end(const Stream& stream) const {
  return stops_ > 0 || stream.ended || !stream.options.pulled || stream.phase != StreamPhase::kOpen;
}

// The task leaves, in its order. It ends here, exactly once.
void Core::release(Stream& stream, Task* task) {
  --live_;
  --stream.live_count;
  if (task->live_prev != nullptr) task->live_prev->live_next = task->live_next;
  if (task->live_next != nullptr) task->live_next->live_prev = task->live_prev;
  if (stream.live == task) stream.live = task->live_next;
  const Outcome outcome = task->outcome();
  ++stream.counts.by_outcome[static_cast<int>(outcome)];
  if (meter_ != nullptr) {
    meter_->ended(stream.id.index, outcome, task->birth_ns, task->admitted_ns, now_);
  }
  const bool holds = task->sink != nullptr || stream.options.results_hold_credit;
  keep(stream, task);
  effects_.progress |= watched_ && stream.live_count == 0 && may_end(stream);
  if (holds) return;
  task->has_credit = false;
  credit_back(stream);
}

// Its result waits for its sink, or for somebody to take it.
void Core::keep(Stream& stream, Task* task) {
  task->finished_ns = now_;
  if (task->sink == nullptr) {
    stream.results.push(task);
    ++kept_results_;
    effects_.results |= watched_;
    return;
  }
  stream.deliveries.push(task);
  ++undelivered_;
  update_deliver(stream);
}

void Core::credit_back(Stream& stream) {
  assert(stream.in_flight > 0);
  --stream.in_flight;
  if (meter_ != nullptr) meter_->credit_back(stream.id.index, now_);
  admit_waiting(stream);
  tell_posters(stream);
  update_pull(stream);
}

void Core::tell_posters(Stream& stream) {
  if (stream.waiting_posters == 0) return;
  const bool room = stream.mailbox.size() < stream.options.mailbox_capacity ||
                    (stream.has_credit() && stream.mailbox.empty());
  if (!room && stream.phase == StreamPhase::kOpen && stops_ == 0) return;
  stream.waiting_posters = 0;
  effects_.posters.push_back(stream.id);
}

void Core::update_deliver(Stream& stream) {
  if (stream.deliveries.empty() || stream.delivering || stream.in_deliver_list) return;
  if (stream.holds > 0 && stops_ < 2) return;
  stream.in_deliver_list = true;
  deliverable_.push(&stream);
}

void Core::update_pull(Stream& stream) {
  const bool wanted = stream.options.pulled && !stream.ended && !stream.dry && !stream.pulling &&
                      stream.has_credit() && stream.mailbox.empty() && stops_ == 0;
  if (wanted == stream.in_pull_list) return;
  stream.in_pull_list = wanted;
  if (meter_ != nullptr) meter_->input_waits(stream.id.index, wanted, now_);
  if (wanted) {
    pullable_.push(&stream);
  } else {
    pullable_.remove(&stream);
  }
}

void Core::take_input(Stream& stream, Submission& submission) {
  count_offered(stream);
  Task* task = make_task(stream, submission);
  if (stops_ > 0 || stream.phase != StreamPhase::kOpen) {
    drop_at_source(stream, task, Outcome::kDroppedStop);
  } else if (stream.has_credit()) {
    admit(stream, task);
  } else {  // the credits were lowered meanwhile
    stream.mailbox.push(task);
    ++mailed_;
  }
}

void Core::end_pull(StreamId id, std::span<Submission> inputs, Pulled what, int64_t now_ns) {
  now_ = now_ns;
  Stream& stream = *find(id);  // it cannot close while it is asked
  assert(stream.pulling);
  stream.pulling = false;
  --outside_;
  if (meter_ != nullptr) meter_->pull_ends(stream.id.index, now_);
  if (what == Pulled::kNothingNow) stream.dry = !stream.ready_again;
  if (what == Pulled::kEnd) end_source(stream);
  const auto asked = static_cast<int64_t>(inputs.size()) + (what != Pulled::kInput ? 1 : 0);
  stream.quick_source.add(now_ - stream.pull_ns, asked, options_.quick_ns);
  for (Submission& input : inputs) take_input(stream, input);
  if (!inputs.empty()) drain();
  stream.ready_again = false;
  update_pull(stream);
  effects_.progress |= watched_ && may_end(stream);
  close_if_empty(stream);
}

void Core::source_ready(StreamId id, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return;
  stream->dry = false;
  stream->ready_again = stream->pulling;
  update_pull(*stream);
  settle();
}

void Core::hold_results(StreamId id, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return;
  ++stream->holds;
  if (!stream->in_deliver_list || stops_ > 1) return;
  stream->in_deliver_list = false;
  deliverable_.remove(stream);
  settle();
}

void Core::release_results(StreamId id, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr) return;
  assert(stream->holds > 0);
  --stream->holds;
  update_deliver(*stream);
  settle();
}

void Core::end_source(Stream& stream) {
  stream.ended = true;
  update_pull(stream);
  effects_.progress |= watched_;
}

Finished Core::hand_over(Task* task) {
  Stream& stream = *task->stream;
  Finished out{.stream = stream.id,
               .task = task->id,
               .seq = task->seq,
               .admitted = task->admitted,
               .outcome = task->outcome(),
               .error = std::move(task->error),
               .payload = std::move(task->payload),
               .birth_ns = task->birth_ns,
               .admitted_ns = task->admitted_ns,
               .finished_ns = task->finished_ns,
               .sink = task->sink};
  const bool holds = task->has_credit;
  if (meter_ != nullptr && task->admitted) meter_->taken(stream.id.index, now_);
  free_task(task);
  if (holds) credit_back(stream);
  return out;
}

void Core::deliveries(StreamId id, std::vector<Finished>& out, std::size_t limit, int64_t now_ns) {
  now_ = now_ns;
  Stream& stream = *find(id);
  assert(stream.delivering);
  while (!stream.deliveries.empty() && limit-- > 0) {
    --undelivered_;
    ++stream.handed_out;
    out.push_back(hand_over(stream.deliveries.pop()));
  }
  drain();
  settle();
}

void Core::end_delivery(StreamId id, int64_t now_ns) {
  now_ = now_ns;
  Stream& stream = *find(id);
  assert(stream.delivering);
  stream.delivering = false;
  --outside_;
  stream.quick_sink.add(now_ - stream.deliver_ns, std::max(1U, stream.handed_out),
                        options_.quick_ns);
  update_deliver(stream);
  if (meter_ != nullptr) meter_->deliver_ends(now_);
  effects_.progress |= watched_ && stream.live_count == 0 && may_end(stream);
  close_if_empty(stream);
}

bool Core::take_result(Finished& out, int64_t now_ns) {
  if (kept_results_ == 0) return false;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    Stream& stream = *streams_[(round_ + i) % streams_.size()];
    if (stream.results.empty()) continue;
    round_ = static_cast<uint32_t>((round_ + i + 1) % streams_.size());
    return take_result(stream.id, out, now_ns);
  }
  return false;
}

bool Core::take_result(StreamId id, Finished& out, int64_t now_ns) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->results.empty()) return false;
  return take_result(id, stream->results.front()->id, out, now_ns);
}

bool Core::take_result(StreamId id, TaskId task_id, Finished& out, int64_t now_ns) {
  now_ = now_ns;
  Stream* stream = find(id);
  if (stream == nullptr || stream->results.empty()) return false;
  Task* before = nullptr;
  Task* task = stream->results.front();
  while (task != nullptr && task->id != task_id) {
    before = task;
    task = task->queue_next;
  }
  if (task == nullptr) return false;
  if (before == nullptr) {
    stream->results.pop();
  } else {
    stream->results.pop_after(before);
  }
  --kept_results_;
  out = hand_over(task);
  drain();
  close_if_empty(*stream);
  settle();
  return true;
}

}  // namespace weir::flow

#include "weir/flow/meter.h"

#include <algorithm>
#include <utility>

namespace weir::flow {
namespace {

constexpr int64_t kLookEveryNs = 50'000'000;
constexpr double kPressedBusy = 0.9;
constexpr double kPressedFull = 0.5;

}  // namespace

Meter::Meter(MeterLayout layout, int64_t now_ns)
    : layout_(std::move(layout)),
      start_ns_(now_ns),
      stages_(layout_.stages.size()),
      executors_(layout_.executors.size()),
      last_look_ns_(now_ns),
      next_look_ns_(now_ns + kLookEveryNs) {
  for (StageGauges& stage : stages_) stage.depth.start(now_ns, 1), stage.busy.start(now_ns, 1);
  for (std::size_t e = 0; e < executors_.size(); ++e) {
    executors_[e].depth.start(now_ns, 1);
    executors_[e].busy.start(now_ns, layout_.executors[e].workers);
  }
  delivering_.start(now_ns, 1);
  for (const MeterLayout::Stage& stage : layout_.stages) {
    assert(stage.executor >= 0 && stage.executor < static_cast<int>(executors_.size()));
    executor_index_.push_back(static_cast<std::size_t>(stage.executor));
  }
  const auto add_worker = [&](int executor) {
    WorkerSets& sets = workers_.emplace_back(stages_.size());
    for (std::size_t s = 0; s < sets.size(); ++s) {
      const bool its_own = executor < 0 || layout_.stages[s].executor == executor;
      if (its_own) sets[s] = std::make_unique<WorkerStage>();
    }
  };
  add_worker(kOffWorker);
  for (std::size_t e = 0; e < executors_.size(); ++e) {
    const MeterLayout::Executor& spec = layout_.executors[e];
    const int threads = spec.threads > 0 ? spec.threads : spec.workers;
    for (int w = 0; w < threads; ++w) add_worker(static_cast<int>(e));
  }
}

int Meter::at_once(int stage) const {
  const int limit = layout_.stages[static_cast<std::size_t>(stage)].at_once;
  return limit == MeterLayout::kPerStream ? std::max(open_streams_, 1) : limit;
}

void Meter::look_for_pressure(int64_t now) {
  const double passed = static_cast<double>(now - last_look_ns_);
  first_pressed_ = -1;
  for (std::size_t s = 0; s < stages_.size(); ++s) {
    StageGauges& own = stages_[s];
    const int limit = at_once(static_cast<int>(s));
    const Gauge::Totals busy = own.busy.totals(now);
    const Gauge::Totals depth = own.depth.totals(now);
    const double busy_share =
        limit == 0 ? 0 : static_cast<double>(busy.area - own.seen_busy) / (passed * limit);
    const double full_share = static_cast<double>(depth.full_ns - own.seen_full) / passed;
    // Who waits for a turn in a serial stage does not stand in its queue yet.
    const bool serial = layout_.stages[s].at_once == MeterLayout::kPerStream;
    own.pressed = busy_share >= kPressedBusy && (serial || full_share >= kPressedFull);
    if (own.pressed && first_pressed_ < 0) first_pressed_ = static_cast<int>(s);
    own.seen_busy = busy.area;
    own.seen_full = depth.full_ns;
  }
  last_look_ns_ = now;
  next_look_ns_ = now + kLookEveryNs;
}

void Meter::open_stream(int stream, std::string name, Feed feed, int credits, int64_t now) {
  const auto index = static_cast<std::size_t>(stream);
  if (streams_.size() <= index) streams_.resize(index + 1);
  assert(streams_[index] == nullptr);
  auto fresh = std::make_shared<StreamMeter>();
  fresh->name = name.empty() ? "stream " + std::to_string(stream) : std::move(name);
  fresh->feed = feed;
  fresh->credits = credits;
  fresh->opened_ns = now;
  fresh->in_flight.start(now, credits);
  fresh->input.start(now, 1);
  fresh->pulling.start(now, 1);
  fresh->output.start(now, 1);
  streams_[index] = std::move(fresh);
  ++open_streams_;
}

void Meter::close_stream(int stream) {
  auto& slot = streams_[static_cast<std::size_t>(stream)];
  closed_ += slot->counts;
  slot.reset();
  --open_streams_;
}

void Meter::set_credits(int stream, int credits, int64_t now) {
  of(stream).credits = credits;
  of(stream).in_flight.set_full_at(credits, now);
}

void Meter::ended(int stream, Outcome outcome, int64_t birth_ns, int64_t admission_ns,
                  int64_t now) {
  StreamMeter& own = of(stream);
  own.output.add(1, now);
  ++own.counts.by_outcome[static_cast<int>(outcome)];
  if (outcome != Outcome::kDone) return;
  own.delay_from_birth.record(now - birth_ns);
  own.delay_from_admission.record(now - admission_ns);
}

void Meter::set_usage(int executor, int64_t cpu_ns, int64_t ready_ns) {
  executors_[static_cast<std::size_t>(executor)].cpu_ns = cpu_ns;
  executors_[static_cast<std::size_t>(executor)].ready_ns = ready_ns;
}

MeterReading Meter::read(int64_t now) const {
  MeterReading reading;
  reading.meter = this;
  reading.start_ns = start_ns_;
  reading.now_ns = now;
  reading.delivering = delivering_.totals(now);
  reading.total = closed_;
  reading.quota_periods = quota_periods_;
  reading.quota_used_up = quota_used_up_;
  for (std::size_t s = 0; s < stages_.size(); ++s) {
    const StageGauges& own = stages_[s];
    reading.stages.push_back({{own.depth.totals(now), own.busy.totals(now)},
                              own.begun,
                              own.ended,
                              at_once(static_cast<int>(s))});
  }
  for (const ExecutorGauges& own : executors_) {
    reading.executors.push_back(
        {{own.depth.totals(now), own.busy.totals(now)}, own.cpu_ns, own.ready_ns});
  }
  for (const auto& stream : streams_) {
    if (stream == nullptr) continue;
    reading.total += stream->counts;
    reading.streams.push_back({stream, stream->credits, stream->in_flight.totals(now),
                               stream->input.totals(now), stream->pulling.totals(now),
                               stream->output.totals(now), stream->counts});
  }
  return reading;
}

}  // namespace weir::flow

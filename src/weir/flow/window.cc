// From two readings of a Meter to the FlowStats of the time in between.
#include <algorithm>
#include <map>
#include <utility>

#include "weir/flow/meter.h"

namespace weir::flow {
namespace {

// All workers' sets of one stage, merged.
struct StageCounts {
  HistogramCounts wait;
  HistogramCounts service;
  int64_t jobs = 0;
  int64_t sampled_wall_ns = 0;
  int64_t sampled_cpu_ns = 0;
};
struct StreamDelays {
  HistogramCounts from_birth;
  HistogramCounts from_admission;
};

Quantiles quantiles(HistogramCounts now, const HistogramCounts& before) {
  now.subtract(before);
  return {now.count(),        now.mean(),         now.quantile(0.50),
          now.quantile(0.95), now.quantile(0.99), now.quantile(1.0)};
}

std::vector<TimeBucket> buckets(HistogramCounts now, const HistogramCounts& before) {
  now.subtract(before);
  std::vector<TimeBucket> list;
  for (std::size_t i = 0; i < kHistogramBuckets; ++i) {
    if (now.in_bucket(i) == 0) continue;
    list.push_back({bucket_floor(i), bucket_floor(i) + bucket_width(i), now.in_bucket(i)});
  }
  return list;
}

// Shares and means of one gauge over `passed` nanoseconds.
struct Shares {
  double mean;
  double full;
  double empty;
};
Shares shares(const Gauge::Totals& now, const Gauge::Totals& before, double passed) {
  if (passed <= 0) return {0, 0, 1};
  return {static_cast<double>(now.area - before.area) / passed,
          static_cast<double>(now.full_ns - before.full_ns) / passed,
          static_cast<double>(now.empty_ns - before.empty_ns) / passed};
}

}  // namespace

struct MeterCursor::State {
  MeterReading last;
  static StageCounts merge(const Meter& meter, std::size_t stage);
  std::vector<StageCounts> stages;
  std::map<const StreamMeter*, StreamDelays> delays;
};
MeterCursor::MeterCursor() : state_(std::make_unique<State>()) {}
MeterCursor::~MeterCursor() = default;
MeterCursor::MeterCursor(MeterCursor&&) noexcept = default;
MeterCursor& MeterCursor::operator=(MeterCursor&&) noexcept = default;

namespace {

StageStats stage_stats(const MeterLayout::Stage& spec, const MeterReading::Stage& now,
                       const MeterReading::Stage& before, double passed) {
  StageStats out;
  out.name = spec.name;
  out.executor = spec.executor;
  out.next = spec.next;
  out.at_once = now.at_once;
  out.begun = now.begun - before.begun;
  out.ended = now.ended - before.ended;
  const Shares depth = shares(now.depth, before.depth, passed);
  out.depth_mean = depth.mean;
  out.full_share = depth.full;
  out.empty_share = depth.empty;
  out.busy_mean = shares(now.busy, before.busy, passed).mean;
  return out;
}

void add_times(StageStats& out, const StageCounts& now, const StageCounts& before) {
  out.wait = quantiles(now.wait, before.wait);
  out.service = quantiles(now.service, before.service);
  if (out.service.count > 0) {
    out.batch_mean =
        static_cast<double>(now.jobs - before.jobs) / static_cast<double>(out.service.count);
  }
  const auto wall = static_cast<double>(now.sampled_wall_ns - before.sampled_wall_ns);
  if (wall > 0) {
    out.cpu_share = static_cast<double>(now.sampled_cpu_ns - before.sampled_cpu_ns) / wall;
  }
}

ExecutorStats executor_stats(const MeterLayout::Executor& spec, const MeterReading::Executor& now,
                             const MeterReading::Executor& before, double passed) {
  ExecutorStats out;
  out.name = spec.name;
  out.workers = spec.workers;
  out.device = spec.device;
  out.busy_mean = shares(now.busy, before.busy, passed).mean;
  const Shares depth = shares(now.depth, before.depth, passed);
  out.depth_mean = depth.mean;
  out.full_share = depth.full;
  out.empty_share = depth.empty;
  if (now.cpu_ns >= 0 && passed > 0) {
    const int64_t cpu_before = std::max<int64_t>(before.cpu_ns, 0);
    out.cpu_mean = static_cast<double>(now.cpu_ns - cpu_before) / passed;
    out.ready_mean = static_cast<double>(now.ready_ns - before.ready_ns) / passed;
  }
  return out;
}

StreamStats stream_stats(const MeterReading::Stream& now, const MeterReading::Stream& before,
                         double passed) {
  StreamStats out;
  out.name = now.meter->name;
  out.feed = now.meter->feed;
  out.credits = now.credits;
  const Shares in_flight = shares(now.in_flight, before.in_flight, passed);
  out.input_waits_share = shares(now.input, before.input, passed).full;
  out.pull_mean = shares(now.pulling, before.pulling, passed).mean;
  const Shares output = shares(now.output, before.output, passed);
  out.in_flight_mean = in_flight.mean;
  out.all_credits_share = in_flight.full;
  out.no_credits_share = in_flight.empty;
  out.output_mean = output.mean;
  out.output_full_share = output.full;
  out.total = now.counts;
  out.window = now.counts;
  out.window -= before.counts;
  return out;
}

// A stream that was opened after the last reading has only the time since then.
StreamStats stream_window(const MeterReading::Stream& now, const MeterReading& before,
                          int64_t from_ns, int64_t to_ns) {
  const MeterReading::Stream unseen{};
  const MeterReading::Stream* old = &unseen;
  for (const MeterReading::Stream& candidate : before.streams) {
    if (candidate.meter == now.meter) old = &candidate;
  }
  const int64_t since = std::max(from_ns, now.meter->opened_ns);
  return stream_stats(now, *old, static_cast<double>(to_ns - since));
}

}  // namespace

StageCounts MeterCursor::State::merge(const Meter& meter, std::size_t stage) {
  StageCounts merged;
  for (const Meter::WorkerSets& sets : meter.workers_) {
    const auto* set = sets[stage].get();
    if (set == nullptr) continue;
    merged.wait.add(set->wait);
    merged.service.add(set->service);
    merged.jobs += set->jobs.load(std::memory_order_relaxed);
    merged.sampled_wall_ns += set->sampled_wall_ns.load(std::memory_order_relaxed);
    merged.sampled_cpu_ns += set->sampled_cpu_ns.load(std::memory_order_relaxed);
  }
  return merged;
}

FlowStats window(MeterReading reading, MeterCursor& cursor) {
  MeterCursor::State& state = *cursor.state_;
  const Meter& meter = *reading.meter;
  const MeterLayout& layout = meter.layout();
  MeterReading before = std::exchange(state.last, std::move(reading));
  const MeterReading& now = state.last;
  const bool first = before.meter == nullptr;
  before.stages.resize(now.stages.size());
  before.executors.resize(now.executors.size());
  state.stages.resize(now.stages.size());

  FlowStats out;
  out.from_ns = first ? now.start_ns : before.now_ns;
  out.to_ns = now.now_ns;
  out.cores = layout.cores;
  out.total = now.total;
  if (const int64_t periods = now.quota_periods - before.quota_periods; periods > 0) {
    const auto used_up = static_cast<double>(now.quota_used_up - before.quota_used_up);
    out.quota_share = std::max(0.0, used_up / static_cast<double>(periods));
  }
  const auto passed = static_cast<double>(out.to_ns - out.from_ns);
  out.deliver_share = passed > 0 ? 1 - shares(now.delivering, before.delivering, passed).empty : 0;

  for (std::size_t s = 0; s < now.stages.size(); ++s) {
    out.stages.push_back(stage_stats(layout.stages[s], now.stages[s], before.stages[s], passed));
    const StageCounts merged = MeterCursor::State::merge(meter, s);
    add_times(out.stages.back(), merged, std::exchange(state.stages[s], merged));
  }
  for (std::size_t e = 0; e < now.executors.size(); ++e) {
    out.executors.push_back(
        executor_stats(layout.executors[e], now.executors[e], before.executors[e], passed));
  }

  std::map<const StreamMeter*, StreamDelays> delays;
  for (const MeterReading::Stream& stream : now.streams) {
    StreamStats& stats =
        out.streams.emplace_back(stream_window(stream, before, out.from_ns, out.to_ns));
    StreamDelays& merged = delays[stream.meter.get()];
    merged.from_birth.add(stream.meter->delay_from_birth);
    merged.from_admission.add(stream.meter->delay_from_admission);
    const StreamDelays& earlier = state.delays[stream.meter.get()];
    stats.delay_from_birth = quantiles(merged.from_birth, earlier.from_birth);
    stats.delay_from_admission = quantiles(merged.from_admission, earlier.from_admission);
    stats.delays = buckets(merged.from_admission, earlier.from_admission);
  }
  state.delays = std::move(delays);
  return out;
}

}  // namespace weir::flow

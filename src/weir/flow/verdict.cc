#include "weir/flow/verdict.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace weir::flow {
namespace {

// Shares above or below which a signal counts. Between them nothing is said.
constexpr double kBusy = 0.9;         // workers
constexpr double kQueueFull = 0.5;    // the queue before a bottleneck
constexpr double kQueueClear = 0.4;   // the queue after it, at most
constexpr double kOutputFull = 0.8;   // finished tasks wait to be taken
constexpr double kCreditsUsed = 0.8;  // no credit is left
constexpr double kBlocked = 0.35;  // of the busy time, spent neither on a core nor waiting for one
constexpr double kCpuFull = 0.9;   // of all cores
constexpr double kQuotaUsedUp = 0.25;  // of the periods of the quota
constexpr uint64_t kEnoughBodies = 10;

using Answer = std::optional<FlowVerdict>;

std::string percent(double share) {
  const auto whole = std::lround(std::clamp(share, 0.0, 1.0) * 100);
  return std::to_string(whole) + " %";
}
std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}
std::string workers_busy(double busy, int of, bool device) {
  const auto rounded = std::min<long>(std::lround(busy), of);
  return std::to_string(rounded) + " of " + std::to_string(of) + (device ? " lanes" : " workers") +
         " busy";
}

double busy_share(const ExecutorStats& executor) {
  return executor.busy_mean / std::max(executor.workers, 1);
}
const ExecutorStats& executor_of(const FlowStats& stats, const StageStats& stage) {
  return stats.executors[static_cast<std::size_t>(stage.executor)];
}
int index_of(const FlowStats& stats, const StageStats& stage) {
  return static_cast<int>(&stage - stats.stages.data());
}
const StageStats& stage_at(const FlowStats& stats, int index) {
  return stats.stages[static_cast<std::size_t>(index)];
}

double busiest(const FlowStats& stats) {
  double most = 0;
  for (const ExecutorStats& executor : stats.executors) most = std::max(most, busy_share(executor));
  return most;
}
// Of the queues whose workers are busy: with idle ones a queue waits for its order or its batch.
double fullest(const FlowStats& stats) {
  double most = 0;
  for (const ExecutorStats& executor : stats.executors) {
    most = std::max(most, std::min(executor.full_share, busy_share(executor)));
  }
  return most;
}
bool cpu_known(const FlowStats& stats) {
  return std::all_of(stats.executors.begin(), stats.executors.end(),
                     [](const ExecutorStats& e) { return e.device || e.cpu_mean >= 0; });
}
// Cores that all its threads used, and those that they wanted and did not get.
double cores_used(const FlowStats& stats) {
  double sum = 0;
  for (const ExecutorStats& executor : stats.executors) sum += std::max(executor.cpu_mean, 0.0);
  return sum;
}
double cores_missed(const FlowStats& stats) {
  double sum = 0;
  for (const ExecutorStats& executor : stats.executors) sum += executor.ready_mean;
  return sum;
}

// The input of the stream would come faster: no credit is left, or no worker asks for it.
double held_up(const StreamStats& stream) {
  return stream.all_credits_share + stream.input_waits_share;
}
// Of the stream that is least held up.
double held_up(const FlowStats& stats) {
  double least = stats.streams.empty() ? 0 : 1;
  for (const StreamStats& stream : stats.streams) least = std::min(least, held_up(stream));
  return least;
}
bool is_entry(const FlowStats& stats, int index) {
  for (const StageStats& stage : stats.stages) {
    if (std::find(stage.next.begin(), stage.next.end(), index) != stage.next.end()) return false;
  }
  return true;
}
// Work that presses on a stage. Besides its queue that is the input, in two cases: for the first
// stage (its workers ask the source only when they have nothing else), and for one that runs at its
// own limit (who waits for a turn in a serial stage does not stand in its queue yet).
double pressure(const FlowStats& stats, const StageStats& stage) {
  const bool at_limit = stage.at_once > 0 && stage.busy_mean >= kBusy * stage.at_once;
  const bool by_input = at_limit || is_entry(stats, index_of(stats, stage));
  return std::max(stage.full_share, by_input ? held_up(stats) : 0);
}
double pressure(const FlowStats& stats, int executor) {
  double most = stats.executors[static_cast<std::size_t>(executor)].full_share;
  for (const StageStats& stage : stats.stages) {
    if (stage.executor == executor) most = std::max(most, pressure(stats, stage));
  }
  return most;
}
std::string pressed_in_words(const FlowStats& stats, double queue) {
  return queue >= kQueueFull ? "its queue is full " + percent(queue) + " of the time"
                             : "input waits for it " + percent(held_up(stats)) + " of the time";
}

// Shared: a task goes from one stage to the next inside the executor, so its depths show which of
// them the scheduler prefers, not which is slow.
bool is_shared(const FlowStats& stats, int executor) {
  for (const StageStats& stage : stats.stages) {
    if (stage.executor != executor) continue;
    for (int next : stage.next) {
      if (stage_at(stats, next).executor == executor) return true;
    }
  }
  return false;
}

// The stage of the executor (or of all that are no devices: -1) that keeps the most workers, and
// its part of their time.
struct Share {
  int stage = -1;
  double part = 0;
  const StreamStats* source = nullptr;  // the one that takes more than any stage, where one does
  std::string words(const FlowStats& stats) const {
    const std::string who =
        source != nullptr ? "the source of " + source->name : stage_at(stats, stage).name;
    return who + " takes " + percent(part);
  }
};
Share largest_share(const FlowStats& stats, int executor) {
  Share largest;
  double sum = 0;
  double most = 0;
  for (const StageStats& stage : stats.stages) {
    const bool counts =
        executor < 0 ? !executor_of(stats, stage).device : stage.executor == executor;
    if (!counts) continue;
    // Where it was sampled, CPU time counts and not the wall: a waiting body takes nothing.
    const double cpu = stage.cpu_share >= 0 && executor < 0 ? stage.cpu_share : 1;
    const double mine = stage.busy_mean * cpu;
    sum += mine;
    if (mine > most || largest.stage < 0) most = mine, largest.stage = index_of(stats, stage);
  }
  if (executor < 0) {
    for (const StreamStats& stream : stats.streams) {
      sum += stream.pull_mean;
      if (stream.pull_mean > most) most = stream.pull_mean, largest.source = &stream;
    }
  }
  largest.part = sum > 0 ? most / sum : 0;
  return largest;
}

// What stands behind a stage, or behind an executor: the worst of them. Behind the last stage is
// the output.
struct Behind {
  double full = 0;  // share of the time with something in its queue
  double busy = 0;  // of the one that serves the queue
  // A queue whose server is idle waits for its order or its batch, not for room.
  double in_the_way() const { return std::min(full, busy); }
};

Behind behind_stage(const FlowStats& stats, const StageStats& stage) {
  Behind worst;
  if (stage.next.empty()) {
    for (const StreamStats& stream : stats.streams) {
      worst.full = std::max(worst.full, stream.output_full_share);
    }
    worst.busy = worst.full;
  }
  for (int next : stage.next) {
    const StageStats& after = stage_at(stats, next);
    if (after.executor == stage.executor) continue;
    const ExecutorStats& server = executor_of(stats, after);
    const double at_limit = after.at_once > 0 ? after.busy_mean / after.at_once : 0;
    const Behind queue{std::max(server.full_share, pressure(stats, after)),
                       std::max(at_limit, busy_share(server))};
    if (queue.in_the_way() >= worst.in_the_way()) worst = queue;
  }
  return worst;
}
Behind behind_executor(const FlowStats& stats, int executor) {
  Behind worst;
  for (const StageStats& stage : stats.stages) {
    if (stage.executor != executor) continue;
    const Behind mine = behind_stage(stats, stage);
    if (mine.in_the_way() >= worst.in_the_way()) worst = mine;
  }
  return worst;
}
std::string behind_in_words(const Behind& behind) {
  return behind.full <= kQueueClear ? "the next one empty " + percent(1 - behind.full)
                                    : "the next one idle " + percent(1 - behind.busy);
}

std::string more_cores(const FlowStats& stats) {
  if (!cpu_known(stats)) return {};
  return ": " + decimal(cores_used(stats)) + " of " + std::to_string(stats.cores) +
         " cores are in use";
}

// --- The rules, in the order in which they are asked ---------------------------------------------

Answer nothing_came(const FlowStats& stats) {
  uint64_t begun = 0;
  double in_flight = 0;
  uint64_t offered = 0;
  for (const StageStats& stage : stats.stages) begun += stage.begun;
  for (const StreamStats& stream : stats.streams) {
    in_flight += stream.in_flight_mean;
    offered += stream.window.offered;
  }
  if (begun == 0 && in_flight < 0.01 && offered == 0) {
    return FlowVerdict{Limit::kNone, -1, -1, "nothing to do: no task came", {}};
  }
  if (begun >= kEnoughBodies) return {};
  return FlowVerdict{Limit::kInconclusive, -1, -1,
                     "too little was seen: " + std::to_string(begun) + " jobs in " +
                         decimal(stats.seconds()) + " s",
                     "look again over a longer time"};
}

Answer sink_is_slow(const FlowStats& stats) {
  for (const StreamStats& stream : stats.streams) {
    if (stream.output_full_share < kOutputFull) continue;
    const bool handing_out = stats.deliver_share >= kOutputFull;
    const bool held_up = stream.all_credits_share >= kCreditsUsed && busiest(stats) < kBusy;
    if (!handing_out && !held_up) continue;
    FlowVerdict verdict{Limit::kSink, -1, -1, {}, {}};
    verdict.words = "the sink of " + stream.name +
                    " is the bottleneck: finished tasks wait for it " +
                    percent(stream.output_full_share) + " of the time, ";
    verdict.words += handing_out ? "it is at work " + percent(stats.deliver_share)
                                 : "all credits are in use " + percent(stream.all_credits_share) +
                                       ", the workers are busy at most " + percent(busiest(stats));
    verdict.advice = "take results sooner, or let the sink write less or on a thread of its own";
    return verdict;
  }
  return {};
}

Answer workers_are_blocked(const FlowStats& stats) {
  for (std::size_t e = 0; e < stats.executors.size(); ++e) {
    const ExecutorStats& executor = stats.executors[e];
    if (executor.device || executor.cpu_mean < 0 || busy_share(executor) < kBusy) continue;
    const double blocked = executor.busy_mean - executor.cpu_mean - executor.ready_mean;
    if (blocked < kBlocked * executor.busy_mean) continue;
    const StageStats* worst = nullptr;
    double most = -1;
    for (const StageStats& stage : stats.stages) {
      if (stage.executor != static_cast<int>(e)) continue;
      const double waits = stage.busy_mean * (stage.cpu_share < 0 ? 1 : 1 - stage.cpu_share);
      if (waits > most) most = waits, worst = &stage;
    }
    if (worst == nullptr) continue;
    FlowVerdict verdict{Limit::kLock, index_of(stats, *worst), static_cast<int>(e), {}, {}};
    verdict.words = worst->name + " waits inside its body, for a lock, a disk or a device: " +
                    workers_busy(executor.busy_mean, executor.workers, false) +
                    ", but they use only " + decimal(executor.cpu_mean) + " cores";
    verdict.advice = "look for a mutex that every call of " + worst->name +
                     " takes; if it waits for hardware, give it an executor of kind device";
    return verdict;
  }
  return {};
}

std::string cpu_in_words(const FlowStats& stats, const Share& share) {
  std::string words = "the CPU is full";
  if (cpu_known(stats)) {
    words +=
        ": " + decimal(cores_used(stats)) + " of " + std::to_string(stats.cores) + " cores in use";
    if (cores_missed(stats) >= 0.25 * stats.cores && cores_used(stats) < kCpuFull * stats.cores) {
      words += ", others on this machine take the rest";
    }
  }
  return words + "; " + share.words(stats);
}

// The container may not use more, however many cores there are. Its threads do not run then, and
// that would pass for a lock.
Answer quota_is_used_up(const FlowStats& stats) {
  const Share share = largest_share(stats, -1);
  if (share.stage < 0 || stats.quota_share < kQuotaUsedUp || busiest(stats) < kBusy) return {};
  FlowVerdict verdict{Limit::kCpu, share.stage, stage_at(stats, share.stage).executor, {}, {}};
  verdict.words = "the CPU quota is used up: it held the process back in " +
                  percent(stats.quota_share) + " of its periods";
  if (cpu_known(stats)) verdict.words += ", " + decimal(cores_used(stats)) + " cores in use";
  verdict.words += "; " + share.words(stats);
  verdict.advice = "give the container a larger CPU quota, or make " +
                   stage_at(stats, share.stage).name + " cheaper";
  return verdict;
}

Answer cpu_is_full(const FlowStats& stats) {
  const Share share = largest_share(stats, -1);
  if (share.stage < 0) return {};
  bool full = false;
  if (cpu_known(stats)) {
    const double wanted = cores_used(stats) + cores_missed(stats);
    const bool loaded = busiest(stats) >= kBusy || cores_missed(stats) >= 0.1 * stats.cores;
    full = wanted >= kCpuFull * stats.cores && loaded;
  } else {
    // No clock of the threads (a simulation): a shared executor of as many workers as cores, all
    // of them busy, with work waiting or every credit in use.
    for (std::size_t e = 0; e < stats.executors.size(); ++e) {
      const ExecutorStats& executor = stats.executors[e];
      full = full || (is_shared(stats, static_cast<int>(e)) && !executor.device &&
                      executor.workers >= stats.cores && busy_share(executor) >= kBusy &&
                      (executor.full_share >= kQueueFull || held_up(stats) >= kCreditsUsed));
    }
  }
  if (!full) return {};
  return FlowVerdict{Limit::kCpu, share.stage, stage_at(stats, share.stage).executor,
                     cpu_in_words(stats, share),
                     "make " + stage_at(stats, share.stage).name +
                         " cheaper (a smaller model, less often, a lower precision), move it to a "
                         "device, or use more cores"};
}

// A stage with a limit of its own that has used it up, while its executor has workers left.
Answer stage_is_at_its_limit(const FlowStats& stats) {
  const StageStats* found = nullptr;
  for (const StageStats& stage : stats.stages) {
    const ExecutorStats& executor = executor_of(stats, stage);
    if (stage.at_once <= 0 || stage.at_once >= executor.workers) continue;
    if (stage.busy_mean < kBusy * stage.at_once || pressure(stats, stage) < kQueueFull) {
      continue;
    }
    if (busy_share(executor) >= kBusy || behind_stage(stats, stage).in_the_way() > kQueueClear)
      continue;
    if (found == nullptr || stage.full_share > found->full_share) found = &stage;
  }
  if (found == nullptr) return {};
  FlowVerdict verdict{Limit::kStage, index_of(stats, *found), found->executor, {}, {}};
  const std::string limit = std::to_string(found->at_once);
  verdict.words = found->name +
                  " is the bottleneck: " + pressed_in_words(stats, found->full_share) + ", " +
                  workers_busy(found->busy_mean, found->at_once, false) +
                  " of those that may run it, while its executor is busy " +
                  percent(busy_share(executor_of(stats, *found)));
  verdict.advice = "more workers do not help: it runs at most " + limit +
                   " at a time; raise that limit, or make the stage shorter by moving work that "
                   "keeps no state into a stage before it";
  return verdict;
}

std::string advice_for(const FlowStats& stats, const ExecutorStats& executor,
                       const StageStats& stage) {
  if (executor.device) {
    return "let " + stage.name +
           " batch more, use a smaller model or a lower precision, or give it a second device";
  }
  if (stage.at_once > 0 && stage.at_once <= executor.workers) {
    const bool alone = stage.at_once == executor.workers;
    return std::string("more workers do not help") + (alone ? " alone: " : ": ") + stage.name +
           " runs at most " + std::to_string(stage.at_once) + " at a time; raise " +
           (alone ? "both" : "that limit") + ", or make it shorter";
  }
  return "give " + executor.name + " more workers" + more_cores(stats);
}

// An executor whose workers are all busy, with a full queue before it and none behind it.
Answer executor_is_full(const FlowStats& stats) {
  int found = -1;
  bool doubtful = false;
  for (std::size_t e = 0; e < stats.executors.size(); ++e) {
    const ExecutorStats& executor = stats.executors[e];
    const bool full =
        busy_share(executor) >= kBusy && pressure(stats, static_cast<int>(e)) >= kQueueFull;
    if (!full || behind_executor(stats, static_cast<int>(e)).in_the_way() > kQueueClear) continue;
    doubtful = found >= 0;
    if (found < 0) found = static_cast<int>(e);
  }
  if (found < 0) return {};
  if (doubtful) {
    return FlowVerdict{
        Limit::kInconclusive, -1, -1,
        "inconclusive: more than one executor is full, and none stands behind another",
        "look at them one by one: give each a worker more and compare"};
  }
  const ExecutorStats& executor = stats.executors[static_cast<std::size_t>(found)];
  const Share share = largest_share(stats, found);
  if (share.stage < 0) return {};
  const StageStats& stage = stage_at(stats, share.stage);
  FlowVerdict verdict{Limit::kStage, share.stage, found, {}, {}};
  if (is_shared(stats, found)) {
    verdict.words = executor.name + " is full: " +
                    workers_busy(executor.busy_mean, executor.workers, executor.device) + "; " +
                    stage.name + " takes " + percent(share.part);
  } else {
    verdict.words = stage.name +
                    " is the bottleneck: " + pressed_in_words(stats, executor.full_share) + ", " +
                    behind_in_words(behind_executor(stats, found)) + ", " +
                    workers_busy(executor.busy_mean, executor.workers, executor.device);
    if (share.part < 0.995) {
      verdict.words += "; it takes " + percent(share.part) + " of " + executor.name;
    }
  }
  verdict.advice = advice_for(stats, executor, stage);
  return verdict;
}

Answer credits_are_few(const FlowStats& stats) {
  if (stats.streams.empty() || busiest(stats) >= kBusy || fullest(stats) > kQueueFull) return {};
  for (const StreamStats& stream : stats.streams) {
    if (stream.all_credits_share < kCreditsUsed || stream.output_full_share > kQueueClear)
      return {};
  }
  const StreamStats& first = stats.streams.front();
  return FlowVerdict{Limit::kCredits, -1, -1,
                     "the credits are the bottleneck: all " + std::to_string(first.credits) +
                         " of " + first.name + " are in use " + percent(first.all_credits_share) +
                         " of the time, but the workers are busy at most " +
                         percent(busiest(stats)),
                     "raise credits from " + std::to_string(first.credits) + " to " +
                         std::to_string(first.credits + std::max(1, first.credits / 2)) +
                         "; the delay grows only until the workers are busy"};
}

// A worker that waits in a source can do nothing else.
std::string asked_in_words(const FlowStats& stats, const std::string& source) {
  for (const StreamStats& stream : stats.streams) {
    if (stream.name != source || stream.feed != Feed::kPulled) continue;
    return ", one of them is inside the source " + percent(stream.pull_mean);
  }
  return {};
}

// Nothing is full and credits are left: either the input is slow, or it has its own pace.
Answer input_is_slow(const FlowStats& stats) {
  if (stats.streams.empty() || busiest(stats) >= kBusy || fullest(stats) > kQueueFull) return {};
  bool all_live = true;
  uint64_t lost = 0;
  double credits_left = 1;
  std::string slow;
  for (const StreamStats& stream : stats.streams) {
    all_live = all_live && stream.feed == Feed::kLive;
    lost += stream.window.dropped_at_source;
    credits_left = std::min(credits_left, 1 - held_up(stream));
    if (stream.feed != Feed::kLive && slow.empty()) slow = stream.name;
    if (stream.output_full_share > kQueueClear) return {};
  }
  if (credits_left < 0.5) return {};
  const double busy = busiest(stats);
  if (!all_live) {
    return FlowVerdict{Limit::kSource, -1, -1,
                       "the source is the bottleneck: " + slow + " leaves credits unused " +
                           percent(credits_left) + " of the time, the queues are empty " +
                           percent(1 - fullest(stats)) + ", the workers are busy at most " +
                           percent(busy) + asked_in_words(stats, slow),
                       "read or decode faster, post sooner, or run more streams at once"};
  }
  if (lost > 0) return {};  // it drops although there is room: these two do not agree
  return FlowVerdict{
      Limit::kNone,
      -1,
      -1,
      "nothing holds it back: all that comes is begun at once, the workers are busy at "
      "most " +
          percent(busy),
      {}};
}

}  // namespace

FlowVerdict judge(const FlowStats& stats) {
  using Rule = Answer (*)(const FlowStats&);
  constexpr Rule kRules[] = {nothing_came,        sink_is_slow,    quota_is_used_up,
                             workers_are_blocked, cpu_is_full,     stage_is_at_its_limit,
                             executor_is_full,    credits_are_few, input_is_slow};
  for (const Rule rule : kRules) {
    if (Answer answer = rule(stats)) return *std::move(answer);
  }
  return {Limit::kInconclusive, -1, -1,
          "inconclusive: the workers are busy at most " + percent(busiest(stats)) +
              ", the fullest queue is full " + percent(fullest(stats)) + " of the time",
          "look again over a longer time, or with more credits"};
}

}  // namespace weir::flow

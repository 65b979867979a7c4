#include "weir/step/memory.h"

#include <algorithm>
#include <utility>

#include "weir/step/move_along.h"

namespace weir {
namespace {

// Walks the candidates of a task, and says which result belongs to each: kNotAsked, or its place.
constexpr std::size_t kNotAsked = SIZE_MAX;

template <class Visit>
void for_each_candidate(const StepWork& step, Visit visit) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < step.candidates.size(); ++i) {
    const bool asked = next < step.asked.size() && step.asked[next] == i;
    visit(i, asked ? next++ : kNotAsked);
  }
}

std::optional<Box> box_of(const TaskWork& work, FindingRef ref) {
  const Finding* finding = work.finding(ref);
  return finding != nullptr ? finding->box : std::nullopt;
}

}  // namespace

void Memory::give_results(TaskWork& work, std::size_t asked, std::vector<Remembered>* keep) const {
  StepWork& step = work.at(plan_.step);
  const FindingRef origin = step.candidates[step.asked[asked]];
  for (Finding& finding : step.results[asked].findings) {
    finding.step = plan_.step;
    if (keep != nullptr) {
      keep->push_back({finding, box_of(work, origin), work.track_of(origin)});
    }
    step.findings.push_back(std::move(finding));
    step.origins.push_back(origin);
  }
}

std::vector<Memory::Remembered>& Memory::Answer::next() {
  if (of.size() == count) of.emplace_back();
  of[count].clear();
  return of[count++];
}

void Memory::give_again(TaskWork& work, const Remembered& remembered, int64_t seq,
                        FindingRef origin) const {
  StepWork& step = work.at(plan_.step);
  const std::optional<Box> now = box_of(work, origin);
  Finding& finding = step.findings.emplace_back(remembered.finding);
  step.origins.push_back(origin);
  if (finding.reused_from == Finding::kNone) finding.reused_from = seq;
  if (remembered.seen_on && now) move_along(finding, *remembered.seen_on, *now);
}

void Memory::answer_tracks(TaskWork& work) {
  StepWork& step = work.at(plan_.step);
  const int64_t seq = work.task.seq;
  for_each_candidate(step, [&](std::size_t i, std::size_t result) {
    const FindingRef origin = step.candidates[i];
    const int64_t track = work.track_of(origin);
    if (track == Finding::kNone) {
      if (result != kNotAsked) give_results(work, result, nullptr);
      return;
    }
    Answer& answer = tracks_[track];
    if (answer.seen_seq != seq) answer.seen = 0;
    answer.seen_seq = seq;
    const std::size_t place = answer.seen++;
    if (result == kNotAsked) {
      if (place >= answer.count) return;
      for (const Remembered& last : answer.of[place]) give_again(work, last, answer.seq, origin);
      return;
    }
    if (place == 0) answer.count = 0;
    answer.seq = seq;
    give_results(work, result, &answer.next());
  });
  forget(seq);
}

void Memory::answer_frame(TaskWork& work) {
  StepWork& step = work.at(plan_.step);
  if (!step.reused) {
    frame_.seq = work.task.seq;
    frame_.count = 0;
    std::vector<Remembered>& answer = frame_.next();
    for (std::size_t i = 0; i < step.asked.size(); ++i) give_results(work, i, &answer);
    return;
  }
  if (frame_.count == 0) return;
  for (const Remembered& remembered : frame_.of[0]) {
    FindingRef origin;
    if (remembered.track != Finding::kNone) {
      const auto same =
          std::find_if(step.candidates.begin(), step.candidates.end(),
                       [&](FindingRef ref) { return work.track_of(ref) == remembered.track; });
      if (same == step.candidates.end()) continue;  // its track has gone
      origin = *same;
    }
    give_again(work, remembered, frame_.seq, origin);
  }
}

void Memory::answer(TaskWork& work) {
  plan_.per == PerSpec::kTrack ? answer_tracks(work) : answer_frame(work);
}

void Memory::forget(int64_t seq) {
  if (seq - swept_seq_ < std::min<int64_t>(plan_.forget_after, 256)) return;
  swept_seq_ = seq;
  std::erase_if(
      tracks_, [&](const auto& entry) { return seq - entry.second.seen_seq > plan_.forget_after; });
}

void give_all_results(const StepPlan& plan, TaskWork& work) {
  StepWork& step = work.at(plan.step);
  for (std::size_t i = 0; i < step.asked.size(); ++i) {
    for (Finding& finding : step.results[i].findings) {
      finding.step = plan.step;
      step.findings.push_back(std::move(finding));
      step.origins.push_back(step.candidates[step.asked[i]]);
    }
  }
}

}  // namespace weir

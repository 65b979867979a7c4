#include "apps/cli/track/follower.h"

#include <algorithm>
#include <span>
#include <utility>

#include "weir/base/nearest_name.h"

namespace weir::cli {
namespace {

std::span<const Track> update(std::variant<ByteTracker, SortTracker>& tracker,
                              std::span<const Detection> detections, int64_t frames) {
  return std::visit([&](auto& by) { return by.update(detections, frames); }, tracker);
}

// A face has the track of its person. Parents stand before their children in most files, not in
// all.
void hand_down(Task& task) {
  for (std::size_t round = 0; round < task.findings.size(); ++round) {
    bool changed = false;
    for (Finding& finding : task.findings) {
      if (finding.parent == Finding::kNone || finding.track != Finding::kNone) continue;
      for (const Finding& parent : task.findings) {
        if (parent.id != finding.parent || parent.track == Finding::kNone) continue;
        finding.track = parent.track;
        changed = true;
        break;
      }
    }
    if (!changed) break;
  }
}

}  // namespace

Follower::Stream& Follower::stream_of(const std::string& name) {
  const auto found = streams_.find(name);
  if (found != streams_.end()) return found->second;
  Tracker tracker = ByteTracker(spec_.byte);
  if (spec_.by == By::kSort) tracker.emplace<SortTracker>(spec_.sort);
  return streams_.emplace(name, Stream{std::move(tracker)}).first->second;
}

void Follower::meet(const Task& task, const Finding& finding) {
  const auto note = [](Names& met, std::string_view name) {
    if (!name.empty()) met.emplace(name);
  };
  if (!spec_.step.empty()) note(steps_met_, task.step_name(finding));
  if (spec_.labels.empty() || !finding.best) return;
  note(labels_met_, task.label_name(finding, *finding.best));
}

std::vector<std::string> Follower::never_met() const {
  std::vector<std::string> words;
  const auto tell = [&](const std::string& what, const std::string& name, const Names& met) {
    if (met.contains(name)) return;
    const std::string hint = hint_for_name(name, {met.begin(), met.end()});
    words.push_back("no finding is " + what + " '" + name + "'" +
                    (hint.empty() ? "" : "; " + hint));
  };
  if (!spec_.step.empty()) tell("of the step", spec_.step, steps_met_);
  for (const std::string& label : spec_.labels) tell("called", label, labels_met_);
  return words;
}

bool Follower::counts(const Task& task, const Finding& finding) const {
  if (!finding.box) return false;
  if (spec_.step.empty() ? finding.parent != Finding::kNone
                         : task.step_name(finding) != spec_.step) {
    return false;
  }
  if (spec_.labels.empty()) return true;
  const std::string_view label = finding.best ? task.label_name(finding, *finding.best) : "";
  return std::find(spec_.labels.begin(), spec_.labels.end(), label) != spec_.labels.end();
}

// Classes are the same if their names are: the numbers of two steps have nothing to do with each
// other.
int32_t Follower::class_of(const Task& task, const Finding& finding) {
  if (!finding.best || finding.best->label_id < 0) return -1;
  std::string name(task.label_name(finding, *finding.best));
  if (name.empty()) name = '#' + std::to_string(finding.best->label_id);
  return classes_.emplace(std::move(name), static_cast<int32_t>(classes_.size())).first->second;
}

// How many frames the tracker is to move on with the next detections.
int64_t Follower::pass_gap(Stream& stream, int64_t seq) const {
  const int64_t last = std::exchange(stream.last_seq, seq);
  const int64_t frames = last < 0 ? 1 : std::max<int64_t>(1, seq - last);
  if (!spec_.gap_is_empty || last < 0) return frames;
  // After so many empty ones nothing is left that another could change.
  const int64_t remembered = spec_.by == By::kSort ? spec_.sort.max_age : spec_.byte.lost_frames;
  const int64_t empty = std::min(frames - 1, remembered + 2);
  for (int64_t i = 0; i < empty; ++i) update(stream.tracker, {}, 1);
  return frames - empty;
}

void Follower::follow(Task& task) {
  ++frames_;
  if (task.outcome != Outcome::kDone) return;
  Stream& stream = stream_of(task.stream);
  detections_.clear();
  places_.clear();
  for (std::size_t i = 0; i < task.findings.size(); ++i) {
    Finding& finding = task.findings[i];
    finding.track = Finding::kNone;
    meet(task, finding);
    if (!counts(task, finding)) continue;
    // What has no score was not doubted.
    const float score = finding.best ? finding.best->score : 1;
    detections_.push_back({*finding.box, score, class_of(task, finding)});
    places_.push_back(i);
  }
  const int64_t frames = pass_gap(stream, task.seq);
  for (const Track& track : update(stream.tracker, detections_, frames)) {
    Finding& finding = task.findings[places_[static_cast<std::size_t>(track.detection)]];
    finding.track = track.id;
    if (spec_.filtered) finding.box = track.box;
    ++boxes_;
    note(stream, track.id);
  }
  hand_down(task);
}

void Follower::note(Stream& stream, int64_t track) {
  const auto number = static_cast<std::size_t>(track);
  if (stream.told.size() <= number) stream.told.resize(number + 1);
  if (!stream.told[number]) ++tracks_;
  stream.told[number] = true;
}

}  // namespace weir::cli

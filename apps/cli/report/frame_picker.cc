#include "apps/cli/report/frame_picker.h"

#include <algorithm>
#include <set>

namespace weir::cli {
namespace {

constexpr int kKindWorth = 8;
constexpr std::size_t kMostCounted = 24;

}  // namespace

int worth_of(const Task& task) {
  std::set<int32_t> steps;
  for (const Finding& finding : task.findings) steps.insert(finding.step);
  return kKindWorth * static_cast<int>(steps.size()) +
         static_cast<int>(std::min(task.findings.size(), kMostCounted));
}

FramePicker::Stream& FramePicker::stream_of(const std::string& name) {
  for (Stream& stream : streams_) {
    if (stream.name == name) return stream;
  }
  streams_.push_back({name, 1, {}});
  return streams_.back();
}

void FramePicker::see(const Task& task) {
  if (task.outcome != Outcome::kDone || task.image() == nullptr) return;
  Stream& stream = stream_of(task.stream);
  const int64_t slot = task.seq / stream.slot_frames;
  const int worth = worth_of(task);
  if (!stream.kept.empty() && stream.kept.back().slot == slot) {
    Candidate& rival = stream.kept.back();
    if (worth > rival.worth) rival = {slot, worth, task};
    return;
  }
  stream.kept.push_back({slot, worth, task});
  if (stream.kept.size() > 2 * per_stream_) thin_out(stream);
}

void FramePicker::thin_out(Stream& stream) const {
  stream.slot_frames *= 2;
  std::vector<Candidate> thinner;
  for (Candidate& candidate : stream.kept) {
    candidate.slot = candidate.task.seq / stream.slot_frames;
    if (!thinner.empty() && thinner.back().slot == candidate.slot) {
      if (candidate.worth > thinner.back().worth) thinner.back() = std::move(candidate);
    } else {
      thinner.push_back(std::move(candidate));
    }
  }
  stream.kept = std::move(thinner);
}

std::vector<Task> FramePicker::take() {
  std::vector<Task> chosen;
  for (Stream& stream : streams_) {
    std::vector<Candidate>& kept = stream.kept;
    while (kept.size() > per_stream_) {
      // Of the neighbours that are nearest to each other the poorer one goes.
      std::size_t goes = 0;
      int64_t nearest = INT64_MAX;
      for (std::size_t i = 0; i + 1 < kept.size(); ++i) {
        const int64_t apart = kept[i + 1].task.seq - kept[i].task.seq;
        if (apart >= nearest) continue;
        nearest = apart;
        goes = kept[i].worth < kept[i + 1].worth ? i : i + 1;
      }
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(goes));
    }
    for (Candidate& candidate : kept) chosen.push_back(std::move(candidate.task));
  }
  streams_.clear();
  return chosen;
}

}  // namespace weir::cli

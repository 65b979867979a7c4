#include "weir/step/cadence.h"

#include <algorithm>

namespace weir {

bool Cadence::is_due(int64_t track, int64_t seq, double time_ms) {
  const auto [found, is_new] = entries_.try_emplace(track, Entry{seq, time_ms, seq});
  Entry& entry = found->second;
  entry.seen_seq = seq;
  if (is_new || entry.asked_seq == seq) return true;
  if (every_.is_always() && once_) return false;
  // A hair less, so that a sum of frame times that should be a whole number is one.
  const bool due = every_.seconds > 0 ? time_ms - entry.asked_ms >= every_.seconds * 1000 - 1e-6
                                      : seq - entry.asked_seq >= every_.frames;
  if (due) {
    entry.asked_seq = seq;
    entry.asked_ms = time_ms;
  }
  return due;
}

void Cadence::take_back(int64_t track, int64_t seq) {
  const auto found = entries_.find(track);
  if (found != entries_.end() && found->second.asked_seq == seq) entries_.erase(found);
}

void Cadence::end_task(int64_t seq) {
  // Now and then is enough: what is forgotten is never asked for again.
  if (seq - swept_seq_ < std::min<int64_t>(forget_after_, 256)) return;
  swept_seq_ = seq;
  std::erase_if(entries_, [&](const auto& entry) {
    return entry.first >= 0 && seq - entry.second.seen_seq > forget_after_;
  });
}

void Unanswered::add(int64_t track, int64_t seq) {
  const MutexLock lock(mutex_);
  asked_.push_back({track, seq});
}

void Unanswered::take_back_all(Cadence& cadence) {
  const MutexLock lock(mutex_);
  for (const Asked& asked : asked_) cadence.take_back(asked.track, asked.seq);
  asked_.clear();
}

}  // namespace weir

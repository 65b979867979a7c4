// How a task ended. Every admitted task ends exactly once, in one of these ways:
//
//   offered  = admitted + dropped at the source
//   admitted = done + skipped + dropped + failed
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

enum class Outcome : uint8_t {
  kDone,
  kSkipped,           // a gate said that there was nothing to do
  kDroppedDeadline,   // too late: dropped before more work was spent on it
  kDroppedOverload,   // pushed out by newer work
  kDroppedCancelled,  // somebody cancelled the task, its stream or everything
  kDroppedStop,       // the pipeline stopped
  kFailed,            // with an Error
};
inline constexpr int kOutcomeCount = 7;

constexpr bool is_dropped(Outcome outcome) {
  return outcome >= Outcome::kDroppedDeadline && outcome <= Outcome::kDroppedStop;
}

// "done", "skipped", "dropped(deadline)", …, "failed".
constexpr std::string_view name(Outcome outcome) {
  constexpr std::string_view kNames[kOutcomeCount] = {
      "done",          "skipped", "dropped(deadline)", "dropped(overload)", "dropped(cancelled)",
      "dropped(stop)", "failed"};
  return kNames[static_cast<int>(outcome)];
}

}  // namespace weir

// Which part of the pipe holds the rest back, said in words.
//
//   const FlowVerdict verdict = judge(stats);
//   puts(verdict.words.c_str());   // "infer of faces is the bottleneck: its queue is full 97 % of
//                                  //  the time, the next one empty 96 %, 2 of 2 workers busy"
//   puts(verdict.advice.c_str());  // "give infer more workers: 3 of 8 cores are in use"
//
// A pure function of one window of the meters; any thread. It names something only when two signals
// that do not follow from each other agree, and says `inconclusive` otherwise: docs/flow-meter.md
// has the rules, for executors of their own and for one that is shared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/flow/stats.h"

namespace weir::flow {

enum class Limit : uint8_t {
  kNone,          // nothing: all that comes is done at once, or nothing comes
  kStage,         // one stage, by its executor's workers or lanes or by its own limit
  kCpu,           // all cores; `stage` takes the most of them
  kLock,          // workers wait inside the bodies of `stage`
  kCredits,       // more tasks in flight would go faster
  kSource,        // the input comes too slowly
  kSink,          // results are taken too slowly
  kInconclusive,  // the signals do not agree, or too little was seen
};
inline constexpr int kLimitCount = 8;

constexpr std::string_view name(Limit limit) {
  constexpr std::string_view kNames[kLimitCount] = {"none",    "stage",  "cpu",  "lock",
                                                    "credits", "source", "sink", "inconclusive"};
  return kNames[static_cast<int>(limit)];
}

struct FlowVerdict {
  Limit limit = Limit::kInconclusive;
  int stage = -1;      // index into FlowStats::stages, where one is named
  int executor = -1;   // index into FlowStats::executors, where one is named
  std::string words;   // what was seen: one sentence without a full stop
  std::string advice;  // the next thing to try; empty when there is nothing to do
};

FlowVerdict judge(const FlowStats& stats);

}  // namespace weir::flow

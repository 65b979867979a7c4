// weir track: numbers for what was found in one frame after the other.
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "apps/cli/command.h"
#include "apps/cli/interrupt.h"
#include "apps/cli/text.h"
#include "apps/cli/track/detection_file.h"
#include "apps/cli/track/follower.h"
#include "apps/cli/track/options.h"
#include "weir/assemble/check_inputs.h"
#include "weir/sink/sink.h"

namespace weir::cli {
namespace {

SinkSpec sink_of(const std::string& out, const Context& context) {
  SinkSpec sink;
  const bool lines = out == "-" ? context.json : out.ends_with(".jsonl");
  (lines ? sink.jsonl : sink.mot) = out;
  return sink;
}

std::string summary(const Follower& follower, double seconds) {
  return with_commas(follower.frames()) + " frames, " + with_commas(follower.tracks()) +
         " tracks, " + with_commas(follower.boxes()) + " boxes in " + fixed(seconds, 2) + " s";
}

Status run(const TrackOptions& options, Context& context) {
  WEIR_ASSIGN(Follower::Spec spec, options.spec());
  WEIR_ASSIGN(DetectionFile file, DetectionFile::open(options.input));
  // A MOT file has no rows for a frame in which nothing was found.
  spec.gap_is_empty = file.format() == DetectionFile::Format::kMot;
  InputFiles inputs;
  inputs.add(options.input);
  WEIR_TRY(inputs.check_kept_by(options.out));
  WEIR_ASSIGN(const auto sink, open_sink(sink_of(options.out, context)));
  Follower follower(std::move(spec));
  const Interrupt interrupt;
  const auto begin = std::chrono::steady_clock::now();
  context.answered = options.out == "-";
  while (!interrupt.token().stop_requested()) {
    WEIR_ASSIGN(std::optional<Task> task, file.next());
    if (!task) break;
    follower.follow(*task);
    WEIR_TRY(sink->write(*task));
  }
  WEIR_TRY(sink->finish());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  context.note(summary(follower, took.count()));
  for (const std::string& words : follower.never_met()) context.note(words);
  if (!interrupt.token().stop_requested()) return {};
  return Error(ErrorCode::kCancelled, "stopped before the end of the file", "track");
}

}  // namespace

Command track_command() {
  auto o = std::make_shared<TrackOptions>();
  return {.name = "track",
          .summary = "Follow what was found: give it the same number in every frame",
          .details =
              "Reads detections as MOT text (frame, id, left, top, width, height, score) or as "
              "Weir's JSON Lines,\nand writes the same with the numbers of tracks. A frame that a "
              "MOT file leaves out had nothing in it;\none that JSON Lines leave out was dropped, "
              "and everything moved on meanwhile.",
          .examples = {"weir track dets.txt --tracker bytetrack -o tracks.txt",
                       "weir track dets.txt --tracker sort --lost-frames 5 > tracks.txt",
                       "weir track results.jsonl --step objects --label Person -o tracks.jsonl"},
          .options = o->table(),
          .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli

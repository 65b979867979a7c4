#include "weir/step/spec.h"

#include <charconv>

namespace weir {
namespace {

using config::error_at;
using config::field;
using config::Fields;
using config::Node;

constexpr double kMaxCount = 1'000'000;

// The place of a key if it was written, else of the whole.
const config::Place& place_of(const Node& node, const char* key) {
  const Node::Entry* entry = node.find_entry(key);
  return entry != nullptr ? entry->place : node.where();
}

Status check_keep(const KeepSpec& keep, const Node& node, const std::string& name) {
  if (keep.zone.empty() || keep.zone.size() >= 3) return {};
  return error_at(place_of(node, "zone"), "'" + name + ".zone' has fewer than three corners",
                  "write corners as [x, y], in parts of the width and height");
}

// The truth is there or not: nothing else can be said of it but what to keep.
Status check_truth(const StepSpec& step, const Node& node, const std::string& called) {
  if (!step.model.empty() || step.tracks()) {
    return error_at(place_of(node, "truth"), called + " cannot be the truth and something found",
                    "make two steps");
  }
  for (const char* key : {"on", "score", "every", "per"}) {
    if (node.find(key) == nullptr) continue;
    return error_at(place_of(node, key), called + " is what the source knows of each whole frame",
                    std::string("take '") + key + "' away; a step 'on' it can have that");
  }
  return {};
}

Status check_step(const StepSpec& step, const Node& node, const std::string& name) {
  const std::string called = name.empty() ? "this step" : "'" + name + "'";
  if (step.truth) return check_truth(step, node, called);
  if (!step.model.empty() && step.tracks()) {
    return error_at(place_of(node, "track"), called + " cannot have both a model and a tracker",
                    "make two steps, the second with 'on' naming the first");
  }
  if (const Node* track = node.find("track");
      track != nullptr && track->is_map() && !step.tracks()) {
    return error_at(*track, called + " does not say who tracks", "write 'by: bytetrack'");
  }
  if (step.model.empty() && !step.tracks()) {
    return error_at(node, called + " does not say what to do",
                    "write 'model: <a name under models>', 'track: bytetrack' or 'truth: true'");
  }
  if (step.tracks() && step.on.empty()) {
    return error_at(node, called + " does not say what to track",
                    "write 'on: <the step that detects>'");
  }
  if (step.tracks() && !step.every.is_always()) {
    return error_at(place_of(node, "every"), called + " must see every frame",
                    "a tracker has no 'every': write it into the step that detects");
  }
  if (step.tracks() && step.per == PerSpec::kTrack) {
    return error_at(place_of(node, "per"), called + " makes the tracks, and cannot run per track",
                    "take 'per' away");
  }
  if (step.tracks() && step.score) {
    return error_at(place_of(node, "score"), called + " has no model whose score could be set",
                    "write 'keep: {min_score: …}'");
  }
  if (step.per == PerSpec::kTrack && step.on.empty()) {
    return error_at(place_of(node, "per"), called + " looks at the whole frame, which has no track",
                    "write 'on: <a step that tracks>'");
  }
  return {};
}

// "0.5 s", "2s", "500 ms": seconds.
std::optional<double> seconds_of(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  std::string unit(rest, end);
  while (!unit.empty() && unit.front() == ' ') unit.erase(0, 1);
  if (unit != "s" && unit != "ms") return std::nullopt;
  return unit == "ms" ? number / 1000 : number;
}

}  // namespace

namespace config {

TypeDoc Codec<EverySpec>::type() {
  return {.kind = TypeDoc::Kind::kOneOf,
          .parts = {{.kind = TypeDoc::Kind::kInt},
                    {.kind = TypeDoc::Kind::kString, .spelled = "a time such as 0.5s or 200ms"}}};
}

Status Codec<EverySpec>::read(const Node& node, const std::string& name, const Rules& rules,
                              EverySpec& out) {
  out = {};
  if (node.is_int() && node.as_int() >= 1) return out.frames = node.as_int(), Status();
  if (node.is_string()) {
    const std::optional<double> seconds = seconds_of(node.as_string());
    if (seconds && *seconds > 0 && *seconds <= 86'400) return out.seconds = *seconds, Status();
  }
  Rules at_least_one = rules;
  at_least_one.min = 1;
  return wrong_value(node, name, type(), at_least_one);
}

Node Codec<EverySpec>::write(const EverySpec& value) {
  if (value.seconds <= 0) return Node::integer(value.frames);
  return Node::string(Codec<double>::write(value.seconds).text() + "s");
}

}  // namespace config

std::vector<config::EnumName<PerSpec>> config_names(PerSpec) {
  return {{"frame", PerSpec::kFrame}, {"track", PerSpec::kTrack}};
}

std::vector<config::EnumName<TrackSpec::By>> config_names(TrackSpec::By) {
  using B = TrackSpec::By;
  return {{"none", B::kNone}, {"bytetrack", B::kByteTrack}, {"sort", B::kSort}};
}

const Fields<KeepSpec>& config_fields(const KeepSpec*) {
  static const Fields<KeepSpec> fields =
      Fields<KeepSpec>(
          "keep",
          "Which findings count: of a step with `on` those that it looks at, of a step on the "
          "whole frame those that it gives.",
          {field("labels", &KeepSpec::labels)
               .one_or_list()
               .example("[Person, Car]")
               .help("Only these classes."),
           field("min_score", &KeepSpec::min_score)
               .range(0, 1)
               .example("0.5")
               .help("At least so sure."),
           field("min_side", &KeepSpec::min_side)
               .range(0, 65'536)
               .unit("pixels")
               .help("The shorter side of the box is at least so long."),
           field("max_count", &KeepSpec::max_count)
               .range(0, kMaxCount)
               .help("At most so many of a frame, the surest ones; 0: all."),
           field("zone", &KeepSpec::zone)
               .range(0, 1)
               .example("[[0, 0.5], [1, 0.5], [1, 1], [0, 1]]")
               .help("Only what stands inside this polygon: the middle of the lower edge of its "
                     "box. Corners are [x, y], in parts of the width and height.")})
          .check(check_keep);
  return fields;
}

const Fields<TrackSpec>& config_fields(const TrackSpec*) {
  static const Fields<TrackSpec> fields =
      Fields<TrackSpec>(
          "track", "Gives what is found in one frame after the other the same number.",
          {field("by", &TrackSpec::by).help("The tracker."),
           field("high", &TrackSpec::high)
               .range(0, 1)
               .help("bytetrack: findings from here on are strong, and matched first."),
           field("low", &TrackSpec::low)
               .range(0, 1)
               .help("bytetrack: findings below are not looked at."),
           field("start", &TrackSpec::start)
               .range(0, 1)
               .help("bytetrack: a track begins at this score."),
           field("match", &TrackSpec::match)
               .range(0, 1)
               .help("bytetrack: the largest cost of a match, 1 - IoU × score."),
           field("score", &TrackSpec::score)
               .range(0, 1)
               .help("sort: findings below are not looked at."),
           field("iou", &TrackSpec::iou)
               .range(0, 1)
               .help("sort: the least overlap of a track with its finding."),
           field("min_hits", &TrackSpec::min_hits)
               .range(1, 1000)
               .unit("frames")
               .help("sort: seen so often in a row before it is told."),
           field("lost_frames", &TrackSpec::lost_frames)
               .range(1, 100'000)
               .unit("frames")
               .help("How long a track is remembered that is not seen."),
           field("per_label", &TrackSpec::per_label)
               .help("A track keeps its class: a car never becomes a truck.")})
          .shorthand("by");
  return fields;
}

const Fields<StepSpec>& config_fields(const StepSpec*) {
  static const Fields<StepSpec> fields =
      Fields<StepSpec>(
          "step",
          "One thing to do with each frame: exactly one of model, track and truth says what.",
          {field("model", &StepSpec::model).example("detector").help("A name under `models`."),
           field("track", &StepSpec::track)
               .example("bytetrack")
               .help("Follows the findings of `on`: a tracker, or a map that has its numbers too. "
                     "What it follows becomes its own finding."),
           field("truth", &StepSpec::truth)
               .help("Gives what the source itself knows is in the frame, with tracks: a scene "
                     "does. Written beside what was found, it is what that is scored against."),
           field("on", &StepSpec::on)
               .one_or_list()
               .example("objects")
               .help("The step, or steps, whose findings it looks at one by one; without it, it "
                     "looks at the whole frame."),
           field("score", &StepSpec::score)
               .range(0, 1)
               .example("0.4")
               .help("How sure the model must be, instead of its own threshold."),
           field("keep", &StepSpec::keep)
               .example("{labels: [Person]}")
               .help("Which findings count: with `on` those that it looks at, else those that it "
                     "gives."),
           field("every", &StepSpec::every)
               .example("5")
               .help("Runs on every n-th frame of a stream, or once in a time (0.5s); in between, "
                     "what it found the last time is given again, marked `reused_from`."),
           field("per", &StepSpec::per)
               .help("track: each track is asked once, or by `every`, and otherwise has its last "
                     "answer."),
           field("priority", &StepSpec::priority)
               .range(-100, 100)
               .help("Where work of several steps waits for a worker, that of the higher number "
                     "goes first; of equal ones that which is nearest the end of its frame.")})
          .shorthand("model")
          .check(check_step);
  return fields;
}

}  // namespace weir

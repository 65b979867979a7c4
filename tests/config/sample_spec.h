// A spec that uses every kind of field, for the tests of the field tables and the fuzz target.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "weir/config/fields.h"

namespace weir::config::sample {

enum class Colour { kRgb, kBgr };
inline std::vector<EnumName<Colour>> config_names(Colour) {
  return {{"rgb", Colour::kRgb}, {"bgr", Colour::kBgr}, {"RGB", Colour::kRgb}};
}

enum class Auto { kAuto };
inline std::vector<EnumName<Auto>> config_names(Auto) {
  return {{"auto", Auto::kAuto}};
}

struct Keep {
  std::vector<std::string> labels;
  int min_side = 0;
};
inline const Fields<Keep>& config_fields(const Keep*) {
  static const Fields<Keep> fields =
      Fields<Keep>("keep", "What is let through.",
                   {field("labels", &Keep::labels).one_or_list(),
                    field("min_side", &Keep::min_side).at_least(0).unit("pixels").was("min_size")})
          .shorthand("labels");
  return fields;
}

struct VideoSource {
  std::string video;
  bool loop = false;
};
inline const Fields<VideoSource>& config_fields(const VideoSource*) {
  static const Fields<VideoSource> fields(
      "video", "A file.",
      {field("video", &VideoSource::video).required(), field("loop", &VideoSource::loop)});
  return fields;
}

struct RtspSource {
  std::string rtsp;
  bool live = true;
};
inline const Fields<RtspSource>& config_fields(const RtspSource*) {
  static const Fields<RtspSource> fields(
      "rtsp", "A camera.",
      {field("rtsp", &RtspSource::rtsp).required(), field("live", &RtspSource::live)});
  return fields;
}

struct Tree {
  std::string name;
  std::vector<Tree> children;
};
inline const Fields<Tree>& config_fields(const Tree*) {
  static const Fields<Tree> fields(
      "tree", "Holds itself.", {field("name", &Tree::name), field("children", &Tree::children)});
  return fields;
}

struct Step {
  std::string model;
  double score = 0.5;
  float gain = 0.1F;
  int every = 1;
  uint8_t level = 0;
  int64_t seed = 0;
  bool per_track = false;
  Colour colour = Colour::kBgr;
  std::string precision = "fp32";
  std::variant<Auto, std::array<int, 2>> size = Auto::kAuto;
  std::variant<std::string, std::vector<std::string>> names;
  std::vector<double> mean;
  std::optional<double> nms;
  std::vector<std::string> on;
  Keep keep;
  Named<std::variant<VideoSource, RtspSource>> sources;
  std::map<std::string, int> threads;
  Tree tree;
  Node extra;
};
inline const Fields<Step>& config_fields(const Step*) {
  static const Fields<Step> fields =
      Fields<Step>(
          "step", "One step.",
          {field("model", &Step::model).required().example("face").help("The model to run."),
           field("score", &Step::score).range(0, 1).help("How sure it must be.").was("min_score"),
           field("gain", &Step::gain).above(0).at_most(8),
           field("every", &Step::every).at_least(1).unit("frames"), field("level", &Step::level),
           field("seed", &Step::seed), field("per_track", &Step::per_track),
           field("colour", &Step::colour),
           field("precision", &Step::precision).one_of({"fp32", "fp16", "int8"}),
           field("size", &Step::size).at_least(1).example("[640, 480]"),
           field("names", &Step::names), field("mean", &Step::mean).count(1, 3).range(-255, 255),
           field("nms", &Step::nms).range(0, 1).help("Overlap at which the weaker one goes."),
           field("on", &Step::on).one_or_list(), field("keep", &Step::keep),
           field("sources", &Step::sources), field("threads", &Step::threads).at_least(1),
           field("tree", &Step::tree), field("extra", &Step::extra)})
          .check([](const Step& step, const Node& node, const std::string&) -> Status {
            if (step.per_track && step.on.empty()) {
              return error_at(*node.find("per_track"), "per_track needs 'on'");
            }
            return {};
          });
  return fields;
}

}  // namespace weir::config::sample

#include "weir/sink/spec.h"

#include <algorithm>
#include <array>
#include <vector>

namespace weir {
namespace {

struct FormatRow {
  std::string_view name;
  std::string SinkSpec::*path;
};

// In the order of SinkFormat.
constexpr std::array<FormatRow, 8> kFormats = {{{"jsonl", &SinkSpec::jsonl},
                                                {"csv", &SinkSpec::csv},
                                                {"mot", &SinkSpec::mot},
                                                {"coco", &SinkSpec::coco},
                                                {"yolo", &SinkSpec::yolo},
                                                {"pictures", &SinkSpec::pictures},
                                                {"crops", &SinkSpec::crops},
                                                {"video", &SinkSpec::video}}};

Error wrong_format(const std::string& what) {
  std::string keys;
  for (const FormatRow& row : kFormats) keys += (keys.empty() ? "" : ", ") + std::string(row.name);
  return Error(ErrorCode::kInvalidArgument, what, "", "give one path: " + keys);
}

}  // namespace

std::string_view name(SinkFormat format) {
  return kFormats[static_cast<std::size_t>(format)].name;
}

Result<SinkFormat> SinkSpec::format() const {
  int found = -1;
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if ((this->*kFormats[i].path).empty()) continue;
    if (found >= 0) {
      return wrong_format("a sink is '" +
                          std::string(kFormats[static_cast<std::size_t>(found)].name) + "' or '" +
                          std::string(kFormats[i].name) + "', not both");
    }
    found = static_cast<int>(i);
  }
  if (found < 0) return wrong_format("a sink needs a format and a path");
  return static_cast<SinkFormat>(found);
}

const std::string& SinkSpec::path(SinkFormat format) const {
  return this->*kFormats[static_cast<std::size_t>(format)].path;
}

std::vector<config::EnumName<SinkSpec::OnError>> config_names(SinkSpec::OnError) {
  return {{"go_on", SinkSpec::OnError::kGoOn}, {"stop", SinkSpec::OnError::kStop}};
}

const config::Fields<DrawSpec>& config_fields(const DrawSpec*) {
  using config::field;
  static const config::Fields<DrawSpec> fields(
      "drawing", "How findings are drawn into a picture.",
      {field("scale", &DrawSpec::scale)
           .above(0)
           .at_most(100)
           .help("Of lines and letters; 1: as fits the size of the picture."),
       field("boxes", &DrawSpec::boxes).help("Draw boxes and the outlines of text."),
       field("labels", &DrawSpec::labels).help("Write what was found."),
       field("scores", &DrawSpec::scores).help("Write the score behind the label."),
       field("masks", &DrawSpec::masks).help("Tint what masks cover."),
       field("keypoints", &DrawSpec::keypoints).help("Draw keypoints and their skeleton."),
       field("trail", &DrawSpec::trail)
           .range(0, 10000)
           .unit("frames")
           .help("How much of a track's way is drawn behind it."),
       field("mask_opacity", &DrawSpec::mask_opacity).range(0, 1).help("Of the tint of masks."),
       field("keypoint_score", &DrawSpec::keypoint_score)
           .help("Keypoints that are less sure are left out."),
       field("font", &DrawSpec::font)
           .example("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
           .help("A font file; without it the best that the system has.")});
  return fields;
}

namespace {

// What a key says nothing about, in a sink of another format.
struct KeyOf {
  const char* key;
  std::vector<SinkFormat> formats;
};

Status check_keys(SinkFormat format, const config::Node& node, const std::string& called) {
  using F = SinkFormat;
  static const std::vector<KeyOf> rows = {
      {"embeddings", {F::kJsonl}}, {"scores", {F::kYolo}},
      {"margin", {F::kCrops}},     {"quality", {F::kPictures, F::kCrops}},
      {"fps", {F::kVideo}},        {"bitrate_kbps", {F::kVideo}},
      {"encoder", {F::kVideo}},    {"draw", {F::kPictures, F::kVideo}}};
  for (const KeyOf& row : rows) {
    const config::Node::Entry* entry = node.find_entry(row.key);
    if (entry == nullptr) continue;
    if (std::find(row.formats.begin(), row.formats.end(), format) != row.formats.end()) continue;
    std::string of(name(row.formats.front()));
    if (row.formats.size() > 1) of += " or " + std::string(name(row.formats.back()));
    return config::error_at(entry->place, called + " has '" + row.key + "', which is of " + of,
                            "leave it out");
  }
  return {};
}

Status check_sink(const SinkSpec& spec, const config::Node& node, const std::string& name) {
  const Result<SinkFormat> format = spec.format();
  if (format) return check_keys(*format, node, "'" + name + "'");
  return config::error_at(node, "'" + name + "': " + format.error().message, format.error().hint);
}

}  // namespace

const config::Fields<SinkSpec>& config_fields(const SinkSpec*) {
  using config::field;
  static const config::Fields<SinkSpec> fields =
      config::Fields<SinkSpec>(
          "sink", "Where results go. Exactly one of the formats, with its path.",
          {field("jsonl", &SinkSpec::jsonl)
               .example("out/results.jsonl")
               .help("One JSON object a task and line; '-' is the standard output."),
           field("csv", &SinkSpec::csv)
               .example("out/results.csv")
               .help("A row a finding; '-' is the standard output."),
           field("mot", &SinkSpec::mot)
               .example("'out/{source}.txt'")
               .help("Tracks as the MOT challenge writes them."),
           field("coco", &SinkSpec::coco)
               .example("out/coco.json")
               .help("COCO: images, annotations, categories."),
           field("yolo", &SinkSpec::yolo)
               .example("out/labels")
               .help("A text file a picture, and classes.txt."),
           field("pictures", &SinkSpec::pictures)
               .example("'out/{stem}.jpg'")
               .help("Each picture with its findings drawn in."),
           field("crops", &SinkSpec::crops).example("out/crops").help("A picture of each finding."),
           field("video", &SinkSpec::video)
               .example("'out/{source}.mp4'")
               .help("The video with its findings drawn in."),
           field("sources", &SinkSpec::sources)
               .one_or_list()
               .help("Results of these sources only."),
           field("steps", &SinkSpec::steps).one_or_list().help("Findings of these steps only."),
           field("embeddings", &SinkSpec::embeddings).help("jsonl: write embeddings as well."),
           field("scores", &SinkSpec::scores).help("yolo: write the score as a sixth column."),
           field("margin", &SinkSpec::margin)
               .range(0, 10)
               .help("crops: so much more on each side, as a share of the box."),
           field("quality", &SinkSpec::quality).range(1, 100).help("Of JPEG files."),
           field("fps", &SinkSpec::fps)
               .range(0, 1000)
               .help("video: frames per second, if the times of the frames do not say."),
           field("bitrate_kbps", &SinkSpec::bitrate_kbps)
               .at_least(0)
               .unit("kbit/s")
               .help("video: 0 is as fits the size."),
           field("encoder", &SinkSpec::encoder)
               .example("mpeg4")
               .help("video: one of FFmpeg's; without it the best that the system has."),
           field("draw", &SinkSpec::draw).help("pictures, video: how findings are drawn."),
           field("on_error", &SinkSpec::on_error)
               .help("What the pipeline does when a result cannot be written: go_on counts and "
                     "reports it, stop ends the pipeline.")})
          .check(check_sink);
  return fields;
}

}  // namespace weir

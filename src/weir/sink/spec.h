// What a user writes about a sink: the format, by the key that has the path, and its options.
//
//   sinks:
//     - {jsonl: out/results.jsonl}
//     - {crops: 'out/{source}', steps: [faces], margin: 0.2}
//
// Paths are relative to the working folder. docs/results.md says which {names} they may hold. A
// plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/config/fields.h"
#include "weir/ops/draw/painter.h"

namespace weir {

enum class SinkFormat : uint8_t { kJsonl, kCsv, kMot, kCoco, kYolo, kPictures, kCrops, kVideo };

// "jsonl", "csv", …: also the keys of the spec.
std::string_view name(SinkFormat format);

struct SinkSpec {
  enum class OnError : uint8_t { kGoOn, kStop };

  // Exactly one of these: the path.
  std::string jsonl = {};
  std::string csv = {};
  std::string mot = {};
  std::string coco = {};
  std::string yolo = {};
  std::string pictures = {};
  std::string crops = {};
  std::string video = {};

  std::vector<std::string> sources = {};  // results of these only; empty: of all
  std::vector<std::string> steps = {};    // findings of these only; empty: of all
  bool embeddings = false;                // jsonl
  bool scores = false;                    // yolo: a sixth column
  double margin = 0;                      // crops: so much more on each side, of the box's
  int32_t quality = 92;                   // of JPEG
  double fps = 0;                         // video: if the times of the tasks do not tell
  int32_t bitrate_kbps = 0;               // video; 0: as fits the size
  std::string encoder = {};               // video; empty: the best that the system has
  DrawSpec draw = {};                     // pictures, video
  OnError on_error = OnError::kGoOn;      // what the pipeline does then

  // kInvalidArgument unless exactly one path is given.
  Result<SinkFormat> format() const;
  const std::string& path(SinkFormat format) const;
};

std::vector<config::EnumName<SinkSpec::OnError>> config_names(SinkSpec::OnError);
const config::Fields<DrawSpec>& config_fields(const DrawSpec*);
const config::Fields<SinkSpec>& config_fields(const SinkSpec*);

}  // namespace weir

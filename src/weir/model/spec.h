// What a user writes about a model: what it is, how pictures become its input, where it runs.
//
//   models:
//     detector: {use: ssd-mobilenet-v2-oid}
//     own:
//       file: yolox.onnx
//       family: yolox
//       input: {size: 640, colour: bgr, resize: {policy: letterbox, pad: 114, anchor: top_left}}
//       shapes: {images: {min: 1x3x320x320, opt: 1x3x640x640, max: 4x3x640x640}}
//
// A plain value. Whatever is `auto` or not set is left to the catalogue's entry, then to the
// family, then to the file. docs/model-spec.md has every field, and is made from the table in
// spec.cc.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weir/backend/spec.h"
#include "weir/config/file_path.h"
#include "weir/config/load.h"
#include "weir/model/spec_codec.h"

namespace weir {

// What is cut off at the edges of the scaled picture, in pixels of the input.
struct EdgeSpec {
  int32_t left = 0;
  int32_t top = 0;
  int32_t right = 0;
  int32_t bottom = 0;
  bool operator==(const EdgeSpec&) const = default;
};

// What is put around it: `pad: 114`, `pad: {level: 114, right: 48}`.
struct PadSpec {
  std::vector<double> level;  // one value, or one a channel; before scale and mean
  EdgeSpec edges;

  PadSpec() = default;
  PadSpec(std::initializer_list<double> values) : level(values) {}
  PadSpec(std::vector<double> values, const EdgeSpec& around = {})  // NOLINT: implicit
      : level(std::move(values)), edges(around) {}
  bool empty() const { return level.empty() && edges == EdgeSpec{}; }
  bool operator==(const PadSpec&) const = default;
};

// How a picture is brought to the size of the input.
struct ResizeSpec {
  enum class Policy : uint8_t {
    kAuto,
    kStretch,    // to the size, whatever that does to the aspect
    kLetterbox,  // keeps the aspect, pads the rest
    kCrop,       // keeps the aspect by the shorter side, cuts the rest from the centre
    kPad,        // keeps the pixels, pads right and below
  };
  enum class Anchor : uint8_t { kAuto, kCentre, kTopLeft };
  enum class Filter : uint8_t { kAuto, kNearest, kBilinear, kBicubic, kArea, kLanczos };

  Policy policy = Policy::kAuto;
  PadSpec pad;
  EdgeSpec crop;
  Anchor anchor = Anchor::kAuto;
  Filter filter = Filter::kAuto;
  // Of a size that is auto: sides are rounded up to the multiple, and a picture is made smaller
  // whose longer side exceeds the largest; 0: as the family says.
  int32_t multiple = 0;
  int32_t max_side = 0;
  int32_t short_side = 0;  // of the scaled picture that `crop` cuts; 0: such that it just fills
  // Two policies that are named by their number: a length for the shorter side and a limit for the
  // longer; 1/2.
  std::vector<int32_t> min_max_pairs;
  std::optional<Scale> pyramid;
};

// value = (pixel x scale - mean) / std, channel by channel in the order of `colour`.
struct InputSpec {
  enum class Layout : uint8_t { kAuto, kNchw, kNhwc };
  enum class Colour : uint8_t { kAuto, kRgb, kBgr, kGrey };

  InputSize size;
  Layout layout = Layout::kAuto;
  Colour colour = Colour::kAuto;
  std::optional<Scale> scale;
  std::vector<double> mean;
  std::vector<double> std;
  ResizeSpec resize;
};

struct ThresholdSpec {
  std::optional<double> score;
  std::optional<double> nms;
  std::optional<int32_t> candidates;    // that go into the suppression, best first
  std::optional<int32_t> max_findings;  // that come out of it
};

struct BatchSpec {
  int32_t max = 1;
  std::vector<int32_t> preferred;
  double max_age_ms = 0;
};

using ShapeRanges = std::map<std::string, ShapeRange>;

// One file of a model that has several. What is not set is that of the model.
struct ComponentSpec {
  config::FilePath file;
  std::string backend;
  std::optional<Device> device;
  std::optional<Precision> precision;
  std::optional<int32_t> threads;
  ShapeRanges shapes;
};

struct ModelSpec {
  // Exactly one of the three.
  std::string use;  // a name of the catalogue
  config::FilePath file;
  config::Named<ComponentSpec> components;

  std::string family;  // empty: what the catalogue says
  std::string backend = "auto";
  Device device;
  Precision precision = Precision::kDefault;
  InputSpec input;
  ThresholdSpec thresholds;
  LabelSpec labels;
  int32_t instances = 1;
  ShapeRanges shapes;
  BatchSpec batch;
  int32_t threads = 0;  // 0: as the thread budget gives
  config::FilePath cache;
  bool deterministic = false;
  std::map<std::string, OptionMap> options;  // by back end
  OptionMap family_options;
  int32_t warm_up = 1;
  config::FilePath sample;  // a picture, or an .npy: what a trial looks at
};

namespace config {
template <>
struct Codec<PadSpec> : TextCodec<PadSpec> {};
}  // namespace config

// Found by the field tables through their arguments.
std::vector<config::EnumName<ResizeSpec::Policy>> config_names(ResizeSpec::Policy);
std::vector<config::EnumName<ResizeSpec::Anchor>> config_names(ResizeSpec::Anchor);
std::vector<config::EnumName<ResizeSpec::Filter>> config_names(ResizeSpec::Filter);
std::vector<config::EnumName<InputSpec::Layout>> config_names(InputSpec::Layout);
std::vector<config::EnumName<InputSpec::Colour>> config_names(InputSpec::Colour);
const config::Fields<EdgeSpec>& config_fields(const EdgeSpec*);
const config::Fields<ResizeSpec>& config_fields(const ResizeSpec*);
const config::Fields<InputSpec>& config_fields(const InputSpec*);
const config::Fields<ThresholdSpec>& config_fields(const ThresholdSpec*);
const config::Fields<BatchSpec>& config_fields(const BatchSpec*);
const config::Fields<ComponentSpec>& config_fields(const ComponentSpec*);
const config::Fields<ModelSpec>& config_fields(const ModelSpec*);

// A spec from its node. `name` is the dotted path for messages: "models.face". `defaults`, say a
// catalogue's entry or a family's, is what the node is laid over, key by key; where the node names
// what to run (`use`, `file`, `components`), that of the defaults does not count.
Result<ModelSpec> read_model_spec(const config::Node& node, const std::string& name = {},
                                  const config::Node& defaults = {});
// A file that holds one spec, with its includes (one file of defaults, say), overrides, references.
Result<ModelSpec> read_model_spec_file(const std::string& path,
                                       const config::LoadOptions& options = {});

}  // namespace weir

// How the values of a model spec are written in YAML: shapes, devices, sizes, scales, options.
//
//   shape        1x3x640x640, 1x3x?x?, [1, 3, 640, 640]
//   device       cpu, cuda:0, npu, 1 (for cuda:1)
//   size         auto, 640, [640, 480] (width, height)
//   scale        0.017, 1/255
//   labels       [Person, Car], labels.txt, coco
//   shape range  1x3x640x640, or {min: …, opt: …, max: …}
//
// Include it wherever such values are read by a field table. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "weir/backend/spec.h"
#include "weir/config/codec.h"
#include "weir/data/device.h"
#include "weir/data/shape.h"

namespace weir {

std::vector<config::EnumName<Precision>> config_names(Precision);

// What the input of a model measures, in pixels; 0x0 is auto: the family or the file says.
struct InputSize {
  int32_t width = 0;
  int32_t height = 0;
  bool is_auto() const { return width == 0; }
  bool operator==(const InputSize&) const = default;
};

// A factor, written as a number or as a fraction.
struct Scale {
  double value = 1;
  bool operator==(const Scale&) const = default;
};

// Names with scalars, all kept as text: whoever knows the names knows what they mean.
struct OptionMap {
  std::map<std::string, std::string> values;
  bool operator==(const OptionMap&) const = default;
};

// The names of the classes: themselves, or a file with one name a line, or a set known by its name.
struct LabelSpec {
  std::vector<std::string> names = {};
  std::string file = {};
  std::string set = {};

  bool empty() const { return names.empty() && file.empty() && set.empty(); }
  bool operator==(const LabelSpec&) const = default;
};

namespace config {

// What all codecs below have in common.
template <class T>
struct TextCodec {
  static TypeDoc type();
  static Status read(const Node& node, const std::string& name, const Rules& rules, T& out);
  static Node write(const T& value);
};

template <>
struct Codec<Shape> : TextCodec<Shape> {};
template <>
struct Codec<Device> : TextCodec<Device> {};
template <>
struct Codec<InputSize> : TextCodec<InputSize> {};
template <>
struct Codec<Scale> : TextCodec<Scale> {};
template <>
struct Codec<OptionMap> : TextCodec<OptionMap> {};
template <>
struct Codec<LabelSpec> : TextCodec<LabelSpec> {};
template <>
struct Codec<ShapeRange> : TextCodec<ShapeRange> {};

}  // namespace config
}  // namespace weir

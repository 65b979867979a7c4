#include <utility>

#include "weir/config/fields.h"
#include "weir/model/spec.h"
#include "weir/model/spec_places.h"

namespace weir {
namespace {

using config::error_at;
using config::field;
using config::Fields;
using config::Node;

constexpr double kMaxSide = 1 << 15;

Status check_input(const InputSpec& input, const Node& node, const std::string& name) {
  for (const char* key : {"mean", "std"}) {
    const std::size_t count = (key[0] == 'm' ? input.mean : input.std).size();
    const bool grey = input.colour == InputSpec::Colour::kGrey;
    if (count == 2) {
      return error_at(at_key(node, key), in_words(name, key) + " has 2 values",
                      "write one for all channels, or one for each of three");
    }
    if (grey && count > 1) {
      return error_at(at_key(node, key), in_words(name, key) + " has " + std::to_string(count) +
                                             " values, but a grey input has one channel");
    }
  }
  return {};
}

// The policy that is named by a number: 'min_max_pairs' or 'pyramid', or null.
const char* named_policy(const ResizeSpec& resize) {
  if (!resize.min_max_pairs.empty()) return "min_max_pairs";
  return resize.pyramid ? "pyramid" : nullptr;
}

Status check_policy(const ResizeSpec& resize, const Node& node, const std::string& name) {
  const char* named = named_policy(resize);
  if (named == nullptr) return {};
  if (resize.policy != ResizeSpec::Policy::kAuto) {
    return error_at(at_key(node, named), in_words(name, named) + " is a policy of its own",
                    "leave 'policy' out");
  }
  if (!resize.min_max_pairs.empty() && resize.pyramid) {
    return error_at(at_key(node, "pyramid"), in_words(name, "pyramid") + " and " +
                                                 in_words(name, "min_max_pairs") +
                                                 " cannot both be given");
  }
  if (resize.pyramid && resize.pyramid->value != 0.5) {
    return error_at(at_key(node, "pyramid"), in_words(name, "pyramid") + " must be 1/2");
  }
  return {};
}

Status check_resize(const ResizeSpec& resize, const Node& node, const std::string& name) {
  WEIR_TRY(check_policy(resize, node, name));
  if (resize.pad.level.size() == 2) {
    return error_at(at_key(node, "pad"), in_words(name, "pad") + " has 2 values",
                    "write one for all channels, or one for each of three");
  }
  using Policy = ResizeSpec::Policy;
  const bool has_edges = named_policy(resize) != nullptr || resize.policy == Policy::kPad;
  const bool pads =
      has_edges || resize.policy == Policy::kAuto || resize.policy == Policy::kLetterbox;
  if (!pads && !resize.pad.empty()) {
    return error_at(at_key(node, "pad"),
                    in_words(name, "pad") + " has no use: this policy pads nothing",
                    "leave it out, or write 'policy: letterbox'");
  }
  for (const auto& [key, edges] : {std::pair{"pad", resize.pad.edges}, {"crop", resize.crop}}) {
    if (has_edges || edges == EdgeSpec{}) continue;
    return error_at(at_key(node, key), in_words(name, key) + " has edges, and this policy has none",
                    "write 'pyramid: 1/2', 'min_max_pairs: [540, 1140]' or 'policy: pad'");
  }
  if (resize.short_side > 0 && resize.policy != Policy::kCrop) {
    return error_at(at_key(node, "short_side"), in_words(name, "short_side") + " has no use",
                    "leave it out, or write 'policy: crop'");
  }
  return {};
}

}  // namespace

std::vector<config::EnumName<ResizeSpec::Policy>> config_names(ResizeSpec::Policy) {
  using P = ResizeSpec::Policy;
  return {{"auto", P::kAuto},
          {"stretch", P::kStretch},
          {"letterbox", P::kLetterbox},
          {"crop", P::kCrop},
          {"pad", P::kPad}};
}

std::vector<config::EnumName<ResizeSpec::Anchor>> config_names(ResizeSpec::Anchor) {
  using A = ResizeSpec::Anchor;
  return {{"auto", A::kAuto},
          {"centre", A::kCentre},
          {"top_left", A::kTopLeft},
          {"center", A::kCentre}};
}

std::vector<config::EnumName<ResizeSpec::Filter>> config_names(ResizeSpec::Filter) {
  using F = ResizeSpec::Filter;
  return {{"auto", F::kAuto},       {"nearest", F::kNearest}, {"bilinear", F::kBilinear},
          {"bicubic", F::kBicubic}, {"area", F::kArea},       {"lanczos", F::kLanczos}};
}

std::vector<config::EnumName<InputSpec::Layout>> config_names(InputSpec::Layout) {
  using L = InputSpec::Layout;
  return {{"auto", L::kAuto}, {"nchw", L::kNchw}, {"nhwc", L::kNhwc}};
}

std::vector<config::EnumName<InputSpec::Colour>> config_names(InputSpec::Colour) {
  using C = InputSpec::Colour;
  return {{"auto", C::kAuto},
          {"rgb", C::kRgb},
          {"bgr", C::kBgr},
          {"grey", C::kGrey},
          {"gray", C::kGrey}};
}

const Fields<EdgeSpec>& config_fields(const EdgeSpec*) {
  static const Fields<EdgeSpec> fields(
      "edges", "Pixels of the input at the edges of the scaled picture.",
      {field("left", &EdgeSpec::left).range(0, kMaxSide).unit("pixels").help("At the left."),
       field("top", &EdgeSpec::top).range(0, kMaxSide).unit("pixels").help("At the top."),
       field("right", &EdgeSpec::right).range(0, kMaxSide).unit("pixels").help("At the right."),
       field("bottom", &EdgeSpec::bottom).range(0, kMaxSide).unit("pixels").help("Below.")});
  return fields;
}

namespace {

// PadSpec with its edges laid flat, as it is written.
struct PadFields {
  std::vector<double> level;
  int32_t left = 0, top = 0, right = 0, bottom = 0;
};

const Fields<PadFields>& config_fields(const PadFields*) {
  static const Fields<PadFields> fields =
      Fields<PadFields>(
          "pad", "What is put around the picture.",
          {field("level", &PadFields::level)
               .range(0, 255)
               .count(1, 3)
               .one_or_list()
               .example("114")
               .help("Its value, before scale and mean."),
           field("left", &PadFields::left).range(0, kMaxSide).unit("pixels").help("At the left."),
           field("top", &PadFields::top).range(0, kMaxSide).unit("pixels").help("At the top."),
           field("right", &PadFields::right)
               .range(0, kMaxSide)
               .unit("pixels")
               .help("At the right."),
           field("bottom", &PadFields::bottom).range(0, kMaxSide).unit("pixels").help("Below.")})
          .shorthand("level");
  return fields;
}

}  // namespace

namespace config {

template <>
TypeDoc TextCodec<PadSpec>::type() {
  return Codec<PadFields>::type();
}

template <>
Status TextCodec<PadSpec>::read(const Node& node, const std::string& name, const Rules& rules,
                                PadSpec& out) {
  PadFields read;
  WEIR_TRY(Codec<PadFields>::read(node, name, rules, read));
  out = PadSpec(std::move(read.level), {read.left, read.top, read.right, read.bottom});
  return {};
}

template <>
Node TextCodec<PadSpec>::write(const PadSpec& value) {
  const EdgeSpec& edges = value.edges;
  if (edges == EdgeSpec{}) return Codec<std::vector<double>>::write(value.level);
  return Codec<PadFields>::write({value.level, edges.left, edges.top, edges.right, edges.bottom});
}

}  // namespace config

const Fields<ResizeSpec>& config_fields(const ResizeSpec*) {
  static const Fields<ResizeSpec> fields =
      Fields<ResizeSpec>(
          "resize", "How a picture is brought to the size of the input.",
          {field("policy", &ResizeSpec::policy)
               .help("stretch changes the aspect; letterbox keeps it and pads; crop keeps it by "
                     "the shorter side and cuts from the centre; pad keeps the pixels and pads "
                     "right and below."),
           field("pad", &ResizeSpec::pad)
               .example("114")
               .help("What is put around the picture: its level, or a map that has edges too."),
           field("crop", &ResizeSpec::crop)
               .example("{top: 22}")
               .help("What is cut off the scaled picture, in pixels of the input."),
           field("anchor", &ResizeSpec::anchor).help("Where the picture stands in its letterbox."),
           field("filter", &ResizeSpec::filter)
               .help(
                   "How pixels are interpolated: bilinear takes the two that are nearest "
                   "(OpenCV's linear), area the mean of what a pixel covers (OpenCV's), bicubic "
                   "and lanczos a window as wide as the new pixels are (PIL's), nearest one. "
                   "What is cut out turned, as a face or a line of text is, takes only bilinear."),
           field("multiple", &ResizeSpec::multiple)
               .range(0, 1024)
               .unit("pixels")
               .help("Where the size is auto: the sides are rounded up to a multiple of this; 0 "
                     "leaves it to the family."),
           field("max_side", &ResizeSpec::max_side)
               .range(0, kMaxSide)
               .unit("pixels")
               .help("Where the size is auto: a picture with a longer side is made smaller; 0 "
                     "leaves it to the family."),
           field("short_side", &ResizeSpec::short_side)
               .range(0, kMaxSide)
               .unit("pixels")
               .example("256")
               .help("Of policy crop: the shorter side of the picture that is cut; 0: as short as "
                     "the input allows."),
           field("min_max_pairs", &ResizeSpec::min_max_pairs)
               .count(2, 2)
               .range(1, kMaxSide)
               .example("[540, 1140]")
               .help("A policy of its own: the shorter side becomes the first, unless the longer "
                     "one then exceeds the second; the aspect is kept."),
           field("pyramid", &ResizeSpec::pyramid)
               .example("1/2")
               .help("A policy of its own: half the size, the mean of two by two pixels.")})
          .shorthand("policy")
          .check(check_resize);
  return fields;
}

const Fields<InputSpec>& config_fields(const InputSpec*) {
  static const Fields<InputSpec> fields =
      Fields<InputSpec>(
          "input",
          "How a picture becomes the input: value = (pixel × scale − mean) ÷ std, each channel in "
          "the order of colour. What is auto or not set is as the family has it.",
          {field("size", &InputSpec::size)
               .example("[640, 640]")
               .unit("pixels")
               .help("Width and height, one number for a square, or auto: what the file says."),
           field("layout", &InputSpec::layout)
               .help("The order of the sizes: batch, channels, height, width."),
           field("colour", &InputSpec::colour).help("The order of the channels."),
           field("scale", &InputSpec::scale)
               .above(0)
               .example("1/255")
               .help("What pixels, which go from 0 to 255, are multiplied by."),
           field("mean", &InputSpec::mean)
               .count(1, 64)
               .one_or_list()
               .example("[0.485, 0.456, 0.406]")
               .help("What is then taken away."),
           field("std", &InputSpec::std)
               .count(1, 64)
               .one_or_list()
               .above(0)
               .example("[0.229, 0.224, 0.225]")
               .help("What is then divided by."),
           field("resize", &InputSpec::resize)
               .help("How a picture is brought to the size of the input.")})
          .check(check_input);
  return fields;
}

}  // namespace weir

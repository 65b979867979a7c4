#include "weir/model/spec_codec.h"

#include <array>
#include <optional>

#include "weir/config/fields.h"
#include "weir/config/file_path.h"

namespace weir {

std::vector<config::EnumName<Precision>> config_names(Precision) {
  return {{"default", Precision::kDefault}, {"float32", Precision::kFloat32},
          {"float16", Precision::kFloat16}, {"bfloat16", Precision::kBFloat16},
          {"int8", Precision::kInt8},       {"fp32", Precision::kFloat32},
          {"fp16", Precision::kFloat16},    {"bf16", Precision::kBFloat16}};
}

namespace config {
namespace {

using Kind = TypeDoc::Kind;

constexpr int64_t kMaxSide = 1 << 16;

TypeDoc text(const char* spelled) {
  return {.kind = Kind::kString, .spelled = spelled};
}

Result<Shape> shape_of_list(const Node& node, const std::string& name) {
  if (node.items().size() > Shape::kMaxRank) {
    return error_at(node,
                    "'" + name + "' has more than " + std::to_string(Shape::kMaxRank) + " sizes");
  }
  Shape shape;
  for (std::size_t i = 0; i < node.items().size(); ++i) {
    const Node& item = node.items()[i];
    int64_t size = Shape::kDynamic;
    if (!item.is_string() || item.as_string() != "?") {
      WEIR_ASSIGN(size, read_int(item, name + "[" + std::to_string(i) + "]", Rules{.min = -1}));
    }
    shape.push_back(size);
  }
  return shape;
}

// The map form of a range; the struct lives only while it is read.
struct RangeFields {
  std::optional<Shape> fixed, min, opt, max;
};

const Fields<RangeFields>& config_fields(const RangeFields*) {
  static const Fields<RangeFields> fields =
      Fields<RangeFields>("shape range", "Which shapes an input may take.",
                          {field("fixed", &RangeFields::fixed).help("Only this one."),
                           field("min", &RangeFields::min)
                               .example("1x3x320x320")
                               .help("The smallest, size by size; without it as max."),
                           field("opt", &RangeFields::opt)
                               .example("1x3x640x640")
                               .help("What it is tuned for; without it as max."),
                           field("max", &RangeFields::max)
                               .example("8x3x640x640")
                               .help("The largest: memory is taken for it once.")})
          .shorthand("fixed");
  return fields;
}

Status check_range(const ShapeRange& range, const Node& node, const std::string& name) {
  const auto complaint = [&](const std::string& what) {
    return error_at(node, "'" + name + "': " + what,
                    "min is " + to_string(range.min) + ", opt " + to_string(range.opt) + ", max " +
                        to_string(range.max));
  };
  if (range.max.is_dynamic()) return complaint("max must be known in every size");
  if (range.min.is_dynamic() || range.opt.is_dynamic()) {
    return complaint("min and opt must be known in every size");
  }
  if (range.min.rank() != range.max.rank() || range.opt.rank() != range.max.rank()) {
    return complaint("min, opt and max must have the same number of sizes");
  }
  for (std::size_t i = 0; i < range.max.rank(); ++i) {
    if (range.min[i] > range.opt[i] || range.opt[i] > range.max[i]) {
      return complaint("size " + std::to_string(i) + " must go min <= opt <= max");
    }
  }
  return {};
}

}  // namespace

template <>
TypeDoc TextCodec<Shape>::type() {
  return {.kind = Kind::kOneOf,
          .parts = {text("a shape such as 1x3x640x640"), Codec<std::vector<int64_t>>::type()}};
}

template <>
Status TextCodec<Shape>::read(const Node& node, const std::string& name, const Rules&, Shape& out) {
  if (node.is_list()) {
    WEIR_ASSIGN(out, shape_of_list(node, name));
    return {};
  }
  if (!node.is_string() && !node.is_int()) return wrong_value(node, name, type(), {});
  auto shape = parse_shape(node.text());
  if (!shape) return error_at(node, "'" + name + "': " + shape.error().message, shape.error().hint);
  out = *shape;
  return {};
}

template <>
Node TextCodec<Shape>::write(const Shape& value) {
  return Node::string(to_string(value));
}

template <>
TypeDoc TextCodec<Device>::type() {
  return text("a device such as cpu or cuda:0");
}

template <>
Status TextCodec<Device>::read(const Node& node, const std::string& name, const Rules&,
                               Device& out) {
  if (!node.is_string() && !node.is_int()) return wrong_value(node, name, type(), {});
  auto device = parse_device(node.text());
  if (!device) {
    return error_at(node, "'" + name + "': " + device.error().message, device.error().hint);
  }
  out = *device;
  return {};
}

template <>
Node TextCodec<Device>::write(const Device& value) {
  return Node::string(to_string(value));
}

template <>
TypeDoc TextCodec<InputSize>::type() {
  return {.kind = Kind::kOneOf,
          .parts = {{.kind = Kind::kEnum, .names = {"auto"}},
                    Codec<int64_t>::type(),
                    Codec<std::array<int64_t, 2>>::type()}};
}

template <>
Status TextCodec<InputSize>::read(const Node& node, const std::string& name, const Rules&,
                                  InputSize& out) {
  const Rules sides{.min = 1, .max = static_cast<double>(kMaxSide)};
  if (node.is_list()) {
    std::array<int32_t, 2> pair{};
    WEIR_TRY((Codec<std::array<int32_t, 2>>::read(node, name, sides, pair)));
    out = {pair[0], pair[1]};
    return {};
  }
  if (node.is_string() && node.as_string() == "auto") {
    out = {};
    return {};
  }
  if (!node.is_int()) return wrong_value(node, name, type(), sides);
  WEIR_ASSIGN(const int64_t side, read_int(node, name, sides));
  out = {static_cast<int32_t>(side), static_cast<int32_t>(side)};
  return {};
}

template <>
Node TextCodec<InputSize>::write(const InputSize& value) {
  if (value.is_auto()) return Node::string("auto");
  return Codec<std::array<int32_t, 2>>::write({value.width, value.height});
}

template <>
TypeDoc TextCodec<Scale>::type() {
  return {.kind = Kind::kOneOf, .parts = {Codec<double>::type(), text("a fraction such as 1/255")}};
}

template <>
Status TextCodec<Scale>::read(const Node& node, const std::string& name, const Rules& rules,
                              Scale& out) {
  if (!node.is_string()) {
    if (!node.is_number()) return wrong_value(node, name, type(), rules);
    WEIR_ASSIGN(out.value, read_float(node, name, rules));
    return {};
  }
  const std::string& written = node.as_string();
  const std::size_t slash = written.find('/');
  if (slash == written.npos) return wrong_value(node, name, type(), rules);
  const Node above = Node::plain(written.substr(0, slash), node.where());
  const Node below = Node::plain(written.substr(slash + 1), node.where());
  if (!above.is_number() || !below.is_number() || below.as_float() == 0) {
    return wrong_value(node, name, type(), rules);
  }
  const Node ratio = Node::number(above.as_float() / below.as_float(), node.where(), written);
  WEIR_ASSIGN(out.value, read_float(ratio, name, rules));
  return {};
}

// 1/255 has no short decimal form: a factor that is one over a whole number is written as such.
template <>
Node TextCodec<Scale>::write(const Scale& value) {
  const double inverse = 1 / value.value;
  if (inverse > 1 && inverse < 1e6 &&
      1 / static_cast<double>(static_cast<int64_t>(inverse + 0.5)) == value.value) {
    return Node::string("1/" + std::to_string(static_cast<int64_t>(inverse + 0.5)));
  }
  return Codec<double>::write(value.value);
}

template <>
TypeDoc TextCodec<OptionMap>::type() {
  return {.kind = Kind::kMap,
          .parts = {
              {.kind = Kind::kOneOf,
               .parts = {Codec<std::string>::type(), Codec<double>::type(), Codec<bool>::type()}}}};
}

template <>
Status TextCodec<OptionMap>::read(const Node& node, const std::string& name, const Rules&,
                                  OptionMap& out) {
  if (!node.is_map()) return wrong_value(node, name, type(), {});
  out.values.clear();
  for (const Node::Entry& entry : node.entries()) {
    if (entry.value.is_null()) continue;
    if (!entry.value.is_scalar()) {
      return error_at(entry.value, "'" + join_name(name, entry.key) +
                                       "' must be text or a number or true or false, found " +
                                       describe(entry.value));
    }
    out.values[entry.key] = entry.value.text();
  }
  return {};
}

template <>
Node TextCodec<OptionMap>::write(const OptionMap& value) {
  std::vector<Node::Entry> entries;
  for (const auto& [key, option] : value.values) {
    entries.push_back({key, Node::plain(option), {}});
  }
  return Node::map(std::move(entries));
}

template <>
TypeDoc TextCodec<LabelSpec>::type() {
  return {.kind = Kind::kOneOf,
          .parts = {Codec<std::vector<std::string>>::type(),
                    text("a file such as labels.txt, or the name of a set")}};
}

template <>
Status TextCodec<LabelSpec>::read(const Node& node, const std::string& name, const Rules& rules,
                                  LabelSpec& out) {
  out = {};
  if (node.is_list()) return Codec<std::vector<std::string>>::read(node, name, rules, out.names);
  if (!node.is_string()) return wrong_value(node, name, type(), rules);
  const std::string& written = node.as_string();
  const bool is_file = written.ends_with(".txt") || written.find('/') != written.npos;
  (is_file ? out.file : out.set) = is_file ? path_from(node, written) : written;
  return {};
}

template <>
Node TextCodec<LabelSpec>::write(const LabelSpec& value) {
  if (value.empty()) return {};
  if (!value.names.empty()) return Codec<std::vector<std::string>>::write(value.names);
  return Node::string(value.file.empty() ? value.set : value.file);
}

template <>
TypeDoc TextCodec<ShapeRange>::type() {
  return Codec<RangeFields>::type();
}

template <>
Status TextCodec<ShapeRange>::read(const Node& node, const std::string& name, const Rules& rules,
                                   ShapeRange& out) {
  RangeFields read;
  WEIR_TRY(Codec<RangeFields>::read(node, name, rules, read));
  if (read.fixed && (read.min || read.opt || read.max)) {
    return error_at(node, "'" + name + "' has 'fixed' and a range", "leave one of them out");
  }
  const std::optional<Shape> max = read.fixed ? read.fixed : read.max;
  if (!max) {
    return error_at(node, "'" + join_name(name, "max") + "' is missing",
                    "memory is taken for it once; write for example 'max: 8x3x640x640'");
  }
  out = {read.fixed ? *read.fixed : read.min.value_or(*max), read.opt.value_or(*max), *max};
  return check_range(out, node, name);
}

template <>
Node TextCodec<ShapeRange>::write(const ShapeRange& value) {
  if (value.min == value.max && value.opt == value.max) return Codec<Shape>::write(value.max);
  return Node::map({{"min", Codec<Shape>::write(value.min), {}},
                    {"opt", Codec<Shape>::write(value.opt), {}},
                    {"max", Codec<Shape>::write(value.max), {}}});
}

}  // namespace config
}  // namespace weir

#include "weir/backend/openvino/openvino_types.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <openvino/core/node.hpp>

namespace weir {
namespace {

// In the order of DType.
const std::array<ov::element::Type, kDTypeCount>& elements() {
  static const std::array<ov::element::Type, kDTypeCount> kElements = {
      ov::element::f32, ov::element::f16, ov::element::bf16,   ov::element::f64, ov::element::i8,
      ov::element::i16, ov::element::i32, ov::element::i64,    ov::element::u8,  ov::element::u16,
      ov::element::u32, ov::element::u64, ov::element::boolean};
  return kElements;
}

// The name that the file gives. A value may have gathered several; the Parameter, or the Result
// without the ending that the reader of ONNX adds, is called as in the file.
std::string name_of(const ov::Output<const ov::Node>& port) {
  constexpr std::string_view kSink = "/sink_port_0";
  std::string own = port.get_node()->get_friendly_name();
  if (own.size() > kSink.size() && own.ends_with(kSink)) own.resize(own.size() - kSink.size());
  const auto& names = port.get_names();
  if (names.empty() || names.count(own) != 0) return own;
  return *std::min_element(names.begin(), names.end());
}

}  // namespace

std::optional<DType> dtype_of(const ov::element::Type& type) {
  for (std::size_t i = 0; i < kDTypeCount; ++i) {
    if (elements()[i] == type) return static_cast<DType>(i);
  }
  return std::nullopt;
}

ov::element::Type element_of(DType dtype) {
  return elements()[static_cast<std::size_t>(dtype)];
}

Result<Shape> shape_of(const ov::Shape& shape) {
  std::array<int64_t, Shape::kMaxRank> sizes{};  // on the stack: this is asked for in every run
  std::copy_n(shape.begin(), std::min(shape.size(), sizes.size()), sizes.begin());
  return Shape::from(sizes.data(), shape.size());
}

ov::Shape openvino_shape(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

ov::PartialShape openvino_range(const ShapeRange& range) {
  ov::PartialShape shape;
  for (std::size_t i = 0; i < range.min.rank(); ++i) {
    shape.push_back(ov::Dimension(range.min[i], range.max[i]));
  }
  return shape;
}

Result<TensorInfo> info_of(const ov::Output<const ov::Node>& port, bool is_output) {
  TensorInfo info;
  info.name = name_of(port);
  const std::optional<DType> dtype = dtype_of(port.get_element_type());
  if (!dtype) {
    return Error(ErrorCode::kUnsupported,
                 std::string(is_output ? "output" : "input") + " '" + info.name + "' is of type " +
                     port.get_element_type().get_type_name() + ", which cannot be exchanged");
  }
  info.dtype = *dtype;
  const ov::PartialShape& shape = port.get_partial_shape();
  info.any_rank = shape.rank().is_dynamic();
  if (info.any_rank) return info;
  std::vector<int64_t> sizes;
  for (const ov::Dimension& dim : shape) {
    sizes.push_back(dim.is_static() ? dim.get_length() : Shape::kDynamic);
  }
  WEIR_ASSIGN(info.shape, Shape::from(sizes.data(), sizes.size()));
  return info;
}

ov::Tensor openvino_tensor(const TensorView& view, ov::Shape& shape) {
  shape.assign(view.shape.begin(), view.shape.end());
  return ov::Tensor(element_of(view.dtype), shape, view.data);
}

}  // namespace weir

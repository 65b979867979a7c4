#include "weir/media/npy.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/media/file_bytes.h"

namespace weir {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic("\x93NUMPY", 6);

// What numpy.dtype.str says without its byte order.
constexpr std::array<std::pair<std::string_view, DType>, 12> kTypes = {{{"f4", DType::kFloat32},
                                                                        {"f2", DType::kFloat16},
                                                                        {"f8", DType::kFloat64},
                                                                        {"i1", DType::kInt8},
                                                                        {"i2", DType::kInt16},
                                                                        {"i4", DType::kInt32},
                                                                        {"i8", DType::kInt64},
                                                                        {"u1", DType::kUInt8},
                                                                        {"u2", DType::kUInt16},
                                                                        {"u4", DType::kUInt32},
                                                                        {"u8", DType::kUInt64},
                                                                        {"b1", DType::kBool}}};

Error damaged(std::string_view what) {
  return Error(ErrorCode::kCorrupt, "a damaged .npy file: " + std::string(what));
}

// What follows `'key':` in the header, without leading blanks; nothing if the key is not there.
std::optional<std::string_view> after_key(std::string_view header, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::string quoted = quote + std::string(key) + quote;
    const std::size_t at = header.find(quoted);
    if (at == std::string_view::npos) continue;
    std::string_view rest = header.substr(at + quoted.size());
    const std::size_t value = rest.find_first_not_of(" :");
    if (value != std::string_view::npos) return rest.substr(value);
  }
  return std::nullopt;
}

Result<DType> read_type(std::string_view header) {
  const auto value = after_key(header, "descr");
  if (!value || value->empty()) return damaged("its header has no 'descr'");
  const std::size_t end = value->find(value->front(), 1);
  const bool quoted = value->front() == '\'' || value->front() == '"';
  if (!quoted || end == std::string_view::npos || end < 3) {
    return Error(ErrorCode::kUnsupported, "an array of records", "", "save each field by itself");
  }
  const std::string_view text = value->substr(1, end - 1);
  const char order = text.front();
  for (const auto& [name, type] : kTypes) {
    if (text.substr(1) != name) continue;
    if (order == '<' || order == '|' || order == '=') return type;
  }
  return Error(ErrorCode::kUnsupported, "an array of '" + std::string(text) + "'", "",
               "save it as little-endian numbers, say array.astype('<f4')");
}

Result<Shape> read_shape(std::string_view header) {
  auto value = after_key(header, "shape");
  if (!value || !value->starts_with('(')) return damaged("its header has no 'shape'");
  std::vector<int64_t> sizes;
  std::string_view rest = value->substr(1);
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(", "), rest.size()));
    if (rest.starts_with(')')) break;
    int64_t size = -1;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
    if (error != std::errc() || size < 0) return damaged("its shape cannot be read");
    sizes.push_back(size);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (sizes.size() > Shape::kMaxRank) {
      return Error(ErrorCode::kUnsupported, "an array of more than 8 dimensions");
    }
  }
  return Shape::from(sizes.data(), sizes.size());
}

struct Layout {
  DType type = DType::kFloat32;
  Shape shape;
  std::size_t data_at = 0;
};

Result<Layout> read_layout(std::span<const uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kMagic)) {
    return Error(ErrorCode::kUnsupported, "not a .npy file", "", "write it with numpy.save");
  }
  if (bytes.size() < 12) return damaged("it ends in its header");
  const int version = bytes[6];
  if (version < 1 || version > 3) {
    return Error(ErrorCode::kUnsupported, "a .npy file of version " + std::to_string(version), "",
                 "versions 1 to 3 are read");
  }
  const std::size_t begin = version == 1 ? 10 : 12;
  std::size_t length = bytes[8] | std::size_t{bytes[9]} << 8;
  if (version > 1) length |= std::size_t{bytes[10]} << 16 | std::size_t{bytes[11]} << 24;
  if (length > bytes.size() - begin) return damaged("it ends in its header");
  const std::string_view header = text.substr(begin, length);
  Layout layout;
  layout.data_at = begin + length;
  WEIR_ASSIGN(layout.type, read_type(header));
  WEIR_ASSIGN(layout.shape, read_shape(header));
  const auto order = after_key(header, "fortran_order");
  if (!order) return damaged("its header has no 'fortran_order'");
  if (order->starts_with("True") && layout.shape.rank() > 1) {
    return Error(ErrorCode::kUnsupported, "an array in Fortran order", "",
                 "save numpy.ascontiguousarray(array)");
  }
  return layout;
}

Result<Tensor> decode(std::span<const uint8_t> bytes) {
  WEIR_ASSIGN(const Layout layout, read_layout(bytes));
  const auto elements = layout.shape.elements();
  const auto there = static_cast<int64_t>((bytes.size() - layout.data_at) / size_of(layout.type));
  if (!elements || *elements > there) {
    return damaged("it holds " + std::to_string(there) + " numbers, its shape " +
                   to_string(layout.shape) + " needs more");
  }
  WEIR_ASSIGN(Tensor tensor, Tensor::allocate(layout.type, layout.shape));
  if (*elements > 0) {
    std::memcpy(tensor.view().data, bytes.data() + layout.data_at, tensor.view().bytes());
  }
  return tensor;
}

}  // namespace

Result<Tensor> decode_npy(std::span<const uint8_t> bytes, const std::string& where) {
  Result<Tensor> tensor = decode(bytes);
  if (!tensor) return std::move(tensor).error().at(where);
  return tensor;
}

Result<Tensor> read_npy(const std::string& path) {
  WEIR_ASSIGN(const std::vector<uint8_t> bytes, read_file_bytes(path, "NumPy", kMaxNpyBytes));
  return decode_npy(bytes, path);
}

}  // namespace weir

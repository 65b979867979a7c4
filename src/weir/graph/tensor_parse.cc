#include "weir/graph/tensor_parse.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace weir::graph {
namespace {

template <class T>
void decode(std::string_view raw, std::vector<double>& to) {
  for (std::size_t at = 0; at + sizeof(T) <= raw.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, raw.data() + at, sizeof value);
    to.push_back(static_cast<double>(value));
  }
}

// The elements as numbers, for the types that shapes and scales are written in.
void decode_as(ElementType type, std::string_view raw, std::vector<double>& to) {
  switch (type) {
    case ElementType::kFloat32:
      return decode<float>(raw, to);
    case ElementType::kFloat64:
      return decode<double>(raw, to);
    case ElementType::kInt64:
      return decode<int64_t>(raw, to);
    case ElementType::kInt32:
      return decode<int32_t>(raw, to);
    case ElementType::kUInt8:
    case ElementType::kBool:
      return decode<uint8_t>(raw, to);
    case ElementType::kInt8:
      return decode<int8_t>(raw, to);
    default:
      return;
  }
}

Result<int64_t> elements_of(const std::vector<int64_t>& dims) {
  int64_t product = 1;
  for (const int64_t dim : dims) {
    if (dim < 0) {
      return Error(ErrorCode::kCorrupt, "a tensor has a size of " + std::to_string(dim));
    }
    if (__builtin_mul_overflow(product, dim, &product) || product > (int64_t{1} << 56)) {
      return Error(ErrorCode::kCorrupt, "a tensor has an absurd shape");
    }
  }
  return product;
}

uint64_t bytes_of(ElementType type, int64_t elements) {
  return (static_cast<uint64_t>(elements) * static_cast<uint64_t>(bits_of(type)) + 7) / 8;
}

void note(std::vector<std::string>& notes, std::string text) {
  if (notes.size() < kMaxNotes) notes.push_back(std::move(text));
}

}  // namespace

Status ParseBudget::take(std::size_t objects) {
  if (objects > objects_) {
    return Error(ErrorCode::kExhausted, "the model has more than " + std::to_string(kMaxObjects) +
                                            " nodes, tensors, edges and attributes");
  }
  objects_ -= objects;
  return {};
}

Status ParseBudget::take_text(std::size_t bytes) {
  if (bytes > text_) {
    return Error(ErrorCode::kExhausted, "the names in the model are longer than " +
                                            std::to_string(kMaxTotalText >> 20U) + " MiB");
  }
  text_ -= bytes;
  return {};
}

Status ParseBudget::take_numbers(std::size_t count) {
  if (count > numbers_) {
    return Error(ErrorCode::kExhausted, "the model has more than " + std::to_string(kMaxNumbers) +
                                            " small constants and attributes");
  }
  numbers_ -= count;
  return {};
}

// A tensor's fields may come in any order, so its data is looked at when all of them are there.
struct TensorParser::Parts {
  ParsedTensor tensor;
  std::string name;
  std::optional<ByteRange> raw;
  uint64_t listed = 0;  // elements in the typed lists
  uint64_t strings = 0;
  bool external = false;
  uint64_t external_bytes = 0;
};

Result<ParsedTensor> TensorParser::read(ByteRange range, std::string* name,
                                        std::vector<std::string>& notes) {
  Parts parts;
  WEIR_TRY(each_field(source_, range,
                      [&](const Field& field) -> Status { return read_part(field, parts); }));
  WEIR_TRY(finish(parts, notes));
  if (name != nullptr) *name = std::move(parts.name);
  return std::move(parts.tensor);
}

Status TensorParser::read_part(const Field& field, Parts& parts) {
  ParsedTensor& tensor = parts.tensor;
  switch (field.number) {
    case 1: {
      bool too_many = false;
      WEIR_TRY(each_integer(source_, field, "dims", [&](int64_t dim) {
        too_many = too_many || tensor.dims.size() == kMaxRank;
        if (!too_many) tensor.dims.push_back(dim);
      }));
      if (too_many) return Error(ErrorCode::kCorrupt, "a tensor has too many dimensions");
      return {};
    }
    case 2: {
      WEIR_ASSIGN(const int64_t type, integer_of(field, "data_type"));
      tensor.type = element_type_of(type);
      return {};
    }
    case 4:
    case 10:
      return read_reals(field, tensor.content, parts.listed);
    case 5:
    case 7:
    case 11: {
      std::vector<int64_t> values;
      WEIR_TRY(read_integers(field, values, parts.listed));
      const std::size_t room = kMaxKept - std::min(kMaxKept, tensor.content.size());
      values.resize(std::min(values.size(), room));
      tensor.content.insert(tensor.content.end(), values.begin(), values.end());
      return {};
    }
    case 6:
      ++parts.strings;
      return {};
    case 8: {
      WEIR_ASSIGN(parts.name, text_of(source_, field, kMaxNameBytes, "tensor name"));
      return budget_.take_text(parts.name.size());
    }
    case 9: {
      WEIR_ASSIGN(parts.raw, range_of(field, "raw_data"));
      return {};
    }
    case 13: {
      WEIR_ASSIGN(const ByteRange range, range_of(field, "external_data"));
      return read_external(range, parts);
    }
    case 14: {
      WEIR_ASSIGN(const int64_t location, integer_of(field, "data_location"));
      parts.external = location == 1;
      return {};
    }
    default:
      return {};
  }
}

Status TensorParser::read_external(ByteRange range, Parts& parts) {
  std::string key;
  std::string value;
  WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
    if (field.number > 2) return {};
    std::string& to = field.number == 1 ? key : value;
    WEIR_ASSIGN(to, text_of(source_, field, kMaxNameBytes, "external_data"));
    return budget_.take_text(to.size());
  }));
  if (key == "location") parts.tensor.external_file = value;
  if (key == "length") {
    std::from_chars(value.data(), value.data() + value.size(), parts.external_bytes);
  }
  return {};
}

Status TensorParser::finish(Parts& parts, std::vector<std::string>& notes) {
  ParsedTensor& tensor = parts.tensor;
  WEIR_ASSIGN(tensor.elements, elements_of(tensor.dims));
  if (tensor.type == ElementType::kUndefined) {
    note(notes, "tensor '" + parts.name.substr(0, 80) + "' has no known element type");
  }
  const uint64_t expected = bytes_of(tensor.type, tensor.elements);
  if (parts.external) {
    tensor.bytes = parts.external_bytes != 0 ? parts.external_bytes : expected;
    tensor.content.clear();
    return {};
  }
  tensor.external_file.clear();
  if (parts.raw) {
    tensor.bytes = parts.raw->size();
    if (tensor.bytes != expected && bits_of(tensor.type) != 0) {
      note(notes, "tensor '" + parts.name.substr(0, 80) + "' should hold " +
                      std::to_string(expected) + " bytes and holds " +
                      std::to_string(tensor.bytes));
    }
    return decode_raw(parts);
  }
  tensor.bytes = expected;
  const auto elements = static_cast<uint64_t>(tensor.elements);
  if (elements > kMaxKept || parts.listed != elements) tensor.content.clear();
  if (parts.listed < elements && parts.strings < elements && bits_of(tensor.type) >= 8 &&
      tensor.type != ElementType::kComplex64 && tensor.type != ElementType::kComplex128) {
    note(notes, "tensor '" + parts.name.substr(0, 80) + "' should hold " +
                    std::to_string(elements) + " elements and holds " +
                    std::to_string(parts.listed));
  }
  return {};
}

Status TensorParser::decode_raw(Parts& parts) {
  ParsedTensor& tensor = parts.tensor;
  tensor.content.clear();
  const bool small = static_cast<uint64_t>(tensor.elements) <= kMaxKept;
  if (!small || tensor.bytes != bytes_of(tensor.type, tensor.elements)) return {};
  WEIR_ASSIGN(const std::string_view raw,
              source_.peek(parts.raw->begin, static_cast<std::size_t>(tensor.bytes)));
  decode_as(tensor.type, raw, tensor.content);
  return budget_.take_numbers(tensor.content.size());
}

Status TensorParser::read_integers(const Field& field, std::vector<int64_t>& to, uint64_t& count) {
  const std::size_t before = to.size();
  WEIR_TRY(each_integer(source_, field, "integers", [&](int64_t value) {
    if (to.size() < kMaxKept) to.push_back(value);
    ++count;
  }));
  return budget_.take_numbers(to.size() - before);
}

// Floats and doubles are told apart by their wire type, or, packed, by who asks: float lists are
// four bytes an element, and double_data is field 10 of a tensor only.
Status TensorParser::read_reals(const Field& field, std::vector<double>& to, uint64_t& count) {
  const bool wide = field.number == 10 || field.type == WireType::kFixed64;
  const std::size_t size = wide ? sizeof(double) : sizeof(float);
  const auto keep = [&](std::string_view raw) {
    if (raw.size() == size && to.size() < kMaxKept) {
      wide ? decode<double>(raw, to) : decode<float>(raw, to);
    }
  };
  if (field.type != WireType::kBytes) {
    char raw[sizeof field.value];
    std::memcpy(raw, &field.value, sizeof raw);
    keep({raw, size});
    ++count;
    return budget_.take_numbers(1);
  }
  const std::size_t before = to.size();
  count += field.range.size() / size;
  for (uint64_t at = field.range.begin; at < field.range.end && to.size() < kMaxKept; at += size) {
    const uint64_t left = field.range.end - at;
    WEIR_ASSIGN(const std::string_view raw,
                source_.peek(at, static_cast<std::size_t>(std::min<uint64_t>(size, left))));
    if (raw.size() < size) break;
    keep(raw);
  }
  return budget_.take_numbers(to.size() - before);
}

Status TensorParser::read_float(const Field& field, float& to) {
  if (field.type != WireType::kFixed32) {
    return Error(ErrorCode::kCorrupt, "an attribute's number is not a float");
  }
  const auto bits = static_cast<uint32_t>(field.value);
  std::memcpy(&to, &bits, sizeof to);
  return {};
}

}  // namespace weir::graph

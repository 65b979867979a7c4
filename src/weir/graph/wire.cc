#include "weir/graph/wire.h"

#include <algorithm>
#include <cstring>

namespace weir::graph {
namespace {

constexpr std::size_t kMaxVarintBytes = 10;

Error corrupt(const std::string& what, uint64_t at) {
  return Error(ErrorCode::kCorrupt, what + " at byte " + std::to_string(at), "",
               "the file is damaged, cut short, or not an ONNX model");
}

Result<uint64_t> read_fixed(ByteSource& source, uint64_t& at, uint64_t end, std::size_t size) {
  if (end - at < size) return corrupt("a number runs past the end", at);
  WEIR_ASSIGN(const std::string_view bytes, source.peek(at, size));
  uint64_t value = 0;
  std::memcpy(&value, bytes.data(), std::min(size, bytes.size()));
  at += size;
  return value;
}

Error wrong_type(const Field& field, const char* what) {
  return Error(ErrorCode::kCorrupt,
               std::string("field ") + std::to_string(field.number) + " (" + what +
                   ") has wire type " + std::to_string(static_cast<int>(field.type)),
               "", "this is not an ONNX model, or it is damaged");
}

}  // namespace

Result<uint64_t> read_varint(ByteSource& source, uint64_t& at, uint64_t end) {
  const auto limit = static_cast<std::size_t>(std::min<uint64_t>(kMaxVarintBytes, end - at));
  WEIR_ASSIGN(const std::string_view bytes, source.peek(at, limit));
  uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value |= uint64_t{byte & 0x7fU} << (7 * i);
    if ((byte & 0x80U) == 0) {
      at += i + 1;
      return value;
    }
  }
  return corrupt(
      limit < kMaxVarintBytes ? "a number runs past the end" : "a number of more than ten bytes",
      at);
}

Result<Field> read_field(ByteSource& source, uint64_t& at, uint64_t end) {
  const uint64_t start = at;
  WEIR_ASSIGN(const uint64_t tag, read_varint(source, at, end));
  const uint64_t number = tag >> 3U;
  if (number == 0 || number >= (uint64_t{1} << 29U)) return corrupt("no field of protobuf", start);
  Field field{static_cast<uint32_t>(number), static_cast<WireType>(tag & 7U), 0, {}};
  switch (field.type) {
    case WireType::kVarint: {
      WEIR_ASSIGN(field.value, read_varint(source, at, end));
      return field;
    }
    case WireType::kFixed64: {
      WEIR_ASSIGN(field.value, read_fixed(source, at, end, 8));
      return field;
    }
    case WireType::kFixed32: {
      WEIR_ASSIGN(field.value, read_fixed(source, at, end, 4));
      return field;
    }
    case WireType::kBytes: {
      WEIR_ASSIGN(const uint64_t size, read_varint(source, at, end));
      if (size > end - at) {
        return corrupt("field " + std::to_string(number) + " says " + std::to_string(size) +
                           " bytes where " + std::to_string(end - at) + " are left",
                       start);
      }
      field.range = {at, at + size};
      at += size;
      return field;
    }
  }
  return corrupt("a field of a type that ONNX does not use", start);
}

Result<int64_t> integer_of(const Field& field, const char* what) {
  if (field.type != WireType::kVarint) return wrong_type(field, what);
  return static_cast<int64_t>(field.value);
}

Result<ByteRange> range_of(const Field& field, const char* what) {
  if (field.type != WireType::kBytes) return wrong_type(field, what);
  return field.range;
}

Result<std::string> text_of(ByteSource& source, const Field& field, std::size_t limit,
                            const char* what) {
  WEIR_ASSIGN(const ByteRange range, range_of(field, what));
  if (range.size() > limit) {
    return Error(ErrorCode::kExhausted,
                 std::string(what) + " is longer than " + std::to_string(limit) + " bytes");
  }
  WEIR_ASSIGN(const std::string_view bytes,
              source.peek(range.begin, static_cast<std::size_t>(range.size())));
  return std::string(bytes);
}

}  // namespace weir::graph

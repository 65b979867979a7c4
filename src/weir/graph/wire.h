// A reader of the protobuf wire format: fields of a message, one after the other. It allocates
// nothing from a length that it reads, and a field that runs past its message is an error.
//
//   Status status = each_field(source, whole, [&](const Field& field) -> Status {
//     if (field.number == 7) return read_graph(field);
//     return {};                                       // unknown fields are skipped
//   });
#pragma once

#include <cstdint>
#include <string>

#include "weir/base/result.h"
#include "weir/graph/byte_source.h"

namespace weir::graph {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct ByteRange {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t size() const { return end - begin; }
};

struct Field {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t value = 0;  // of a varint or a fixed field
  ByteRange range;     // of a kBytes field: where its contents lie
};

// Reads the varint at `at` and moves `at` behind it; nothing of it may lie at or after `end`.
Result<uint64_t> read_varint(ByteSource& source, uint64_t& at, uint64_t end);
// Reads the field at `at` and moves `at` behind it, not into it.
Result<Field> read_field(ByteSource& source, uint64_t& at, uint64_t end);

// Checks on a field that has been read; `what` names it in the error.
Result<int64_t> integer_of(const Field& field, const char* what);
Result<ByteRange> range_of(const Field& field, const char* what);
// The text of a kBytes field; longer than `limit` bytes is an error.
Result<std::string> text_of(ByteSource& source, const Field& field, std::size_t limit,
                            const char* what);

template <class Visit>
Status each_field(ByteSource& source, ByteRange message, Visit&& visit) {
  uint64_t at = message.begin;
  while (at < message.end) {
    WEIR_ASSIGN(const Field field, read_field(source, at, message.end));
    WEIR_TRY(visit(field));
  }
  return {};
}

// The integers of a repeated field, packed or single: calls visit(int64_t).
template <class Visit>
Status each_integer(ByteSource& source, const Field& field, const char* what, Visit&& visit) {
  if (field.type != WireType::kBytes) {
    WEIR_ASSIGN(const int64_t value, integer_of(field, what));
    visit(value);
    return {};
  }
  uint64_t at = field.range.begin;
  while (at < field.range.end) {
    WEIR_ASSIGN(const uint64_t value, read_varint(source, at, field.range.end));
    visit(static_cast<int64_t>(value));
  }
  return {};
}

}  // namespace weir::graph

// Writes the protobuf wire format by hand, so that tests need neither protobuf nor the onnx
// package.
//
//   ProtoWriter tensor;
//   tensor.varint(2, 1).bytes(8, "weights");
//   model.message(5, tensor);
//
// Test-only. Thread-compatible.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

class ProtoWriter {
 public:
  ProtoWriter& varint(uint32_t field, int64_t value) {
    put(uint64_t{field} << 3U);
    put(static_cast<uint64_t>(value));
    return *this;
  }
  ProtoWriter& bytes(uint32_t field, std::string_view value) {
    put((uint64_t{field} << 3U) | 2U);
    put(value.size());
    out_.append(value);
    return *this;
  }
  ProtoWriter& float32(uint32_t field, float value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    put((uint64_t{field} << 3U) | 5U);
    out_.append(raw, sizeof raw);
    return *this;
  }
  ProtoWriter& packed(uint32_t field, const std::vector<int64_t>& values) {
    ProtoWriter inner;
    for (const int64_t value : values) inner.put(static_cast<uint64_t>(value));
    return bytes(field, inner.out_);
  }
  ProtoWriter& message(uint32_t field, const ProtoWriter& inner) {
    return bytes(field, inner.out_);
  }
  // Bytes as they are: another message's fields, or damage.
  ProtoWriter& append(std::string_view raw) {
    out_.append(raw);
    return *this;
  }

  const std::string& str() const { return out_; }

 private:
  void put(uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out_.push_back(static_cast<char>(value | 0x80U));
    out_.push_back(static_cast<char>(value));
  }

  std::string out_;
};

}  // namespace weir::test

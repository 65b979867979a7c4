// SHA-256 (FIPS 180-4): how every fetched file is known to be the one that was meant.
//
//   Sha256 hash;
//   hash.update(bytes);
//   hash.hex();                                   // "e3b0c442…", 64 lower-case digits
//   WEIR_ASSIGN(auto digest, sha256_of_file(path));
//
// A Sha256 is a value and belongs to one thread. Not for secrets: it makes no claim about timing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir::catalogue {

class Sha256 {
 public:
  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(std::as_bytes(std::span(text))); }
  // The digest of everything so far; more may be added afterwards.
  std::string hex() const;

 private:
  void take_block(const uint8_t* block);
  // Adds the end mark and the length: only on a copy, in hex().
  void pad();

  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, 64> pending_ = {};
  uint64_t bytes_ = 0;
};

Result<std::string> sha256_of_file(const std::filesystem::path& path);

// 64 lower-case hexadecimal digits?
bool looks_like_sha256(std::string_view text);

}  // namespace weir::catalogue

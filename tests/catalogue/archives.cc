#include "tests/catalogue/archives.h"

#include <stdlib.h>
#include <zlib.h>

#include <cassert>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace weir::catalogue::testing {
namespace {

void put(std::string& to, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> (8 * i));
}

std::string compress(std::string_view bytes, int window_bits) {
  z_stream stream = {};
  const int ready = deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  assert(ready == Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int code = deflate(&stream, Z_FINISH);
  assert(code == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string tar_block(std::string_view name, std::size_t size, char type) {
  std::string block(512, '\0');
  const auto at = [&](std::size_t offset, std::string_view text) {
    block.replace(offset, text.size(), text);
  };
  char octal[16];
  at(0, name.substr(0, 100));
  at(100, "0000644");
  std::snprintf(octal, sizeof octal, "%011zo", size);
  at(124, octal);
  at(148, "        ");
  block[156] = type;
  at(257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  std::snprintf(octal, sizeof octal, "%06o", sum);
  at(148, std::string_view(octal, 7));
  return block;
}

std::string padded(std::string data) {
  data.resize((data.size() + 511) / 512 * 512, '\0');
  return data;
}

std::string pax_record(const std::string& key_and_value) {
  std::size_t length = key_and_value.size() + 2;
  while (std::to_string(length).size() + key_and_value.size() + 2 != length) ++length;
  return std::to_string(length) + " " + key_and_value + "\n";
}

}  // namespace

std::string raw_deflate(std::string_view bytes) {
  return compress(bytes, -MAX_WBITS);
}
std::string gzip(std::string_view bytes) {
  return compress(bytes, MAX_WBITS + 16);
}

std::string make_zip(const std::vector<Member>& members) {
  std::string file, directory;
  for (const Member& member : members) {
    const std::string packed = member.deflate ? raw_deflate(member.data) : member.data;
    const uint64_t header_at = file.size();
    std::string common;
    put(common, 0, 2);
    put(common, member.deflate ? 8 : 0, 2);
    put(common, 0, 4);
    put(common,
        crc32(0, reinterpret_cast<const Bytef*>(member.data.data()),
              static_cast<uInt>(member.data.size())),
        4);
    put(common, packed.size(), 4);
    put(common, member.data.size(), 4);
    put(common, member.name.size(), 2);
    put(file, 0x04034b50, 4);
    put(file, 20, 2);
    file += common;
    put(file, 0, 2);
    file += member.name + packed;
    put(directory, 0x02014b50, 4);
    put(directory, 3 << 8 | 20, 2);
    put(directory, 20, 2);
    directory += common;
    put(directory, 0, 2);  // extra
    put(directory, 0, 2);  // comment
    put(directory, 0, 2);  // volume
    put(directory, 0, 2);
    put(directory, uint64_t{member.unix_mode} << 16, 4);
    put(directory, header_at, 4);
    directory += member.name;
  }
  const uint64_t directory_at = file.size();
  file += directory;
  put(file, 0x06054b50, 4);
  put(file, 0, 4);
  put(file, members.size(), 2);
  put(file, members.size(), 2);
  put(file, directory.size(), 4);
  put(file, directory_at, 4);
  put(file, 0, 2);
  return file;
}

std::string make_tar(const std::vector<Member>& members, LongNames style) {
  std::string tar;
  for (const Member& member : members) {
    if (member.name.size() > 100 && style == LongNames::kPax) {
      const std::string records = pax_record("mtime=1.5") + pax_record("path=" + member.name);
      tar += tar_block("PaxHeaders/x", records.size(), 'x') + padded(records);
    } else if (member.name.size() > 100 && style == LongNames::kGnu) {
      tar += tar_block("././@LongLink", member.name.size() + 1, 'L');
      tar += padded(member.name + '\0');
    }
    const bool has_data = member.type == '0';
    tar += tar_block(member.name, has_data ? member.data.size() : 0, member.type);
    if (has_data) tar += padded(member.data);
  }
  return tar + std::string(1024, '\0');
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  assert(file.good());
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "weir_test_XXXXXX").string();
  const char* made = mkdtemp(name.data());
  assert(made != nullptr);
  path_ = made;
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ScopedEnvironment::ScopedEnvironment(std::string name, const std::string& value)
    : name_(std::move(name)) {
  if (const char* before = std::getenv(name_.c_str())) {
    before_ = before;
    was_set_ = true;
  }
  setenv(name_.c_str(), value.c_str(), 1);
}
ScopedEnvironment::~ScopedEnvironment() {
  if (was_set_) {
    setenv(name_.c_str(), before_.c_str(), 1);
  } else {
    unsetenv(name_.c_str());
  }
}

}  // namespace weir::catalogue::testing

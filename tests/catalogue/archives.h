// Builds small archives for the tests, so that none is committed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace weir::catalogue::testing {

struct Member {
  std::string name;
  std::string data;
  bool deflate = false;          // zip
  uint32_t unix_mode = 0100644;  // zip: 0120777 is a link
  char type = '0';               // tar: '2' is a link
};

std::string make_zip(const std::vector<Member>& members);
enum class LongNames { kUstar, kPax, kGnu };
std::string make_tar(const std::vector<Member>& members, LongNames style = LongNames::kUstar);
std::string gzip(std::string_view bytes);
std::string raw_deflate(std::string_view bytes);

void write_file(const std::filesystem::path& path, std::string_view bytes);
std::string read_file(const std::filesystem::path& path);

// A folder of its own that goes away with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Sets an environment variable until the end of the scope.
class ScopedEnvironment {
 public:
  ScopedEnvironment(std::string name, const std::string& value);
  ~ScopedEnvironment();
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  std::string name_;
  std::string before_;
  bool was_set_ = false;
};

}  // namespace weir::catalogue::testing

#include "apps/cli/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

// The number after `key` in a file like /proc/meminfo; 0 if it is not there.
uint64_t field_of(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key)) return std::strtoull(line.c_str() + key.size(), nullptr, 10);
  }
  return 0;
}

// A file that holds one number, or a word like "max".
uint64_t number_in(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  file >> text;
  return std::strtoull(text.c_str(), nullptr, 10);
}

std::string distribution() {
  std::ifstream file("/etc/os-release");
  const std::string key = "PRETTY_NAME=\"";
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key)) return line.substr(key.size(), line.size() - key.size() - 1);
  }
  return "";
}

}  // namespace

Memory read_memory(const std::string& root) {
  Memory memory;
  memory.total_bytes = field_of(root + "/proc/meminfo", "MemTotal:") * 1024;
  memory.available_bytes = field_of(root + "/proc/meminfo", "MemAvailable:") * 1024;
  for (const char* file :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    const uint64_t limit = number_in(root + file);
    if (limit > 0 && limit < memory.total_bytes) memory.limit_bytes = limit;
  }
  return memory;
}

std::string system_name() {
  utsname kernel{};
  if (uname(&kernel) != 0) return distribution();
  const std::string name = distribution();
  return name + (name.empty() ? "" : ", ") + kernel.sysname + " " + kernel.release + " " +
         kernel.machine;
}

std::optional<std::string> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string program = folder + "/" + name;
    if (!folder.empty() && access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

FolderSize folder_size(const std::string& folder) {
  FolderSize size;
  std::error_code error;
  size.exists = fs::is_directory(folder, error);
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(folder, options, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code of_file;
    if (!entry->is_regular_file(of_file) || entry->is_symlink(of_file)) continue;
    const uint64_t bytes = entry->file_size(of_file);
    if (of_file) continue;
    size.bytes += bytes;
    ++size.files;
  }
  return size;
}

std::string cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string(cache) + "/weir";
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "" : home) + "/.cache/weir";
}

}  // namespace weir::cli

// Facts about the machine that only `weir doctor` asks for; see base/cpu.h for the processor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace weir::cli {

struct Memory {
  uint64_t total_bytes = 0;
  uint64_t available_bytes = 0;
  uint64_t limit_bytes = 0;  // of the cgroup; 0: none
};

// Reads below `root` ("/" is the machine; tests have a folder of their own). Zeros where unknown.
Memory read_memory(const std::string& root);
// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64".
std::string system_name();
// Where a program is, looked up in PATH.
std::optional<std::string> find_program(const std::string& name);

struct FolderSize {
  bool exists = false;
  uint64_t files = 0;
  uint64_t bytes = 0;
};
// Everything below a folder; links are not followed, what cannot be read does not count.
FolderSize folder_size(const std::string& folder);

// $XDG_CACHE_HOME/weir, else ~/.cache/weir.
std::string cache_folder();

}  // namespace weir::cli

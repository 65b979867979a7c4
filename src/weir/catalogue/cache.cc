#include "weir/catalogue/cache.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "weir/catalogue/sha256.h"
#include "weir/catalogue/unique_fd.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;

constexpr int kLockTickMs = 20;
constexpr const char* kCheckedFile = ".checked";

Error failed(const std::string& what, const fs::path& path, int code = errno) {
  return Error(ErrorCode::kUnavailable, what + ": " + std::strerror(code), path.string());
}

Status make_folder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return failed("cannot make the folder", path, code.value());
  return {};
}

// What was true of a file when it was last hashed.
struct Checked {
  std::string sha256;
  int64_t bytes = 0;
  int64_t changed_ns = 0;
  bool operator==(const Checked&) const = default;
};

using CheckedFiles = std::map<std::string, Checked>;

CheckedFiles read_checked(const fs::path& folder) {
  CheckedFiles files;
  std::ifstream text(folder / kCheckedFile);
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    Checked checked;
    std::string name;
    if (words >> checked.sha256 >> checked.bytes >> checked.changed_ns >> name) {
      files[name] = checked;
    }
  }
  return files;
}

// Lost when two write at once: then a later look hashes once more. Never half-written.
void write_checked(const fs::path& folder, const std::string& name, const Checked& checked) {
  CheckedFiles files = read_checked(folder);
  files[name] = checked;
  std::string fresh = (folder / ".checked.XXXXXX").string();
  const UniqueFd fd(mkostemp(fresh.data(), O_CLOEXEC));
  if (!fd) return;
  std::string text;
  for (const auto& [key, value] : files) {
    text += value.sha256 + " " + std::to_string(value.bytes) + " " +
            std::to_string(value.changed_ns) + " " + key + "\n";
  }
  const bool written = ::write(fd.get(), text.data(), text.size()) == ssize_t(text.size());
  std::error_code ignored;
  if (written) fs::rename(fresh, folder / kCheckedFile, ignored);
  if (!written || ignored) fs::remove(fresh, ignored);
}

bool look_at(const fs::path& path, Checked& now) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  now.bytes = info.st_size;
  now.changed_ns = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  return true;
}

class FlockHeld final : public Cache::Lock {
 public:
  explicit FlockHeld(UniqueFd fd) : fd_(std::move(fd)) {}

 private:
  UniqueFd fd_;
};

Result<UniqueFd> wait_for_lock(const fs::path& path, const std::stop_token& stop) {
  WEIR_TRY(make_folder(path.parent_path()));
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) return failed("cannot open the lock", path);
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return failed("cannot lock", path);
    if (stop.stop_requested()) {
      return Error(ErrorCode::kCancelled, "cancelled while another process was pulling the same",
                   path.string());
    }
    poll(nullptr, 0, kLockTickMs);
  }
  return fd;
}

class StagingFolder final : public Cache::Staging {
 public:
  StagingFolder(fs::path path, UniqueFd held) : path_(std::move(path)), held_(std::move(held)) {}
  ~StagingFolder() override {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const override { return path_; }

 private:
  fs::path path_;
  UniqueFd held_;  // locked: its owner lives
};

// A folder that nobody holds a lock on belonged to a process that was killed.
void sweep(const fs::path& staging) {
  std::error_code ignored;
  for (const fs::directory_entry& folder : fs::directory_iterator(staging, ignored)) {
    const UniqueFd fd(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd && flock(fd.get(), LOCK_EX | LOCK_NB) == 0) fs::remove_all(folder.path(), ignored);
  }
}

// Of a file, or of all files in a folder and below it; 0 if there is none.
int64_t bytes_under(const fs::path& path) {
  const auto size_of = [](const fs::path& file) {
    Checked seen;
    return look_at(file, seen) ? seen.bytes : 0;
  };
  std::error_code code;
  if (!fs::is_directory(path, code)) return size_of(path);
  int64_t sum = 0;
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto at = fs::recursive_directory_iterator(path, options, code);
       !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
    sum += size_of(at->path());
  }
  return sum;
}

Status flush_to_disk(const fs::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) != 0) return failed("cannot flush to the disk", path);
  return {};
}

}  // namespace

std::string_view name(EntryState state) {
  switch (state) {
    case EntryState::kAbsent:
      return "absent";
    case EntryState::kPresent:
      return "present";
    case EntryState::kCorrupt:
      break;
  }
  return "corrupt";
}

Cache Cache::of_user() {
  const auto folder = [](const char* variable) -> fs::path {
    const char* value = std::getenv(variable);
    return value != nullptr ? value : "";
  };
  if (const fs::path own = folder("WEIR_CACHE"); !own.empty()) return Cache(own);
  const fs::path user = folder("XDG_CACHE_HOME");
  return Cache((user.empty() ? folder("HOME") / ".cache" : user) / "weir" / "models");
}

fs::path Cache::folder(const Entry& entry) const {
  if (!entry.path.empty()) {
    std::error_code ignored;
    const fs::path path = entry.path;
    return fs::is_directory(path, ignored) ? path : path.parent_path();
  }
  return root_ / entry.name / entry.content_key();
}

fs::path Cache::file(const Entry& entry, const EntryFile& file) const {
  if (entry.path.empty()) return folder(entry) / file.file_name();
  if (file.file_name().empty()) return entry.path;
  return folder(entry) / (file.member.empty() ? file.as : file.member);
}

int64_t Cache::bytes(const Entry& entry) const {
  if (entry.files.empty()) return entry.path.empty() ? 0 : bytes_under(entry.path);
  int64_t sum = 0;
  for (const EntryFile& one : entry.files) {
    const int64_t bytes = one.bytes != 0 ? one.bytes : bytes_under(file(entry, one));
    if (bytes == 0) return 0;
    sum += bytes;
  }
  return sum;
}

EntryState Cache::state(const Entry& entry, Look look) const {
  EntryState all = EntryState::kPresent;
  for (const EntryFile& file : entry.files) {
    const EntryState one = state(entry, file, look);
    if (one == EntryState::kAbsent) return one;
    if (one == EntryState::kCorrupt) all = one;
  }
  if (!entry.files.empty() || entry.path.empty()) return all;
  std::error_code ignored;
  if (!fs::exists(entry.path, ignored)) return EntryState::kAbsent;
  if (entry.sha256.empty()) return all;
  const Result<std::string> digest = sha256_of_file(entry.path);
  return digest && *digest == entry.sha256 ? all : EntryState::kCorrupt;
}

EntryState Cache::state(const Entry& entry, const EntryFile& file, Look look) const {
  const fs::path place = folder(entry);
  const fs::path path = this->file(entry, file);
  Checked now;
  if (!look_at(path, now)) return EntryState::kAbsent;
  if (file.bytes != 0 && file.bytes != now.bytes) return EntryState::kCorrupt;
  CheckedFiles checked = read_checked(place);
  const auto before = checked.find(file.file_name());
  // What has no pinned hash is held to the one that it was pulled with.
  now.sha256 = !file.sha256.empty()      ? file.sha256
               : before != checked.end() ? before->second.sha256
                                         : "";
  if (now.sha256.empty()) return EntryState::kPresent;
  if (look == Look::kQuick && before != checked.end() && before->second == now) {
    return EntryState::kPresent;
  }
  const Result<std::string> digest = sha256_of_file(path);
  if (!digest || *digest != now.sha256) return EntryState::kCorrupt;
  if (entry.path.empty()) write_checked(place, file.file_name(), now);
  return EntryState::kPresent;
}

Result<std::unique_ptr<Cache::Lock>> Cache::lock(const std::string& source,
                                                 const std::stop_token& stop) const {
  WEIR_ASSIGN(UniqueFd fd, wait_for_lock(root_ / ".locks" / (source + ".lock"), stop));
  return std::unique_ptr<Lock>(std::make_unique<FlockHeld>(std::move(fd)));
}

Result<std::unique_ptr<Cache::Staging>> Cache::stage() const {
  const fs::path staging = root_ / ".staging";
  WEIR_TRY(make_folder(staging));
  // Between making a folder and locking it, no other may sweep.
  WEIR_ASSIGN(const UniqueFd quiet, wait_for_lock(root_ / ".locks" / ".staging.lock", {}));
  sweep(staging);
  std::string path = (staging / "XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) return failed("cannot make a folder in", staging);
  UniqueFd held(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!held || flock(held.get(), LOCK_EX | LOCK_NB) != 0) return failed("cannot lock", path);
  return std::unique_ptr<Staging>(std::make_unique<StagingFolder>(path, std::move(held)));
}

Status Cache::place(const fs::path& staged, const Entry& entry, const EntryFile& file,
                    const std::string& sha256) const {
  const fs::path target = folder(entry);
  WEIR_TRY(make_folder(target));
  WEIR_TRY(flush_to_disk(staged));
  std::error_code code;
  fs::rename(staged, target / file.file_name(), code);
  if (code) return failed("cannot move the file into place", target, code.value());
  WEIR_TRY(flush_to_disk(target));
  Checked now;
  if (look_at(target / file.file_name(), now)) {
    now.sha256 = sha256;
    write_checked(target, file.file_name(), now);
  }
  return {};
}

}  // namespace weir::catalogue

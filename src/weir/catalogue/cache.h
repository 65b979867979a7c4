// Where pulled files lie, and how they get there whole or not at all.
//
//   <root>/<entry>/<content key>/<file>     the files, and .checked: what was hashed, and when
//   <root>/.locks/<source>.lock             one puller per source
//   <root>/.staging/XXXXXX/                 what is under way; swept when its owner is gone
//
// <root> is WEIR_CACHE, else ${XDG_CACHE_HOME:-~/.cache}/weir/models. A file is written in a
// staging folder of the same file system, flushed to the disk, and renamed into place. Locks are
// flock()s: they end with their process, however it ends. Any number of threads and processes may
// use the same root at once; a Cache itself is immutable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "weir/base/result.h"
#include "weir/catalogue/entry.h"

namespace weir::catalogue {

enum class EntryState { kAbsent, kPresent, kCorrupt };
// "absent", "present", "corrupt".
std::string_view name(EntryState state);

// How closely to look: at size and time of change against the last check, or at every byte.
enum class Look { kQuick, kFull };

class Cache {
 public:
  explicit Cache(std::filesystem::path root) : root_(std::move(root)) {}
  // From the environment.
  static Cache of_user();

  const std::filesystem::path& root() const { return root_; }
  // The folder of an entry's files; for `path:` entries the one that they lie in.
  std::filesystem::path folder(const Entry& entry) const;
  // What a `path:` entry names lies there under its member's whole name, subfolders and all.
  std::filesystem::path file(const Entry& entry, const EntryFile& file) const;
  // Of all its files: as the entry says, or as they lie there; 0 if one of them is not known.
  int64_t bytes(const Entry& entry) const;

  // kAbsent if any file is missing, kCorrupt if any is not what it should be. A quick look hashes
  // only what was changed since it was last hashed.
  EntryState state(const Entry& entry, Look look = Look::kQuick) const;
  EntryState state(const Entry& entry, const EntryFile& file, Look look = Look::kQuick) const;

  // Held until the object is destroyed. Waits for another holder; kCancelled if told to stop.
  class Lock {
   public:
    virtual ~Lock() = default;
  };
  Result<std::unique_ptr<Lock>> lock(const std::string& source,
                                     const std::stop_token& stop = {}) const;

  // A private folder that is removed with the object; folders of the dead are swept on the way.
  class Staging {
   public:
    virtual ~Staging() = default;
    virtual const std::filesystem::path& path() const = 0;
  };
  Result<std::unique_ptr<Staging>> stage() const;

  // Moves a checked file out of a staging folder into its place. `sha256` is its real digest.
  Status place(const std::filesystem::path& staged, const Entry& entry, const EntryFile& file,
               const std::string& sha256) const;

 private:
  std::filesystem::path root_;
};

}  // namespace weir::catalogue

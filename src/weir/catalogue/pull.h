// Brings an entry of the catalogue onto this machine, checked, once.
//
//   WEIR_ASSIGN(const Catalogue catalogue, Catalogue::load());
//   Puller puller(catalogue, Cache::of_user());
//   WEIR_ASSIGN(const Pulled yunet, puller.pull("yunet"));
//   open(yunet.files[0]);
//
// What is present is not fetched again, so a second pull needs no network. One archive is fetched
// once: every entry of the catalogue that it serves is taken out of it on the way. A mirror is
// looked at first. Parallel pulls, of threads or of processes, wait for each other. The catalogue
// is borrowed and must not be changed meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/catalogue/cache.h"
#include "weir/catalogue/catalogue.h"

namespace weir::catalogue {

struct PullOptions {
  // A line for the user: "fetching pip package mediapipe 0.10.21 (36 MB)". Called by the puller's
  // thread.
  std::function<void(const std::string& entry, const std::string& what)> progress = {};
  // Connect it to Ctrl-C: it kills the client that is under way and leaves nothing behind.
  std::stop_token stop = {};
  int64_t limit_ms = int64_t{30} * 60 * 1000;  // of one run of a client
  Look look = Look::kFull;                     // how closely to look at what is there already
  // Keep the fetched archives here, under the names that a mirror has them by.
  std::filesystem::path keep_archives = {};
};

struct Pulled {
  std::string name;
  std::filesystem::path folder;
  std::vector<std::filesystem::path> files;  // in the order of the entry
  bool fetched = false;                      // false: it was there already
};

class Puller {
 public:
  // `mirror`: folders with ':' between them; what WEIR_MIRROR says.
  Puller(const Catalogue& catalogue, Cache cache, const std::string& mirror = mirror_of_user());
  static std::string mirror_of_user();

  Result<Pulled> pull(const std::string& name, const PullOptions& options = {}) const;
  Result<Pulled> pull(const Entry& entry, const PullOptions& options = {}) const;
  // The files if they are there: never fetches. kUnavailable with the command to run if not.
  Result<Pulled> find(const std::string& name, Look look = Look::kQuick) const;

  const Cache& cache() const { return cache_; }

 private:
  struct Part;
  Result<Pulled> from_path(const Entry& entry) const;
  Pulled done(const Entry& entry, bool fetched) const;
  Status fetch(const Entry& entry, const PullOptions& options) const;
  std::vector<Part> missing_parts(const Entry& entry) const;
  Status take_from_mirror(Part& part, const PullOptions& options) const;
  Result<std::filesystem::path> get_archive(const Entry& entry,
                                            const std::filesystem::path& staging,
                                            const PullOptions& options) const;
  Status unpack(const std::filesystem::path& archive, std::vector<Part>& parts,
                const PullOptions& options) const;
  Status accept(Part& part) const;

  const Catalogue& catalogue_;
  Cache cache_;
  std::vector<std::filesystem::path> mirrors_;
};

}  // namespace weir::catalogue

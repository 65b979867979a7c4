#include "weir/catalogue/pull.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "weir/catalogue/archive.h"
#include "weir/catalogue/package_client.h"
#include "weir/catalogue/sha256.h"

namespace weir::catalogue {
namespace fs = std::filesystem;

// One file on its way: written to a staging folder and hashed as it comes.
struct Puller::Part {
  const Entry* entry = nullptr;
  const EntryFile* file = nullptr;
  bool asked_for = true;  // or another entry's, which the same archive serves
  bool placed = false;
  fs::path staged = {};
  std::string from = {};  // for messages
  std::unique_ptr<std::ofstream> out = {};
  Sha256 hash = {};
  int64_t bytes = 0;

  // Begins, or begins again.
  Status open() {
    out = std::make_unique<std::ofstream>(staged, std::ios::binary | std::ios::trunc);
    hash = Sha256();
    bytes = 0;
    if (*out) return {};
    return Error(ErrorCode::kUnavailable, "cannot write", staged.string());
  }

  Status take(std::span<const std::byte> piece) {
    hash.update(piece);
    bytes += static_cast<int64_t>(piece.size());
    if (file->bytes != 0 && bytes > file->bytes) return {};  // the size will tell; disk is spared
    out->write(reinterpret_cast<const char*>(piece.data()),
               static_cast<std::streamsize>(piece.size()));
    if (*out) return {};
    return Error(ErrorCode::kExhausted, "cannot write: is the disk full?", staged.string());
  }

  Status take_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return Error(ErrorCode::kNotFound, "cannot open the file", path.string());
    std::vector<char> buffer(1 << 18);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
      WEIR_TRY(take(std::as_bytes(std::span(buffer).first(static_cast<std::size_t>(in.gcount())))));
    }
    return {};
  }
};

namespace {

void tell(const PullOptions& options, const Entry& entry, const std::string& what) {
  if (options.progress) options.progress(entry.name, what);
}

std::string size_text(int64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, bytes < 10'000'000 ? "%.1f MB" : "%.0f MB",
                static_cast<double>(bytes) / 1e6);
  return text;
}

// What is fetched, in a few words.
std::string source_of(const Entry& entry) {
  if (entry.package) return entry.package->to_string();
  return entry.url.starts_with("file://") ? entry.url : "the url of " + entry.name;
}

// Names the lock that all who fetch the same thing share.
std::string lock_name(const Entry& entry) {
  Sha256 hash;
  hash.update(entry.package ? entry.package->to_string() : entry.url);
  const std::string what = entry.package ? entry.package->name() : entry.name;
  return what.substr(what.rfind('/') + 1) + "-" + hash.hex().substr(0, 12);
}

bool is_archive_of(const Package& package, const std::string& file) {
  if (!package.archive.empty()) return file == package.archive;
  return !package.apt.empty() && file.starts_with(package.apt + "_") && file.ends_with(".deb");
}

}  // namespace

Puller::Puller(const Catalogue& catalogue, Cache cache, const std::string& mirror)
    : catalogue_(catalogue), cache_(std::move(cache)) {
  std::istringstream folders(mirror);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (!folder.empty()) mirrors_.emplace_back(folder);
  }
}

std::string Puller::mirror_of_user() {
  const char* mirror = std::getenv("WEIR_MIRROR");
  return mirror != nullptr ? mirror : "";
}

Result<Pulled> Puller::pull(const std::string& name, const PullOptions& options) const {
  WEIR_ASSIGN(const Entry entry, catalogue_.find(name));
  return pull(entry, options);
}

Result<Pulled> Puller::find(const std::string& name, Look look) const {
  WEIR_ASSIGN(const Entry entry, catalogue_.find(name));
  if (!entry.path.empty()) return from_path(entry);
  if (cache_.state(entry, look) == EntryState::kPresent) return done(entry, false);
  return Error(ErrorCode::kUnavailable, "'" + name + "' is not on this machine yet", {},
               "run: weir pull " + name);
}

Result<Pulled> Puller::pull(const Entry& entry, const PullOptions& options) const {
  if (!entry.path.empty()) return from_path(entry);
  EntryState state = cache_.state(entry, options.look);
  if (state == EntryState::kPresent) return done(entry, false);
  if (state == EntryState::kCorrupt) tell(options, entry, "what is there is damaged");
  WEIR_ASSIGN(const auto lock, cache_.lock(lock_name(entry), options.stop));
  // Another puller may have brought it while we waited.
  state = cache_.state(entry, options.look);
  if (state == EntryState::kPresent) return done(entry, false);
  WEIR_TRY(fetch(entry, options));
  return done(entry, true);
}

Result<Pulled> Puller::from_path(const Entry& entry) const {
  const auto check = [&](const fs::path& path, EntryState state) -> Status {
    if (state == EntryState::kPresent) return {};
    const std::string name = "'" + path.string() + "'";
    if (state == EntryState::kAbsent) {
      return Error(ErrorCode::kNotFound, "there is no " + name, entry.origin);
    }
    return Error(ErrorCode::kCorrupt, name + " does not have the size or sha256 of its entry",
                 entry.origin);
  };
  for (const EntryFile& file : entry.files) {
    WEIR_TRY(check(cache_.file(entry, file), cache_.state(entry, file, Look::kFull)));
  }
  if (entry.files.empty()) WEIR_TRY(check(entry.path, cache_.state(entry, Look::kFull)));
  Pulled pulled = done(entry, false);
  std::error_code code;
  if (entry.files.empty() && !fs::is_directory(entry.path, code)) {
    pulled.files = {entry.path};
  } else if (entry.files.empty()) {
    for (const fs::directory_entry& file : fs::directory_iterator(entry.path, code)) {
      if (file.is_regular_file(code)) pulled.files.push_back(file.path());
    }
    std::sort(pulled.files.begin(), pulled.files.end());
  }
  return pulled;
}

Pulled Puller::done(const Entry& entry, bool fetched) const {
  Pulled pulled{entry.name, cache_.folder(entry), {}, fetched};
  for (const EntryFile& file : entry.files) pulled.files.push_back(cache_.file(entry, file));
  return pulled;
}

std::vector<Puller::Part> Puller::missing_parts(const Entry& entry) const {
  std::vector<Part> parts;
  const auto add = [&](const Entry& from, bool asked_for) {
    for (const EntryFile& file : from.files) {
      const Look look = asked_for ? Look::kFull : Look::kQuick;
      if (cache_.state(from, file, look) == EntryState::kPresent) continue;
      Part part;
      part.entry = &from;
      part.file = &file;
      part.asked_for = asked_for;
      parts.push_back(std::move(part));
    }
  };
  add(entry, true);
  for (const Entry& other : catalogue_.entries()) {
    if (entry.package && other.package == entry.package && other.name != entry.name) {
      add(other, false);
    }
  }
  return parts;
}

Status Puller::fetch(const Entry& entry, const PullOptions& options) const {
  WEIR_ASSIGN(const auto staging, cache_.stage());
  std::vector<Part> parts = missing_parts(entry);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].staged = staging->path() / ("part" + std::to_string(i));
    WEIR_TRY(parts[i].open());
    if (parts[i].asked_for) WEIR_TRY(take_from_mirror(parts[i], options));
  }
  const auto needed = [](const Part& part) { return part.asked_for && !part.placed; };
  if (std::none_of(parts.begin(), parts.end(), needed)) return {};
  const fs::path folder = staging->path() / "archive";
  std::error_code code;
  fs::create_directory(folder, code);
  WEIR_ASSIGN(const fs::path archive, get_archive(entry, folder, options));
  tell(options, entry, "unpacking and checking");
  return unpack(archive, parts, options);
}

// Files that lie in the mirror as they are, by hash or by name. One that is not what it should be
// is passed over.
Status Puller::take_from_mirror(Part& part, const PullOptions& options) const {
  std::error_code code;
  for (const fs::path& mirror : mirrors_) {
    const std::string name = part.file->file_name();
    std::vector<fs::path> places = {mirror / part.entry->name / name, mirror / name};
    if (!part.file->sha256.empty()) places.insert(places.begin(), mirror / part.file->sha256);
    for (const fs::path& place : places) {
      if (!fs::is_regular_file(place, code)) continue;
      WEIR_TRY(part.take_file(place));
      part.from = place.string();
      if (accept(part)) {
        tell(options, *part.entry, "taken from " + place.string());
        return {};
      }
      tell(options, *part.entry, place.string() + " is not what it should be, and is passed over");
      WEIR_TRY(part.open());
    }
  }
  return {};
}

Result<fs::path> Puller::get_archive(const Entry& entry, const fs::path& staging,
                                     const PullOptions& options) const {
  std::error_code code;
  for (const fs::path& mirror : mirrors_) {
    for (const fs::directory_entry& file : fs::directory_iterator(mirror, code)) {
      const std::string name = file.path().filename().string();
      if (entry.package && is_archive_of(*entry.package, name) && file.is_regular_file(code)) {
        tell(options, entry, "taken from " + file.path().string());
        return file.path();
      }
    }
  }
  const FetchOptions fetch{options.limit_ms, options.stop};
  const int64_t bytes = entry.package ? entry.package->bytes : 0;
  tell(options, entry,
       "fetching " + source_of(entry) + (bytes > 0 ? " (" + size_text(bytes) + ")" : ""));
  if (!entry.package) return fetch_url(entry.url, staging, fetch);
  WEIR_ASSIGN(const fs::path archive, fetch_package(*entry.package, staging, fetch));
  if (!options.keep_archives.empty()) {
    fs::create_directories(options.keep_archives, code);
    fs::copy_file(archive, options.keep_archives / archive.filename(),
                  fs::copy_options::overwrite_existing, code);
    if (code) {
      return Error(ErrorCode::kUnavailable, "cannot keep the archive: " + code.message(),
                   options.keep_archives.string());
    }
  }
  return archive;
}

Status Puller::unpack(const fs::path& archive, std::vector<Part>& parts,
                      const PullOptions& options) const {
  std::vector<Extraction> wanted;
  std::vector<Part*> takers;
  for (Part& part : parts) {
    if (part.placed) continue;
    part.from = source_of(*part.entry);
    if (part.file->member.empty()) {
      WEIR_TRY(part.take_file(archive));
      WEIR_TRY(accept(part));
      continue;
    }
    part.from += ", member " + part.file->member;
    takers.push_back(&part);
    wanted.push_back({part.file->member, part.file->byte_range(),
                      [&part](std::span<const std::byte> bytes) { return part.take(bytes); }});
  }
  if (wanted.empty()) return {};
  WEIR_TRY(extract(archive, wanted, {}, options.stop));
  Status all;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Status status = wanted[i].outcome ? accept(*takers[i]) : std::move(wanted[i].outcome);
    // What is wrong with another entry is told to whoever asks for that one.
    if (!status && takers[i]->asked_for && all) {
      all = std::move(status).error().at(takers[i]->from);
    }
  }
  return all;
}

// The only way into the cache: size and hash are compared here.
Status Puller::accept(Part& part) const {
  part.out->close();
  if (!*part.out) {
    return Error(ErrorCode::kExhausted, "cannot write: is the disk full?", part.staged.string());
  }
  const EntryFile& file = *part.file;
  const std::string hint = "nothing was kept; the entry is at " + part.entry->origin;
  if (file.bytes != 0 && part.bytes != file.bytes) {
    return Error(ErrorCode::kCorrupt,
                 "'" + file.file_name() + "' has " + std::to_string(part.bytes) +
                     " bytes, expected " + std::to_string(file.bytes),
                 part.from, hint);
  }
  const std::string digest = part.hash.hex();
  if (!file.sha256.empty() && digest != file.sha256) {
    return Error(
        ErrorCode::kCorrupt,
        "the sha256 of '" + file.file_name() + "' is " + digest + ", expected " + file.sha256,
        part.from, hint);
  }
  WEIR_TRY(cache_.place(part.staged, *part.entry, file, digest));
  part.placed = true;
  return {};
}

}  // namespace weir::catalogue

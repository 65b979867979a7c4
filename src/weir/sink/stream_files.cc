#include "weir/sink/stream_files.h"

#include <utility>

namespace weir {

Result<StreamFiles> StreamFiles::open(std::string_view path, std::string_view head, bool one_stream,
                                      std::stop_token give_up) {
  WEIR_ASSIGN(PathTemplate parsed, PathTemplate::parse(path, {"source"}));
  StreamFiles files(std::move(parsed), head, one_stream, std::move(give_up));
  if (!files.path_.has("source")) WEIR_TRY(files.entry_of(""));
  return files;
}

Result<StreamFiles::Entry*> StreamFiles::entry_of(const std::string& stream) {
  const std::string path = path_.expand({{"source", stream}});
  auto found = entries_.find(path);
  if (found == entries_.end()) {
    WEIR_ASSIGN(OutFile file, OutFile::create(path, give_up_));
    found = entries_.emplace(path, Entry{std::move(file), stream, false}).first;
  }
  Entry& entry = found->second;
  if (!entry.file.is_open()) {
    WEIR_ASSIGN(entry.file, OutFile::reopen(path, give_up_));
  }
  if (entry.stream.empty()) entry.stream = stream;
  if (one_stream_ && entry.stream != stream) {
    return Error(ErrorCode::kInvalidArgument,
                 "the streams '" + entry.stream + "' and '" + stream + "' have one file", path,
                 "this format takes one stream a file: write {source} in the path");
  }
  return &entry;
}

// Not before there is something below it: a pipe may have no reader yet, and who opens it waits for
// none.
Status StreamFiles::append_head(Entry& entry) const {
  if (entry.has_head || !entry.file.is_open()) return {};
  Status written = entry.file.append(head_);
  entry.has_head = written.has_value();
  return written;
}

Status StreamFiles::append(const std::string& stream, std::string_view bytes) {
  WEIR_ASSIGN(Entry * entry, entry_of(stream));
  WEIR_TRY(append_head(*entry));
  return entry->file.append(bytes);
}

Status StreamFiles::finish_stream(std::string_view stream) {
  if (!path_.has("source")) return {};
  const auto found = entries_.find(path_.expand({{"source", stream}}));
  if (found == entries_.end() || found->second.stream != stream) return {};
  return found->second.file.close();
}

Status StreamFiles::finish() {
  Status first;
  for (auto& [path, entry] : entries_) {
    Status closed = append_head(entry);
    if (closed) closed = entry.file.close();
    if (first && !closed) first = std::move(closed);
  }
  return first;
}

}  // namespace weir

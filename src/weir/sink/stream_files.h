// The text files of a sink: one for all, or, where the path has {source}, one of each stream.
// Opened when the first task comes; every piece is written at once and whole.
//
// One thread at a time, but the one that asks `give_up`.
#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>

#include "weir/data/task.h"
#include "weir/sink/out_file.h"
#include "weir/sink/path_template.h"

namespace weir {

class StreamFiles {
 public:
  // `head` begins each file, with what is first written into it. If `one_stream`, a file takes one
  // stream only, and a second is an Error that says to write {source}. A single file is opened
  // here, so that a path that cannot be written is known before anything runs.
  static Result<StreamFiles> open(std::string_view path, std::string_view head, bool one_stream,
                                  std::stop_token give_up);
  Status append(const std::string& stream, std::string_view bytes);
  // Closes the stream's own file; it is opened again if the stream goes on.
  Status finish_stream(std::string_view stream);
  Status finish();

 private:
  struct Entry {
    OutFile file;
    std::string stream;  // the first that was written to it
    bool has_head = false;
  };
  StreamFiles(PathTemplate path, std::string_view head, bool one_stream, std::stop_token give_up)
      : path_(std::move(path)),
        head_(head),
        one_stream_(one_stream),
        give_up_(std::move(give_up)) {}
  Result<Entry*> entry_of(const std::string& stream);
  Status append_head(Entry& entry) const;

  PathTemplate path_;
  std::string head_;
  bool one_stream_ = false;
  std::stop_token give_up_;
  std::map<std::string, Entry, std::less<>> entries_;  // by path
};

}  // namespace weir

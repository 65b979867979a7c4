// What drains a pipeline: results written to files, one task at a time.
//
//   WEIR_ASSIGN(auto sink, open_sink({.jsonl = "out/results.jsonl"}));
//   for (const Task& task : finished) WEIR_TRY(sink->write(task));
//   WEIR_TRY(sink->finish());
//
// Threads: any thread may call, but one at a time; the tasks of a stream come in their order, those
// of several streams in any mixture. Calls block while they write; a sink starts no thread.
//
// An Error of write() is about that task: the sink may be called again, and what was written before
// stays valid. Files are valid at every moment as docs/results.md says of each format, also if the
// process is killed.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "weir/base/result.h"
#include "weir/data/task.h"
#include "weir/sink/spec.h"

namespace weir {

// What a sink has written that makes a file of each picture, or several.
struct WrittenFiles {
  std::size_t count = 0;
  std::string last = {};  // its path

  void add(std::string path) {
    ++count;
    last = std::move(path);
  }
};

class Sink {
 public:
  // Closes what is open, without the Errors that finish() would tell.
  virtual ~Sink() = default;
  // Borrows the task until it returns.
  virtual Status write(const Task& task) = 0;
  // A stream has ended: its own files are closed, and complete. If it goes on, so do they; a video
  // and a COCO file begin anew.
  virtual Status finish_stream(std::string_view /*stream*/) { return {}; }
  // The last call but for itself: a second finish() does nothing.
  virtual Status finish() = 0;
  // Null for a sink whose path is its one file.
  virtual const WrittenFiles* files() const { return nullptr; }
};

// An Error for a spec that makes no sense, and for a file or folder that cannot be written where
// that can be told before the first task. Folders are made as needed; what is there is replaced.
// Once `give_up` is asked, from any thread, no call waits for whoever reads a pipe or a terminal.
Result<std::unique_ptr<Sink>> open_sink(const SinkSpec& spec, std::stop_token give_up = {});

}  // namespace weir

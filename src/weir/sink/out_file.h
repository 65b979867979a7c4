// A file that is written piece by piece, each whole or not at all: what is in it after an Error or
// a kill ends with a whole piece.
//
// Goes to the operating system with every call: nothing is kept back in memory. A file is locked
// (flock) while it is open, so that two runs do not write into each other's. One thread at a time,
// but the one that asks `give_up`.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "weir/base/result.h"

namespace weir {

class OutFile {
 public:
  // Empties the file, or makes it and the folders that lead to it. "-" is the standard output.
  // kUnavailable if somebody else is writing it. What waits for the reader of a pipe or a terminal
  // ends with kCancelled once `give_up` is asked; a pipe that nobody reads yet is waited for by the
  // first append().
  static Result<OutFile> create(const std::string& path, std::stop_token give_up = {});
  // Goes on behind what is there.
  static Result<OutFile> reopen(const std::string& path, std::stop_token give_up = {});
  OutFile(OutFile&& other) noexcept;
  OutFile& operator=(OutFile&& other) noexcept;
  ~OutFile();

  // kExhausted if the disk is full; kUnavailable for other reasons.
  Status append(std::string_view bytes);
  int64_t size() const { return size_; }
  // Takes back what was appended since it had this size; a pipe or a terminal cannot.
  void cut(int64_t size);
  // Tells what the system found wrong at last, such as a quota.
  Status close();
  bool is_open() const { return fd_ >= 0 || unread_; }
  const std::string& path() const { return path_; }

 private:
  OutFile(int fd, std::string path, std::stop_token give_up, int64_t size = 0);
  static Result<OutFile> open(const std::string& path, std::stop_token give_up);
  Status wait_for_first_reader();
  Status wait_for_reader() const;

  int fd_ = -1;
  bool has_reader_ = false;  // a pipe or a terminal, which takes what somebody reads
  bool unread_ = false;      // a pipe with a name that nobody has opened yet
  int64_t size_ = 0;
  std::string path_;
  std::stop_token give_up_;
};

// Writes a whole file under another name first, so that nobody ever sees half of it.
Status replace_file(const std::string& path, std::string_view bytes);
// Makes the folders that lead to `path`.
Status make_folders_to(const std::string& path);
// The Error of the last system call, about `path`.
Error file_error(int number, const std::string& path);

}  // namespace weir

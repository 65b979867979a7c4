// The lines of a file, or of the standard input ("-"), one after the other: never more of it than
// one line in memory, and a line of bounded length, so that a file of any kind may be named.
//
// One thread.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "weir/base/result.h"

namespace weir::cli {

class LineReader {
 public:
  static constexpr std::size_t kMaxLine = std::size_t{64} << 20;

  static Result<LineReader> open(const std::string& path);

  // Puts the next line into `line`, without its line feed. False at the end.
  Result<bool> next(std::string& line);
  // "dets.txt:12", of the line that was given last.
  std::string place() const { return path_ + ":" + std::to_string(number_); }

 private:
  struct Close {
    void operator()(std::FILE* file) const {
      if (file != stdin) std::fclose(file);
    }
  };
  using File = std::unique_ptr<std::FILE, Close>;
  LineReader(File file, std::string path);
  Status refill();

  File file_;
  std::string path_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  bool ended_ = false;
  std::size_t number_ = 0;
};

}  // namespace weir::cli

// An output path with names in braces: 'out/{source}/{seq}.jpg'.
//
//   WEIR_ASSIGN(const PathTemplate path, PathTemplate::parse(text, {"source", "seq"}));
//   path.expand({{"source", task.stream}, {"seq", sequence_text(task.seq)}});
//
// What is put in comes from anywhere, so it cannot lead elsewhere: slashes and control characters
// become '_'. Immutable; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/task.h"

namespace weir {

class PathTemplate {
 public:
  // kInvalidArgument for an unknown name, with the nearest that there is, or a brace that is not
  // closed.
  static Result<PathTemplate> parse(std::string_view text,
                                    const std::vector<std::string_view>& names);
  bool has(std::string_view name) const;
  using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  std::string expand(Values values) const;
  // With one of its names filled in; the others stay.
  PathTemplate with(std::string_view name, std::string_view value) const;
  bool has_names() const;
  // What stands before its first name, to the last slash of that: "out/" of 'out/{seq}.jpg'.
  std::string folder() const;
  // Whether there are values that lead to `path`.
  bool could_be(std::string_view path) const;
  // As it was written, with its names in braces.
  std::string text() const;

 private:
  struct Piece {
    bool is_name = false;
    std::string text;
  };
  std::vector<Piece> pieces_;
};

// A text as part of a file name: no slash, no control character, not too long, never "" or "..".
std::string as_file_name(std::string_view text);
// Six digits at least, so that files sort by it.
std::string sequence_text(int64_t seq);
// What names the picture of a task: its file without folder and ending, if the task's parameter
// "file" tells it, else its stream and seq.
std::string stem_of(const Task& task);
// The parameter "file" of a task: where its picture came from; empty if it is not told.
std::string file_of(const Task& task);

}  // namespace weir

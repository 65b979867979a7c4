// The inputs of a request, one task after the other.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "weir/assemble/request.h"
#include "weir/base/result.h"
#include "weir/source/source.h"

namespace weir {

// One input of a request. One thread.
class InputReader {
 public:
  // `number` names what has no name: "input-3".
  InputReader(const RequestInput& input, std::size_t number);

  const std::string& stream() const { return stream_; }
  bool is_file() const { return is_file_; }
  // Nothing at the end. What cannot be opened is one task with an error.
  std::optional<Task> next();

 private:
  std::string stream_;
  bool is_file_ = false;
  std::optional<Task> only_;
  std::unique_ptr<Source> source_;
};

}  // namespace weir

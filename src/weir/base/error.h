// What went wrong, where, and what to write instead.
//
// An Error is a value: it travels with its task, in its place in the order. `message` says what was
// wrong, `where` names a place in the user's config, a file or a stage (never a line of C++),
// `hint` says what to do about it. Thread-compatible, like any value.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace weir {

enum class ErrorCode {
  kInvalidArgument,  // the caller asked for something that makes no sense
  kNotFound,         // a name, file or entry is not there
  kUnsupported,      // understood, but not something that this build or model can do
  kUnavailable,      // could work, but not now: no network, no device, no driver
  kExhausted,        // a bound was reached: queue, memory, size limit
  kDeadline,         // too late
  kCancelled,        // somebody asked to stop
  kCorrupt,          // data that is damaged or not what it claims to be
  kInternal,         // our fault
};

// The name as it is printed and written into JSON: "invalid_argument", "not_found", …
std::string_view name(ErrorCode code);
// The exit code of a command: 2 for wrong usage or config, else 1.
int exit_code(ErrorCode code);
// The status of an HTTP answer, 400 … 504.
int http_status(ErrorCode code);
// The number of the gRPC status code.
int grpc_status(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string where;
  std::string hint;

  Error() = default;
  Error(ErrorCode c, std::string text, std::string place = {}, std::string advice = {})
      : code(c), message(std::move(text)), where(std::move(place)), hint(std::move(advice)) {}

  // "pipe.yaml:3:5: unknown key 'scor'; did you mean 'score'?"
  std::string to_string() const;

  // The same error seen from further out: names a place if the inner one did not.
  Error at(std::string place) && {
    if (where.empty()) where = std::move(place);
    return std::move(*this);
  }

  bool operator==(const Error&) const = default;
};

}  // namespace weir

// What a user of a vendor's library would call by himself to run the model of a session, with the
// memory that the session has bound: what Session::run is measured against.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "weir/backend/session.h"

namespace weir::bench {

using BareCall = std::function<void()>;

// The session has run, and lives longer than the call. One thread, as the session.
BareCall onnxruntime_bare(Session& twin);
BareCall openvino_bare(Session& twin);

inline void check(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().to_string().c_str());
  std::exit(1);
}

}  // namespace weir::bench

// Who takes the end of an asynchronous job: the driver. Called from any thread.
#pragma once

#include "weir/flow/body.h"

namespace weir::flow {

class CompletionTarget {
 public:
  virtual ~CompletionTarget() = default;
  virtual void finish(Node* head, StageResult result) = 0;
};

}  // namespace weir::flow

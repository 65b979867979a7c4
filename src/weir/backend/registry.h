// The back ends that this process has: filled by explicit calls, once, before it is shared; reading
// it is then safe from any thread. Owns its back ends, and hands out references that live as long
// as it does. First come, first asked: the order of add() is the order of preference.
//
//   BackendRegistry backends;
//   backends.add(std::make_unique<OnnxRuntimeBackend>());
//   WEIR_ASSIGN(Backend* backend, backends.find("onnxruntime"));
//   WEIR_ASSIGN(Backend* reader, backends.for_file("model.onnx"));
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/backend/backend.h"
#include "weir/base/names.h"
#include "weir/base/result.h"

namespace weir {

class BackendRegistry {
 public:
  // The name and its aliases must be new.
  Status add(std::unique_ptr<Backend> backend);

  // By name or alias. An unknown name suggests the nearest one.
  Result<Backend*> find(std::string_view name) const;
  // The first that reads files with this ending, upper or lower case.
  Result<Backend*> for_file(std::string_view path) const;
  // What a spec's `backend:` and file mean together: "" and "auto" are for_file(path).
  Result<Backend*> choose(std::string_view name, std::string_view path) const;

  const std::vector<std::unique_ptr<Backend>>& all() const { return backends_; }
  const Names& names() const { return names_; }

 private:
  Names names_{"back end"};
  std::vector<std::unique_ptr<Backend>> backends_;
};

}  // namespace weir

// Whether a graph accepts certain shapes of its inputs. OpenVINO's CPU device takes shapes on trust
// while it runs: a Reshape to [1, 4] of eight elements drops half of them in silence. So every new
// set of shapes passes the graph's own inference first, once.
//
// Callable from any thread.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <openvino/core/model.hpp>

#include "weir/backend/loaded_model.h"
#include "weir/base/mutex.h"
#include "weir/base/result.h"

namespace weir {

class OpenVinoShapes {
 public:
  // Keeps a copy of `graph`; its weights are shared with it.
  explicit OpenVinoShapes(const ov::Model& graph) : graph_(graph.clone()) {}

  // An Error says which shapes were not accepted, and what to try. Shapes that were accepted before
  // cost a look into a set, and nothing from the heap.
  Status check(const std::vector<TensorInfo>& inputs, const std::vector<Shape>& shapes,
               const std::string& where);

 private:
  struct InOrder {
    bool operator()(const std::vector<Shape>& a, const std::vector<Shape>& b) const;
  };

  Mutex mutex_;
  std::shared_ptr<ov::Model> graph_ WEIR_GUARDED_BY(mutex_);
  std::set<std::vector<Shape>, InOrder> accepted_ WEIR_GUARDED_BY(mutex_);
};

// Names the shapes in an error of a run.
Error with_shapes(Error error, const std::vector<TensorInfo>& inputs,
                  const std::vector<Shape>& shapes);

}  // namespace weir

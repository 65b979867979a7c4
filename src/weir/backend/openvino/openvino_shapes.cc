#include "weir/backend/openvino/openvino_shapes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "weir/backend/openvino/openvino_guard.h"
#include "weir/backend/openvino/openvino_types.h"

namespace weir {
namespace {

constexpr std::size_t kMaxAccepted = 1024;

std::string text_of(const std::vector<TensorInfo>& inputs, const std::vector<Shape>& shapes) {
  std::string text;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    text += (i > 0 ? ", " : "") + inputs[i].name + " " + to_string(shapes[i]);
  }
  return text;
}

}  // namespace

Error with_shapes(Error error, const std::vector<TensorInfo>& inputs,
                  const std::vector<Shape>& shapes) {
  error.message += " (with " + text_of(inputs, shapes) + ")";
  error.hint =
      "the graph may not accept every size that its file leaves open: try the shape that it was "
      "exported with, such as a batch of 1";
  return error;
}

bool OpenVinoShapes::InOrder::operator()(const std::vector<Shape>& a,
                                         const std::vector<Shape>& b) const {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(), [](const Shape& left, const Shape& right) {
        return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
      });
}

Status OpenVinoShapes::check(const std::vector<TensorInfo>& inputs,
                             const std::vector<Shape>& shapes, const std::string& where) {
  MutexLock lock(mutex_);
  if (accepted_.count(shapes) != 0) return {};
  std::map<std::size_t, ov::PartialShape> wanted;
  for (std::size_t i = 0; i < shapes.size(); ++i) wanted[i] = openvino_shape(shapes[i]);
  const std::shared_ptr<ov::Model> graph = graph_;  // the lock analysis does not look into lambdas
  Status reshaped = openvino_guard(where, ErrorCode::kInvalidArgument, [&] {
    // A graph that has refused a shape may be left half inferred: the next try is on a new copy.
    const std::shared_ptr<ov::Model> copy = graph->clone();
    copy->reshape(wanted);
  });
  if (!reshaped) return with_shapes(std::move(reshaped).error(), inputs, shapes);
  if (accepted_.size() < kMaxAccepted) accepted_.insert(shapes);
  return {};
}

}  // namespace weir

#include "weir/model/compatible.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir {
namespace {

// Of these the length of what they give is part of its meaning: whoever compares two embeddings, or
// knows point 9 as the tip of the nose, cannot go on with another length.
constexpr std::array<std::string_view, 4> kOfOneLength = {
    "face embedding", "person re-identification", "landmarks", "body landmarks"};

std::string labels_of(const Model& model) {
  const auto& labels = model.labels();
  if (labels == nullptr || labels->size() == 0) return "no labels";
  const auto& entries = labels->entries();
  return std::to_string(labels->size()) + " labels, " + entries.front().second + " to " +
         entries.back().second;
}

bool same_labels(const Model& now, const Model& next) {
  const auto& a = now.labels();
  const auto& b = next.labels();
  if (a == nullptr || b == nullptr) return a == b;
  return *a == *b;
}

// The first label that differs, which is what one wants to know of eighty.
std::string first_difference(const Model& now, const Model& next) {
  if (now.labels() == nullptr || next.labels() == nullptr) return "";
  const auto& a = now.labels()->entries();
  const auto& b = next.labels()->entries();
  const auto [one, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (one == a.end() || other == b.end()) return "";
  return "; number " + std::to_string(one->first) + " is '" + one->second + "', then '" +
         other->second + "'";
}

bool takes_tensors(const TensorInfo& input) {
  if (input.any_rank || input.shape.rank() != 4) return false;
  const auto may_be_picture = [&](std::size_t axis) {
    const int64_t size = input.shape[axis];
    return size == 1 || size == 3 || size == Shape::kDynamic;
  };
  return !may_be_picture(1) && !may_be_picture(3);
}

std::string io_of(const TensorInfo& info) {
  return "'" + info.name + "' " + (info.any_rank ? "of any shape" : to_string(info.shape));
}

Error differs(const Model& next, const std::string& who, const std::string& what,
              const std::string& hint) {
  return Error(ErrorCode::kInvalidArgument, "the new model does not fit to " + who + ": " + what,
               next.name(), hint);
}

Status check_outputs(const Model& now, const Model& next, const std::string& who) {
  const std::string& task = now.info().task;
  if (std::find(kOfOneLength.begin(), kOfOneLength.end(), task) == kOfOneLength.end()) return {};
  const TensorInfo& a = now.parts().back()->outputs().front();
  const TensorInfo& b = next.parts().back()->outputs().front();
  if (a.shape == b.shape && a.any_rank == b.any_rank) return {};
  return differs(next, who, "it gives " + io_of(b) + ", the present one " + io_of(a),
                 "submit it under another name");
}

Status check_inputs(const Model& now, const Model& next, const std::string& who) {
  const TensorInfo& a = now.parts().front()->inputs().front();
  const TensorInfo& b = next.parts().front()->inputs().front();
  if (!takes_tensors(a) && !takes_tensors(b)) return {};
  if (a.shape == b.shape) return {};
  return differs(next, who, "it takes " + io_of(b) + ", the present one " + io_of(a),
                 "submit it under another name");
}

}  // namespace

Status compatible(const Model& now, const Model& next, const std::string& who) {
  if (now.info().task != next.info().task) {
    return differs(next, who,
                   "it does " + next.info().task + " (family " + next.info().name +
                       "), the present one " + now.info().task + " (" + now.info().name + ")",
                   "submit it under another name");
  }
  if (!same_labels(now, next)) {
    return differs(next, who,
                   "it has " + labels_of(next) + ", the present one " + labels_of(now) +
                       first_difference(now, next),
                   "write 'labels' in its spec, or submit it under another name");
  }
  WEIR_TRY(check_outputs(now, next, who));
  return check_inputs(now, next, who);
}

}  // namespace weir

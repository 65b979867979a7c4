#include "weir/model/guess_people.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "weir/model/family/blazeface.h"
#include "weir/model/family/landmarks.h"
#include "weir/model/family/movenet.h"
#include "weir/model/family/reid.h"
#include "weir/model/family/ultraface.h"
#include "weir/ops/blazeface_decode.h"
#include "weir/ops/ultraface_decode.h"

namespace weir {
namespace {

// Lays what a family says of its input under what the file says.
void as_family(const FamilyInfo& family, ModelGuess& guess) {
  InputSpec input = family.input;
  input.size = guess.input.size;
  input.layout = guess.input.layout;
  guess.input = std::move(input);
  guess.family = family.name;
}

// The sizes of one item, without leading ones: 1x896x16 has 896 and 16.
int64_t rows(const IoTensor& tensor) {
  const std::size_t rank = tensor.shape.rank();
  return rank < 2 ? 0 : tensor.shape[rank - 2];
}
int64_t columns(const IoTensor& tensor) {
  const std::size_t rank = tensor.shape.rank();
  return rank < 2 ? 0 : tensor.shape[rank - 1];
}
int64_t numbers(const IoTensor& tensor) {
  int64_t product = 1;
  for (std::size_t i = 1; i < tensor.shape.rank(); ++i) {
    product *= std::max<int64_t>(tensor.shape[i], 0);
  }
  return product;
}

std::string is_ultraface(const ModelIo& io, int64_t width, int64_t height, ModelGuess& guess) {
  if (io.outputs.size() != 2 || std::max(width, height) > 4096) return {};
  const auto anchors = static_cast<int64_t>(
      ultraface_anchors(static_cast<int>(width), static_cast<int>(height)).size());
  const bool right = rows(io.outputs[0]) == anchors && rows(io.outputs[1]) == anchors &&
                     std::min(columns(io.outputs[0]), columns(io.outputs[1])) <= 3 &&
                     std::min(columns(io.outputs[0]), columns(io.outputs[1])) >= 2 &&
                     std::max(columns(io.outputs[0]), columns(io.outputs[1])) == 4;
  if (!right) return {};
  as_family(ultraface_family(), guess);
  guess.notes.emplace_back(
      "Of UltraFace's exports, those named '_simplified' need family_options: {decoded: false}.");
  return "scores and a box for each of " + std::to_string(anchors) + " anchors";
}

std::string is_blazeface(const ModelIo& io, int64_t width, int64_t height, ModelGuess& guess) {
  int64_t scores = 0;
  int64_t boxes = 0;
  int64_t points = -1;
  for (const IoTensor& output : io.outputs) {
    const int64_t count = (columns(output) - 4) / 2;
    if (columns(output) == 1) {
      scores += rows(output);
    } else if ((count == 4 || count == 6 || count == 7) && columns(output) == 4 + 2 * count &&
               (points < 0 || points == count)) {
      points = count;
      boxes += rows(output);
    } else {
      return {};
    }
  }
  if (points < 0 || scores != boxes || std::max(width, height) > 4096 ||
      !blazeface_anchors(static_cast<int>(width), static_cast<int>(height), scores)) {
    return {};
  }
  as_family(blazeface_family(), guess);
  if (points == 7) {  // palms, which are trained on pictures from 0 to 1
    guess.input.scale = Scale{1.0 / 255};
    guess.input.mean.clear();
  }
  return "a score, a box and " + std::to_string(points) + " points for each of " +
         std::to_string(scores) + " anchors";
}

std::string is_movenet(const ModelIo& io, ModelGuess& guess) {
  for (const char* part : {"kpt_heatmap", "kpt_regress", "kpt_offset"}) {
    const bool has = std::any_of(io.outputs.begin(), io.outputs.end(), [&](const IoTensor& output) {
      return output.name.find(part) != std::string::npos;
    });
    if (!has) return {};
  }
  as_family(movenet_family(), guess);
  return "its outputs are named kpt_heatmap, kpt_regress and kpt_offset";
}

std::string is_landmarks(const ModelIo& io, ModelGuess& guess) {
  const auto has = [&](const std::vector<int64_t>& wanted) {
    std::vector<int64_t> left;
    for (const IoTensor& output : io.outputs) left.push_back(numbers(output));
    for (const int64_t number : wanted) {
      const auto at = std::find(left.begin(), left.end(), number);
      if (at == left.end()) return false;
      left.erase(at);
    }
    return true;
  };
  const char* what = nullptr;
  if (io.outputs.size() == 2 && has({1404, 1})) what = "468 points of a face and a score";
  if (io.outputs.size() == 2 && has({213, 15})) what = "71 points of an eye and 5 of its iris";
  if (has({63, 1, 1})) what = "21 points of a hand, its presence and its side";
  if (has({195, 1})) what = "39 points of a body and its presence";
  if (what == nullptr) return {};
  as_family(landmarks_family(), guess);
  return std::string("outputs as of ") + what;
}

std::string is_reid(const ModelIo& io, int64_t width, int64_t height, ModelGuess& guess) {
  if (height != 2 * width || io.outputs.size() != 1 || io.outputs[0].shape.rank() != 2) return {};
  const int64_t size = io.outputs[0].shape[1];
  if (size != 128 && size != 256 && size != 512) return {};
  as_family(reid_family(), guess);
  return "an upright input and one vector of " + std::to_string(size);
}

}  // namespace

std::string guess_people(const ModelIo& io, int64_t width, int64_t height, ModelGuess& guess) {
  if (io.inputs.size() != 1 || width < 1 || height < 1) return {};
  std::string why = is_movenet(io, guess);
  if (why.empty()) why = is_landmarks(io, guess);
  if (why.empty()) why = is_blazeface(io, width, height, guess);
  if (why.empty()) why = is_ultraface(io, width, height, guess);
  if (why.empty()) why = is_reid(io, width, height, guess);
  return why;
}

}  // namespace weir

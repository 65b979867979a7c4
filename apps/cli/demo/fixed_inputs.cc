#include "apps/cli/demo/fixed_inputs.h"

namespace weir::cli::demo {
namespace {

struct Known {
  const char* file;
  std::vector<std::string> shapes;
  std::vector<std::string> values;
};

// By the file's name; from the models' own documentation.
const std::vector<Known>& known_inputs() {
  static const std::vector<Known> kKnown = {
      {"silero_vad.onnx", {"input=1x576", "state=2x1x128"}, {"sr=16000"}},
      {"encoder_model.ort", {"input_values=1x16000", "attention_mask=1x16000"}, {}},
      {"speech-embedding.onnx", {"samples:0=1x16000"}, {}},
  };
  return kKnown;
}

constexpr int64_t kOpenSide = 320;       // of a picture
constexpr int64_t kOpenLength = 16'000;  // of a recording: one second

// A size for every one that is left open, from the catalogue's hint if there is one.
Shape closed(const TensorInfo& input, const std::optional<catalogue::InputHint>& hint) {
  Shape shape = input.shape;
  const bool picture = shape.rank() == 4;
  const bool nhwc = picture && shape[3] == 3;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] != Shape::kDynamic) continue;
    const bool first = axis == 0;
    const bool height = picture && axis == (nhwc ? 1U : 2U);
    const bool width = picture && axis == (nhwc ? 2U : 3U);
    const bool hinted = hint && hint->size.size() == 2;
    if (height || width) {
      shape[axis] = hinted ? hint->size[width ? 0 : 1] : kOpenSide;
    } else {
      shape[axis] = !first && shape.rank() == 2 && input.dtype == DType::kFloat32 ? kOpenLength : 1;
    }
  }
  return shape;
}

}  // namespace

Result<MeasurePlan> fixed_inputs(const catalogue::Entry& entry, const std::string& file,
                                 const std::vector<TensorInfo>& inputs) {
  MeasurePlan plan;
  for (const Known& known : known_inputs()) {
    if (file != known.file) continue;
    WEIR_ASSIGN(plan.shapes, parse_shapes(known.shapes));
    WEIR_ASSIGN(plan.values, parse_values(known.values));
  }
  for (const TensorInfo& input : inputs) {
    if (input.shape.is_dynamic() && !plan.shapes.contains(input.name)) {
      plan.shapes[input.name] = closed(input, entry.input);
    }
  }
  return plan;
}

}  // namespace weir::cli::demo

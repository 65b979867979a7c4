#include "weir/model/guess.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "weir/config/write.h"
#include "weir/model/family/dbnet.h"
#include "weir/model/family/fastestdet.h"
#include "weir/model/family/nanodet.h"
#include "weir/model/family/picodet.h"
#include "weir/model/family/segment.h"
#include "weir/model/family/ssd.h"
#include "weir/model/family/yunet.h"
#include "weir/model/guess_people.h"
#include "weir/ops/ssd_anchors.h"

namespace weir {
namespace {

// The input that takes pictures, read as such.
struct PictureInput {
  const IoTensor* tensor = nullptr;
  InputSpec::Layout layout = InputSpec::Layout::kAuto;
  int64_t channels = 0;
  int64_t height = -1;
  int64_t width = -1;
  bool has_size() const { return height > 0 && width > 0; }
};

bool may_be_channels(int64_t size) {
  return size == 1 || size == 3;
}

std::optional<PictureInput> picture_input(const ModelIo& io) {
  for (const IoTensor& input : io.inputs) {
    if (input.shape.rank() != 4) continue;
    const Shape& s = input.shape;
    if (may_be_channels(s[1]) && s[3] != 3) {
      return PictureInput{&input, InputSpec::Layout::kNchw, s[1], s[2], s[3]};
    }
    if (may_be_channels(s[3]) && !may_be_channels(s[1])) {
      return PictureInput{&input, InputSpec::Layout::kNhwc, s[3], s[1], s[2]};
    }
  }
  return std::nullopt;
}

// Cells of the grids at strides 8, 16 and 32.
int64_t cells(const PictureInput& picture) {
  int64_t count = 0;
  for (const int64_t stride : {8, 16, 32}) {
    count += (picture.height / stride) * (picture.width / stride);
  }
  return count;
}

std::string list(const std::vector<IoTensor>& tensors) {
  std::string text;
  for (const IoTensor& tensor : tensors) {
    text += (text.empty() ? "" : ", ") + tensor.name + " " + to_string(tensor.shape);
  }
  return text;
}

bool any_name_starts(const std::vector<IoTensor>& tensors, std::string_view start) {
  return std::any_of(tensors.begin(), tensors.end(),
                     [&](const IoTensor& tensor) { return tensor.name.starts_with(start); });
}

const IoTensor* named(const std::vector<IoTensor>& tensors, std::string_view name) {
  for (const IoTensor& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

void letterbox(InputSpec& input, double pad, ResizeSpec::Anchor anchor) {
  input.resize.policy = ResizeSpec::Policy::kLetterbox;
  input.resize.pad = {pad};
  input.resize.anchor = anchor;
}

void rgb_by_255(InputSpec& input) {
  input.colour = InputSpec::Colour::kRgb;
  input.scale = Scale{1.0 / 255};
}

// Lays what a family says of its input under what the file says.
void as_family(InputSpec& input, InputSpec of_family) {
  of_family.size = input.size;
  of_family.layout = input.layout;
  input = std::move(of_family);
}

// Each of the following looks for one family. It fills the guess and says why, or says nothing.
using Recognise = std::string (*)(const ModelIo&, const PictureInput*, ModelGuess&);

std::string is_yunet(const ModelIo& io, const PictureInput*, ModelGuess& guess) {
  for (const char* start : {"cls_", "obj_", "bbox_", "kps_"}) {
    if (!any_name_starts(io.outputs, start)) return {};
  }
  guess.family = "yunet";
  as_family(guess.input, yunet_family().input);
  return "its outputs are named cls_…, obj_…, bbox_… and kps_…";
}

std::string is_detr(const ModelIo& io, const PictureInput*, ModelGuess& guess) {
  if (named(io.inputs, "orig_target_sizes") == nullptr) return {};
  guess.family = "detr";
  rgb_by_255(guess.input);
  guess.input.resize.policy = ResizeSpec::Policy::kStretch;
  return "it has an input orig_target_sizes";
}

// Grids of cells: yolox and yolov5 by rows, yolov8 by columns.
std::string is_yolo(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || !picture->has_size() || io.outputs.size() != 1) return {};
  const Shape& out = io.outputs[0].shape;
  if (out.rank() != 3) return {};
  const int64_t grid = cells(*picture);
  const std::string says = "one output " + to_string(out) + ": ";
  const std::string cell = " for each cell of the strides 8, 16 and 32";
  if (out[1] == grid && out[2] > 5) {
    guess.family = "yolox";
    guess.input.colour = InputSpec::Colour::kBgr;
    letterbox(guess.input, 114, ResizeSpec::Anchor::kTopLeft);
    return says + "a row" + cell + ", with box, objectness and " + std::to_string(out[2] - 5) +
           " classes";
  }
  if (out[1] == 3 * grid && out[2] > 5) {
    guess.family = "yolov5";
    rgb_by_255(guess.input);
    letterbox(guess.input, 114, ResizeSpec::Anchor::kCentre);
    return says + "three rows" + cell;
  }
  if (out[2] == grid && out[1] > 4) {
    guess.family = "yolov8";
    rgb_by_255(guess.input);
    letterbox(guess.input, 114, ResizeSpec::Anchor::kCentre);
    return says + "a column" + cell;
  }
  return {};
}

std::string is_scrfd(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || (io.outputs.size() != 6 && io.outputs.size() != 9)) return {};
  for (std::size_t i = 0; i < io.outputs.size(); ++i) {
    const Shape& out = io.outputs[i].shape;
    const int64_t wanted = i < 3 ? 1 : i < 6 ? 4 : 10;
    if (out.rank() < 2 || out[out.rank() - 1] != wanted) return {};
  }
  guess.family = "scrfd";
  guess.input.colour = InputSpec::Colour::kRgb;
  guess.input.mean = {127.5};
  guess.input.std = {128};
  letterbox(guess.input, 0, ResizeSpec::Anchor::kTopLeft);
  return std::to_string(io.outputs.size()) +
         " outputs, three each of scores, boxes and (if nine) points";
}

// One output of scores and one of sides for each stride.
bool are_levels(const ModelIo& io, const PictureInput& picture,
                std::initializer_list<int> strides) {
  if (io.outputs.size() != 2 * strides.size()) return false;
  const auto last = [](const Shape& shape) { return shape[shape.rank() - 1]; };
  std::size_t level = 0;
  for (const int stride : strides) {
    const int64_t cells =
        ((picture.height + stride - 1) / stride) * ((picture.width + stride - 1) / stride);
    const Shape& scores = io.outputs[level].shape;
    const Shape& sides = io.outputs[strides.size() + level++].shape;
    if (scores.rank() != 3 || sides.rank() != 3 || scores[1] != cells || sides[1] != cells ||
        last(sides) < 8 || last(sides) % 4 != 0 || last(scores) != last(io.outputs[0].shape)) {
      return false;
    }
  }
  return true;
}

std::string is_gfl(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || !picture->has_size()) return {};
  const bool four = are_levels(io, *picture, {8, 16, 32, 64});
  if (!four && !are_levels(io, *picture, {8, 16, 32})) return {};
  guess.family = four ? "picodet" : "nanodet";
  as_family(guess.input, (four ? picodet_family() : nanodet_family()).input);
  return std::to_string(io.outputs.size()) + " outputs: for each stride from 8 to " +
         (four ? "64" : "32") + " a row for each cell, of scores and of distances";
}

std::string is_fastestdet(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || !picture->has_size() || io.outputs.size() != 1) return {};
  const Shape& out = io.outputs[0].shape;
  if (out.rank() != 4 || out[1] != 85 || out[2] * 16 != picture->height ||
      out[3] * 16 != picture->width) {
    return {};
  }
  guess.family = "fastestdet";
  as_family(guess.input, fastestdet_family().input);
  return "one output " + to_string(out) + ": 85 channels for each cell of the stride 16";
}

std::string is_ssd(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || !picture->has_size() || io.outputs.size() != 2) return {};
  const auto anchors = ssd_anchors({.input_width = static_cast<int>(picture->width),
                                    .input_height = static_cast<int>(picture->height)});
  if (!anchors || anchors->empty()) return {};
  const auto count = static_cast<int64_t>(anchors->size());
  const Shape& first = io.outputs[0].shape;
  const Shape& second = io.outputs[1].shape;
  const Shape boxes{1, count, 4};
  const Shape& scores = first == boxes ? second : first;
  if (!(first == boxes || second == boxes) || scores.rank() != 3 || scores[1] != count ||
      scores[2] < 2) {
    return {};
  }
  guess.family = "ssd";
  as_family(guess.input, ssd_family().input);
  return "a box and " + std::to_string(scores[2]) + " scores for each of " + std::to_string(count) +
         " anchors";
}

std::string is_of_people(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  return picture == nullptr ? "" : guess_people(io, picture->width, picture->height, guess);
}

std::string is_speech_detector(const ModelIo& io, const PictureInput*, ModelGuess& guess) {
  for (const char* name : {"input", "state", "sr"}) {
    if (named(io.inputs, name) == nullptr) return {};
  }
  guess.family = "silero-vad";
  return "its inputs are input, state and sr";
}

std::string is_embedding(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || picture->height != 112 || picture->width != 112) return {};
  if (io.outputs.size() != 1 || io.outputs[0].shape.rank() != 2) return {};
  const int64_t size = io.outputs[0].shape[1];
  if (size != 128 && size != 256 && size != 512) return {};
  guess.family = "embedding";
  guess.notes.emplace_back("Models of faces differ in colour and scale: see where it comes from.");
  return "an input of 112x112 and one vector of " + std::to_string(size);
}

std::string is_classifier(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || io.inputs.size() != 1 || io.outputs.size() != 1) return {};
  const Shape& out = io.outputs[0].shape;
  if (out.rank() != 2 || (out[1] != 1000 && out[1] != 1001)) return {};
  guess.family = "classify";
  guess.input.resize.policy = ResizeSpec::Policy::kCrop;
  guess.notes.emplace_back(
      "Colour, scale, mean and std are those of its training; ImageNet's are rgb, 1/255, [0.485, "
      "0.456, 0.406] and [0.229, 0.224, 0.225].");
  return "one output of " + std::to_string(out[1]) + " classes, as many as ImageNet has";
}

std::string is_text_recogniser(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || picture->height != 48 || picture->width > 0) return {};
  if (io.outputs.size() != 1 || io.outputs[0].shape.rank() != 3) return {};
  const int64_t classes = io.outputs[0].shape[2];
  if (classes < 10) return {};
  guess.family = "ctc";
  guess.notes.emplace_back("Its characters are not in the file: name them under labels.");
  return "an input 48 high of any width, and " + std::to_string(classes) + " classes a step";
}

// What a family says of its input, with the size and layout of the file.
void input_of_family(FamilyInfo family, ModelGuess& guess) {
  family.input.size = guess.input.size;
  family.input.layout = guess.input.layout;
  guess.input = std::move(family.input);
  guess.family = std::move(family.name);
}

std::string is_text_detector(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || picture->channels != 3 || io.outputs.size() != 1) return {};
  const Shape& map = io.outputs[0].shape;
  if (picture->height > 0 || picture->width > 0 || map.rank() != 4 || map[1] != 1) return {};
  input_of_family(dbnet_family(), guess);
  return "an input of any size, and one map over it";
}

std::string is_matting(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || !picture->has_size() || io.outputs.size() != 1) return {};
  const Shape& map = io.outputs[0].shape;
  const bool planar =
      map.rank() == 4 && map[1] == 1 && map[2] == picture->height && map[3] == picture->width;
  const bool interleaved =
      map.rank() == 4 && map[3] == 1 && map[1] == picture->height && map[2] == picture->width;
  if (picture->channels != 3 || (!planar && !interleaved)) return {};
  input_of_family(matting_family(), guess);
  return "one plane of numbers as large as its input";
}

std::string is_twinlitenet(const ModelIo& io, const PictureInput* picture, ModelGuess& guess) {
  if (picture == nullptr || io.outputs.size() != 2) return {};
  for (const char* name : {"da", "ll"}) {
    const IoTensor* head = named(io.outputs, name);
    if (head == nullptr || head->shape.rank() != 4 || head->shape[1] != 2) return {};
  }
  input_of_family(twinlitenet_family(), guess);
  return "two heads of two classes, named da and ll";
}

constexpr Recognise kFamilies[] = {is_yunet,         is_detr,       is_yolo,
                                   is_gfl,           is_fastestdet, is_ssd,
                                   is_scrfd,         is_of_people,  is_speech_detector,
                                   is_embedding,     is_classifier, is_text_recogniser,
                                   is_text_detector, is_matting,    is_twinlitenet};

// A range to start from: batches up to 4, pictures from 320 to 1280. Empty where nothing sensible
// is known.
std::string suggested_range(const IoTensor& input, bool is_picture) {
  ShapeRange range{input.shape, input.shape, input.shape};
  for (std::size_t i = 0; i < input.shape.rank(); ++i) {
    if (input.shape[i] != Shape::kDynamic) continue;
    if (i > 0 && !is_picture) return {};
    range.min[i] = i == 0 ? 1 : 320;
    range.opt[i] = i == 0 ? 1 : 640;
    range.max[i] = i == 0 ? 4 : 1280;
  }
  return config::to_flow_yaml(config::Codec<ShapeRanges>::write({{input.name, range}}));
}

void note_dynamic_sizes(const ModelIo& io, const IoTensor* picture, ModelGuess& guess) {
  for (const IoTensor& input : io.inputs) {
    if (!input.shape.is_dynamic()) continue;
    const std::string range = suggested_range(input, &input == picture);
    guess.notes.push_back("The input '" + input.name + "' is dynamic (" + to_string(input.shape) +
                          "): give it a range under shapes" +
                          (range.empty() ? "." : ", such as " + range));
  }
}

}  // namespace

ModelIo io_of(const graph::GraphSummary& summary) {
  const auto convert = [](const std::vector<graph::GraphValue>& values) {
    std::vector<IoTensor> tensors;
    for (const graph::GraphValue& value : values) {
      IoTensor tensor{value.name, {}, std::string(graph::name(value.type))};
      const bool fits = value.dims.size() <= Shape::kMaxRank;
      for (std::size_t i = 0; fits && i < value.dims.size(); ++i) {
        tensor.shape.push_back(value.dims[i].size);
      }
      tensors.push_back(std::move(tensor));
    }
    return tensors;
  };
  return {convert(summary.inputs), convert(summary.outputs)};
}

ModelGuess guess_model(const ModelIo& io) {
  ModelGuess guess;
  const auto picture = picture_input(io);
  if (picture) {
    guess.input.layout = picture->layout;
    if (picture->has_size()) {
      guess.input.size = {static_cast<int32_t>(picture->width),
                          static_cast<int32_t>(picture->height)};
    }
    if (picture->channels == 1) guess.input.colour = InputSpec::Colour::kGrey;
  }
  for (const Recognise recognise : kFamilies) {
    guess.why = recognise(io, picture ? &*picture : nullptr, guess);
    if (!guess.family.empty()) break;
  }
  if (guess.family.empty()) {
    guess.notes.push_back("Its family was not recognised from inputs " + list(io.inputs) +
                          " and outputs " + list(io.outputs) + ": name it.");
    if (picture) guess.notes.emplace_back("Colour, scale, mean and std are not in the file.");
  }
  note_dynamic_sizes(io, picture ? picture->tensor : nullptr, guess);
  return guess;
}

}  // namespace weir

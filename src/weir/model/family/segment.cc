#include "weir/model/family/segment.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "weir/model/family/one_input.h"
#include "weir/model/picture_input.h"
#include "weir/ops/segment_decode.h"

namespace weir {
namespace {

// One output of the model, and how its classes become labels.
struct Head {
  std::size_t output = 0;
  SegmentDecodeSpec spec;
  int64_t classes = 0;  // 0: a label map; -1: the file does not say
};

class Segment final : public family::OneInput<PictureInput> {
 public:
  Segment(PictureInput picture, std::vector<Head> heads)
      : OneInput(std::move(picture)), heads_(std::move(heads)) {}

  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan& plan,
                   std::vector<Finding>& found) const override {
    const auto first = static_cast<std::ptrdiff_t>(found.size());
    for (const Head& head : heads_) {
      WEIR_TRY(segment_decode(outputs[head.output], head.spec, plan.resize, found));
    }
    if (heads_.size() < 2) return {};
    // The labels of a head follow those of the heads before it.
    std::sort(found.begin() + first, found.end(), [](const Finding& a, const Finding& b) {
      return a.best->score != b.best->score ? a.best->score > b.best->score
                                            : a.best->label_id < b.best->label_id;
    });
    return {};
  }

 private:
  std::vector<Head> heads_;
};

std::vector<OptionInfo> segment_options() {
  return {{"layout", "of the outputs: nchw, nhwc, or labels for maps of class numbers (auto)"},
          {"upscale",
           "nearest, or bilinear: the scores are interpolated (auto: where they are "
           "coarser than the input)"},
          {"align_corners",
           "whether the centres of the corners of input and output lie on each "
           "other (false)"},
          {"scores", "logits or probabilities (auto)"},
          {"background", "the label that gets no mask, or none (auto: the one called background)"},
          {"heads", "the outputs that are looked at, separated by commas (auto: all)"}};
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + ",") {
    if (c != ',' && c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

Result<std::vector<std::size_t>> chosen_outputs(const FamilyContext& context,
                                                const OptionReader& options) {
  const std::vector<TensorInfo>& outputs = context.model().outputs();
  std::vector<std::size_t> chosen;
  std::string names;
  for (const TensorInfo& output : outputs) names += (names.empty() ? "" : ", ") + output.name;
  const std::string wanted = options.text("heads", "auto");
  for (const std::string& word : words_of(wanted == "auto" ? "" : wanted)) {
    const auto at = std::find_if(outputs.begin(), outputs.end(),
                                 [&](const TensorInfo& output) { return output.name == word; });
    if (at == outputs.end()) {
      return context.mismatch("it has no output '" + word + "'", "heads among " + names);
    }
    chosen.push_back(static_cast<std::size_t>(at - outputs.begin()));
  }
  if (!chosen.empty()) return chosen;
  for (std::size_t i = 0; i < outputs.size(); ++i) chosen.push_back(i);
  return chosen;
}

// The classes stand where their number does, else in the smaller of the two places.
SegmentLayout guessed_layout(const TensorInfo& output, std::size_t labels) {
  const Shape& shape = output.shape;
  if (output.dtype != DType::kFloat32) return SegmentLayout::kLabels;
  if (shape.rank() < 3) return SegmentLayout::kNchw;  // which it is not, and is told so
  if (shape.rank() == 3 && (shape[0] == 1 || shape[0] == Shape::kDynamic)) {
    return SegmentLayout::kLabels;
  }
  const int64_t first = shape[shape.rank() - 3];
  const int64_t last = shape[shape.rank() - 1];
  if (first == static_cast<int64_t>(labels)) return SegmentLayout::kNchw;
  if (last == static_cast<int64_t>(labels)) return SegmentLayout::kNhwc;
  return last >= 0 && (first < 0 || last < first) ? SegmentLayout::kNhwc : SegmentLayout::kNchw;
}

// Height and width of the model's input; zeros where they are open.
std::pair<int64_t, int64_t> input_sides(const FamilyContext& context) {
  const TensorInfo& input = context.model().inputs()[0];
  if (input.any_rank || input.shape.rank() != 4) return {0, 0};
  const std::size_t first = input.shape[1] >= 1 && input.shape[1] <= 4 ? 2 : 1;
  return {std::max<int64_t>(0, input.shape[first]), std::max<int64_t>(0, input.shape[first + 1])};
}

// Rows of a detector, 1xNxM, have the shape of a label map in float32. Only a map has the
// proportions of the picture.
bool may_be_map(const FamilyContext& context, const Shape& shape) {
  const auto sides = input_sides(context);
  const int64_t height = shape[1];
  const int64_t width = shape[2];
  if (sides.first == 0 || sides.second == 0 || height <= 0 || width <= 0) return true;
  // A side may be rounded by one.
  return std::abs(height * sides.second - width * sides.first) <=
         std::max(sides.first, sides.second);
}

Result<SegmentDecodeSpec> common_spec(const FamilyContext& context, const OptionReader& options) {
  SegmentDecodeSpec spec;
  WEIR_ASSIGN(spec.upscale, parse_upscale(options.text("upscale", "auto")));
  WEIR_ASSIGN(spec.scores, parse_score_kind(options.text("scores", "auto")));
  WEIR_ASSIGN(spec.align_corners, options.flag("align_corners", false));
  spec.threshold = static_cast<float>(context.spec.thresholds.score.value_or(0.5));
  return spec;
}

Result<Head> make_head(const FamilyContext& context, const OptionReader& options,
                       const SegmentDecodeSpec& common, std::size_t index) {
  const TensorInfo& output = context.model().outputs()[index];
  Head head{index, common, -1};
  const std::string layout = options.text("layout", "auto");
  head.spec.layout = guessed_layout(output, context.labels ? context.labels->size() : 0);
  if (layout != "auto") {
    WEIR_ASSIGN(head.spec.layout, parse_segment_layout(layout));
  }
  if (output.any_rank) return head;
  const auto shape = segment_shape(output.shape, head.spec.layout);
  const bool scores = head.spec.layout != SegmentLayout::kLabels;
  const bool guessed = layout == "auto" && !scores && output.dtype == DType::kFloat32;
  if (!shape || (scores && output.dtype != DType::kFloat32) ||
      (guessed && !may_be_map(context, output.shape))) {
    return context.mismatch("its output '" + output.name + "' is " +
                                std::string(name(output.dtype)) + " " + to_string(output.shape),
                            "float32 scores 1xCxHxW or 1xHxWxC, or a label map 1xHxW of the "
                            "picture's proportions");
  }
  head.classes = shape->classes;
  return head;
}

std::string counts_of(const std::vector<Head>& heads) {
  std::string text;
  for (const Head& head : heads) {
    text += (text.empty() ? "" : " + ") + std::to_string(head.classes);
  }
  return text;
}

// Labels go to the heads in their order: one for each class; or, where that makes as many labels as
// there are, one for each head of two classes, the first of which is then its background.
Status share_labels(const FamilyContext& context, std::vector<Head>& heads) {
  int64_t all = 0;
  int64_t without = 0;
  bool known = true;
  for (const Head& head : heads) {
    known = known && head.classes > 0;
    all += head.classes;
    without += head.classes == 2 ? 1 : head.classes;
  }
  const auto labels = static_cast<int64_t>(context.labels ? context.labels->size() : 0);
  if (known && labels > 0 && labels != all && labels != without) {
    return context.mismatch(
        "it has " + counts_of(heads) + " classes, and " + std::to_string(labels) + " labels",
        "a label for each class" + (without < all
                                        ? ", or one for each head of two: " + std::to_string(all) +
                                              " or " + std::to_string(without)
                                        : std::string()));
  }
  const bool pairs = known && without < all && (labels == 0 ? heads.size() > 1 : labels != all);
  int32_t next = 0;
  for (Head& head : heads) {
    const bool is_pair = pairs && head.classes == 2;
    head.spec.first_label = is_pair ? next - 1 : next;
    if (is_pair) head.spec.background = 0;
    next += static_cast<int32_t>(is_pair ? 1 : std::max<int64_t>(head.classes, 0));
  }
  return {};
}

// What gets no mask, where a head does not have its own.
Status set_background(const FamilyContext& context, const OptionReader& options,
                      std::vector<Head>& heads) {
  const std::string wanted = options.text("background", "auto");
  if (wanted == "none") return {};
  const auto label = context.labels ? context.labels->find(wanted == "auto" ? "background" : wanted)
                                    : std::nullopt;
  if (!label && wanted != "auto") {
    return Error(ErrorCode::kInvalidArgument, "there is no label '" + wanted + "'", context.name,
                 "background is a label of the model, none, or auto");
  }
  if (!label) return {};
  for (Head& head : heads) {
    if (head.spec.background < 0) head.spec.background = *label - head.spec.first_label;
  }
  return {};
}

Result<std::unique_ptr<const Family>> make_segment(const FamilyContext& context) {
  const OptionReader options = context.options();
  if (context.model().inputs().size() != 1) {
    return context.mismatch("it has " + std::to_string(context.model().inputs().size()) + " inputs",
                            "one picture");
  }
  auto common = common_spec(context, options);
  if (!common) return std::move(common).error().at(context.name);
  WEIR_ASSIGN(const std::vector<std::size_t> outputs, chosen_outputs(context, options));
  std::vector<Head> heads;
  for (const std::size_t output : outputs) {
    WEIR_ASSIGN(heads.emplace_back(), make_head(context, options, *common, output));
  }
  WEIR_TRY(share_labels(context, heads));
  WEIR_TRY(set_background(context, options, heads));
  WEIR_ASSIGN(PictureInput picture,
              PictureInput::make(context, context.model().inputs()[0], {.multiple = 32}));
  return std::make_unique<const Segment>(std::move(picture), std::move(heads));
}

Result<std::unique_ptr<const Family>> make_matting(const FamilyContext& context) {
  const std::vector<TensorInfo>& outputs = context.model().outputs();
  const bool one = outputs.size() == 1 && outputs[0].dtype == DType::kFloat32;
  const Shape& shape = one ? outputs[0].shape : Shape{};
  const bool plane =
      one && (outputs[0].any_rank || (shape.rank() == 4 && (shape[1] == 1 || shape[3] == 1)));
  if (!plane) {
    return context.mismatch(
        "it has " + std::to_string(outputs.size()) + " outputs" +
            (outputs.empty() ? "" : ", the first " + to_string(outputs[0].shape)),
        "one plane of probabilities: 1x1xHxW or 1xHxWx1");
  }
  return make_segment(context);
}

FamilyInfo with_picture(FamilyInfo info) {
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.scale = Scale{1.0 / 255};
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.gives = Gives{.box = true, .score = true, .classes = true, .mask = true};
  info.options = segment_options();
  info.make = make_segment;
  return info;
}

}  // namespace

FamilyInfo segment_family() {
  FamilyInfo info;
  info.name = "segment";
  info.aliases = {"segmentation"};
  info.task = "segmentation";
  info.about =
      "What each pixel belongs to: a mask of the whole picture for each class that is there, of "
      "one head or of several";
  info.inputs =
      "pictures as the model was trained; RGB x/255, stretched, where the spec says nothing";
  info.outputs =
      "for each head scores of the classes, 1xCxHxW or 1xHxWxC, or a map of class numbers, 1xHxW; "
      "the labels of several heads follow each other, and a head of two classes may have one";
  info.tested = "DeepLab (Cityscapes, quantised; VOC), road-segmentation-adas-0001, TwinLiteNet";
  return with_picture(std::move(info));
}

FamilyInfo matting_family() {
  FamilyInfo info;
  info.name = "matting";
  info.task = "portrait matting";
  info.about = "Which pixels are a person's: one mask of the whole picture";
  info.inputs = "pictures, RGB x/255, stretched";
  info.outputs = "one plane of probabilities, 1x1xHxW or 1xHxWx1; 0.5 or more is the person";
  info.tested = "MediaPipe selfie segmentation";
  info.thresholds.score = 0.5;
  info.labels.names = {"person"};
  info = with_picture(std::move(info));
  info.make = make_matting;
  return info;
}

FamilyInfo twinlitenet_family() {
  FamilyInfo info;
  info.name = "twinlitenet";
  info.task = "drivable area and lanes";
  info.about = "Where one can drive, and where lane lines are: two heads of one backbone, one run";
  info.inputs = "pictures, RGB x/255, stretched to 640x360";
  info.outputs = "da and ll, 1x2xHxW each: not, and drivable; not, and lane";
  info.tested = "TwinLiteNet";
  info.labels.names = {"drivable", "lane"};
  return with_picture(std::move(info));
}

}  // namespace weir

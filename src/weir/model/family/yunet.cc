#include "weir/model/family/yunet.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "weir/model/family/detector.h"
#include "weir/ops/grid.h"
#include "weir/ops/yunet_decode.h"

namespace weir {
namespace {

constexpr int kMultiple = 32;
constexpr std::size_t kStrides = kYunetStrides.size();
constexpr std::size_t kOutputs = 4 * kStrides;

struct Head {
  const char* name;
  int64_t columns;
};
constexpr std::array<Head, 4> kHeads = {{{"cls", 1}, {"obj", 1}, {"bbox", 4}, {"kps", 10}}};

// Which output is head h of stride s, as [h * kStrides + s].
using Places = std::array<std::size_t, kOutputs>;

std::optional<std::size_t> find_output(const LoadedModel& model, const std::string& name) {
  for (std::size_t i = 0; i < model.outputs().size(); ++i) {
    if (model.outputs()[i].name == name) return i;
  }
  return std::nullopt;
}

bool fits(const TensorInfo& output, int64_t rows, int64_t columns) {
  return output.accepts({1, rows, columns}) || output.accepts({rows, columns}) ||
         (rows == Shape::kDynamic && output.shape.rank() >= 2 &&
          (output.shape[output.shape.rank() - 1] == columns ||
           output.shape[output.shape.rank() - 1] == Shape::kDynamic));
}

// By their names; the order of exports differs.
Result<Places> find_outputs(const FamilyContext& context, const PictureInput& picture) {
  const std::string expects =
      "twelve float32 outputs: cls_8, cls_16, cls_32, obj_*, bbox_* and kps_*, with a row for each "
      "cell and 1, 1, 4 and 10 columns";
  WEIR_TRY(family::expect_tensors(context, kOutputs, expects));
  const LoadedModel& model = context.model();
  Places places{};
  for (std::size_t h = 0; h < kHeads.size(); ++h) {
    for (std::size_t s = 0; s < kStrides; ++s) {
      const auto at =
          find_output(model, std::string(kHeads[h].name) + "_" + std::to_string(kYunetStrides[s]));
      const bool fixed = picture.width() > 0 && picture.height() > 0;
      const int64_t rows =
          fixed ? cell_count(grids(picture.width(), picture.height(), std::array{kYunetStrides[s]}))
                : Shape::kDynamic;
      if (!at || !fits(model.outputs()[*at], rows, kHeads[h].columns)) {
        return context.mismatch(family::outputs_are(model), expects);
      }
      places[h * kStrides + s] = *at;
    }
  }
  return places;
}

Status check_size(const FamilyContext& context, const PictureInput& picture) {
  if (picture.width() % kMultiple == 0 && picture.height() % kMultiple == 0) return {};
  return Error(ErrorCode::kInvalidArgument,
               "a YuNet takes no pictures of " + std::to_string(picture.width()) + "x" +
                   std::to_string(picture.height()),
               context.name + ".input.size", "write multiples of 32, or auto");
}

Result<std::unique_ptr<const Family>> make(const FamilyContext& context) {
  YunetDecodeSpec spec;
  spec.detect = family::detection_spec(context.spec, spec.detect);
  WEIR_ASSIGN(PictureInput picture,
              PictureInput::make(context, context.model().inputs()[0], {.multiple = kMultiple}));
  WEIR_ASSIGN(const Places places, find_outputs(context, picture));
  WEIR_TRY(check_size(context, picture));
  WEIR_TRY(family::check_labels(context, 1));
  return family::detector(
      std::move(picture),
      [spec, places](family::Outputs outputs, const ItemPlan& plan, std::vector<Finding>& found) {
        std::array<YunetLevel, kStrides> levels;
        for (std::size_t s = 0; s < kStrides; ++s) {
          const auto at = [&](std::size_t head) { return outputs[places[head * kStrides + s]]; };
          levels[s] = {kYunetStrides[s], at(0), at(1), at(2), at(3)};
        }
        return yunet_decode(levels, spec, plan.resize, found);
      });
}

}  // namespace

FamilyInfo yunet_family() {
  FamilyInfo info;
  info.name = "yunet";
  info.task = "face detection";
  info.about = "YuNet: small and large faces, with the eyes, the nose and the corners of the mouth";
  info.inputs =
      "one picture: BGR from 0 to 255, letterboxed to the top left with 0; where its size is open, "
      "sides that are multiples of 32";
  info.outputs = "cls, obj, bbox and kps for each of the strides 8, 16 and 32";
  info.tested = "yunet of the catalogue (2023mar, 640x640), yunet_n and yunet_s of open size";
  info.gives = labelled_boxes({5});
  info.input.colour = InputSpec::Colour::kBgr;
  info.input.resize.policy = ResizeSpec::Policy::kLetterbox;
  info.input.resize.anchor = ResizeSpec::Anchor::kTopLeft;
  info.input.resize.pad = {0};
  info.thresholds = {.score = 0.6, .nms = 0.3, .candidates = 5000, .max_findings = 750};
  info.labels.names = {"Face"};
  info.make = make;
  return info;
}

}  // namespace weir

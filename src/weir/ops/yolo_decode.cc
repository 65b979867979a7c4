#include "weir/ops/yolo_decode.h"

#include <algorithm>
#include <limits>
#include <string>

#include "weir/ops/class_scan.h"
#include "weir/ops/detection_workspace.h"
#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

constexpr int64_t kBox = 4;
constexpr int64_t kEndToEndColumns = 6;
// An export that has suppressed keeps 300 by default; a grid has more cells than this.
constexpr int64_t kMostEndToEnd = 1000;

// The value `column` of proposal `i` is data[column * column_step + i * step].
struct Proposals {
  const float* data = nullptr;
  std::size_t count = 0;
  std::size_t columns = 0;
  std::size_t step = 1;
  std::size_t column_step = 1;
};

Result<Proposals> proposals_of(const TensorView& output, YoloLayout layout) {
  const bool class_major = layout == YoloLayout::kClassMajor;
  const Shape wanted = layout == YoloLayout::kEndToEnd ? Shape{Shape::kDynamic, kEndToEndColumns}
                                                       : Shape{Shape::kDynamic, Shape::kDynamic};
  WEIR_ASSIGN(const TensorView table, ops::expect_floats("the boxes of a YOLO", output, wanted));
  const auto rows = static_cast<std::size_t>(table.shape[0]);
  const auto columns = static_cast<std::size_t>(table.shape[1]);
  const Proposals all = class_major ? Proposals{table.as<float>(), columns, rows, 1, columns}
                                    : Proposals{table.as<float>(), rows, columns, columns, 1};
  if (all.columns > kBox && all.count <= std::numeric_limits<uint32_t>::max()) return all;
  return ops::unexpected(
      "the boxes of a YOLO", output,
      class_major ? "a tensor of 1x(4+classes)xN" : "a tensor of 1xNx(4+classes)");
}

void propose(const Proposals& all, float threshold, std::vector<ClassHit>& hits,
             Candidates& candidates) {
  if (all.count == 0) return;  // an empty tensor may have no address to count from
  const ClassScores scores{all.data + kBox * all.column_step, all.count, all.columns - kBox,
                           all.step, all.column_step};
  scan_classes(scores, threshold, hits);
  for (const ClassHit& hit : hits) {
    const float* const box = all.data + hit.index * all.step;
    const float x = box[0];
    const float y = box[all.column_step];
    const float half_width = box[2 * all.column_step] / 2;
    const float half_height = box[3 * all.column_step] / 2;
    candidates.add({x - half_width, y - half_height, x + half_width, y + half_height}, hit.score,
                   hit.label);
  }
}

void propose_suppressed(const Proposals& all, const YoloDecodeSpec& spec, Candidates& candidates) {
  const float classes = spec.classes > 0 ? static_cast<float>(spec.classes) : 1 << 24;
  for (std::size_t i = 0; i < all.count; ++i) {
    const float* const row = all.data + i * all.step;
    const float label = row[5];
    // A class that is no number of a class is none.
    if (!(row[4] >= spec.detect.score) || !(label >= 0) || !(label < classes)) continue;
    candidates.add({row[0], row[1], row[2], row[3]}, row[4], static_cast<int32_t>(label));
  }
}

}  // namespace

Result<YoloShape> yolo_shape(const Shape& output, int64_t classes) {
  const std::size_t rank = output.rank();
  if (rank == 2 || (rank == 3 && (output[0] == 1 || output[0] == Shape::kDynamic))) {
    const int64_t rows = output[rank - 2];
    const int64_t columns = output[rank - 1];
    const bool open_of_two = rows == Shape::kDynamic && classes == 2;
    if (columns == kEndToEndColumns && rows <= kMostEndToEnd && !open_of_two)
      return YoloShape{YoloLayout::kEndToEnd, 0};
    const auto fits = [&](int64_t side) {
      return side > kBox && (classes == 0 || side == kBox + classes);
    };
    // A grid has more cells than a model has classes.
    const bool by_class = rows != Shape::kDynamic && (columns == Shape::kDynamic || rows < columns);
    const bool is_known = classes > 0;
    if (fits(rows) && (by_class || (is_known && !fits(columns))))
      return YoloShape{YoloLayout::kClassMajor, rows - kBox};
    if (fits(columns) && (!by_class || is_known))
      return YoloShape{YoloLayout::kBoxMajor, columns - kBox};
  }
  const std::string wanted = classes > 0 ? std::to_string(kBox + classes) : "(4+classes)";
  return Error(ErrorCode::kInvalidArgument, "the output of a YOLO is " + to_string(output), "",
               "1x" + wanted + "xN, 1xNx" + wanted + " or 1xNx6 is expected");
}

Status yolo_decode(const TensorView& output, const YoloDecodeSpec& spec, const ResizePlan& plan,
                   DetectionWorkspace& workspace, std::vector<Finding>& found) {
  WEIR_ASSIGN(const Proposals all, proposals_of(output, spec.layout));
  Candidates& candidates = workspace.start();
  DetectionSpec detect = spec.detect;
  if (spec.layout == YoloLayout::kEndToEnd) {
    detect.iou = 1;
    propose_suppressed(all, spec, candidates);
  } else {
    propose(all, detect.score, workspace.memory().hits, candidates);
  }
  detections(workspace, detect, plan, found);
  return {};
}

Result<std::vector<Finding>> yolo_decode(const TensorView& output, const YoloDecodeSpec& spec,
                                         const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(yolo_decode(output, spec, plan, DetectionWorkspace::of_this_thread(), found));
  return found;
}

}  // namespace weir

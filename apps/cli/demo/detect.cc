#include "apps/cli/demo/detect.h"

#include <cstring>
#include <fstream>
#include <sstream>

#include "weir/backend/loaded_model.h"
#include "weir/data/task.h"
#include "weir/ops/draw.h"
#include "weir/ops/ssd_anchors.h"
#include "weir/ops/ssd_decode.h"

namespace weir::cli::demo {
namespace {

Result<Image> copy_of(const ImageView& from) {
  WEIR_ASSIGN(Image copy, Image::allocate(from.format, from.width, from.height));
  for (int y = 0; y < from.height; ++y) {
    std::memcpy(copy.view().row(0, y), from.row(0, y), from.row_bytes(0));
  }
  return copy;
}

struct SsdOutputs {
  TensorView boxes;
  TensorView scores;
};

Result<SsdOutputs> find_outputs(const Session& session) {
  SsdOutputs found;
  for (std::size_t i = 0; i < session.output_count(); ++i) {
    const TensorView& view = session.output(i);
    const bool boxes = view.shape.rank() > 0 && view.shape[view.shape.rank() - 1] == 4;
    (boxes ? found.boxes : found.scores) = view;
  }
  if (found.boxes.data == nullptr || found.scores.data == nullptr) {
    return Error(ErrorCode::kUnsupported, "the outputs are not those of an SSD detector");
  }
  return found;
}

}  // namespace

bool is_detector(const catalogue::Entry& entry) {
  return entry.name == "ssd-mobilenet-v2-oid" || entry.family == "ssd";
}

Result<DetectionSetup> detection_setup(const catalogue::Entry& entry,
                                       const std::vector<std::filesystem::path>& files) {
  DetectionSetup setup;
  if (!entry.labels.empty()) {
    setup.labels = std::make_shared<const LabelSet>(entry.labels);
    return setup;
  }
  for (const auto& file : files) {
    if (file.extension() != ".txt") continue;
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    setup.labels = std::make_shared<const LabelSet>(LabelSet::from_lines(text.str()));
    return setup;
  }
  return Error(ErrorCode::kNotFound, "no labels in the catalogue", entry.name);
}

Result<Detected> detect(const Session& session, const DetectionSetup& setup,
                        const ResizePlan& placed, const Image& picture) {
  WEIR_ASSIGN(const SsdOutputs outputs, find_outputs(session));
  WEIR_ASSIGN(const auto anchors, ssd_anchors());
  WEIR_ASSIGN(auto findings,
              ssd_decode(outputs.boxes, outputs.scores, anchors, {.score = setup.score}, placed));
  Detected found;
  WEIR_ASSIGN(found.picture, copy_of(picture.view()));
  Task task;
  task.steps = std::make_shared<const StepTable>(std::vector<StepEntry>{{"objects", setup.labels}});
  // The model's class 0 is the background; label files may leave it out.
  const auto classes = outputs.scores.shape[outputs.scores.shape.rank() - 1];
  const bool shifted = setup.labels->size() + 1 == static_cast<std::size_t>(classes);
  for (Finding& finding : findings) {
    finding.step = 0;
    if (shifted) finding.best->label_id -= 1;
    const std::string label(setup.labels->name(finding.best->label_id));
    found.list.push_back({label, finding.best->score, finding.box->x1, finding.box->y1,
                          finding.box->x2, finding.box->y2});
    task.add(std::move(finding));
  }
  WEIR_TRY(draw_findings(found.picture.view(), task));
  return found;
}

}  // namespace weir::cli::demo

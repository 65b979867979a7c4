// The one detector whose outputs the demo reads: an SSD of the catalogue.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "apps/cli/demo/report.h"
#include "weir/backend/session.h"
#include "weir/base/result.h"
#include "weir/catalogue/entry.h"
#include "weir/data/image.h"
#include "weir/data/label_set.h"
#include "weir/ops/resize_plan.h"

namespace weir::cli::demo {

bool is_detector(const catalogue::Entry& entry);

struct DetectionSetup {
  std::shared_ptr<const LabelSet> labels;
  float score = 0.4F;
};

// The labels are those of the entry, or the text file among its files.
Result<DetectionSetup> detection_setup(const catalogue::Entry& entry,
                                       const std::vector<std::filesystem::path>& files);

struct Detected {
  std::vector<Detection> list;  // best first
  Image picture;                // a copy, with the boxes drawn into it
};

// Reads the outputs of the session's last run.
Result<Detected> detect(const Session& session, const DetectionSetup& setup,
                        const ResizePlan& placed, const Image& picture);

}  // namespace weir::cli::demo

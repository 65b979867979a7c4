// The scene in which faces are compared: those of each picture with those of the others, and the
// first picture with itself, turned and made smaller.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/demo/report.h"
#include "weir/assemble/runtime.h"
#include "weir/base/result.h"
#include "weir/data/image.h"

namespace weir::cli::demo {

struct NamedPicture {
  std::string name;
  Image image;
};

Status compare_faces(Runtime& runtime, std::vector<NamedPicture> pictures, Scene& scene);

}  // namespace weir::cli::demo

// YOLOv8, v11 and detectors that were exported in one of their layouts.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo yolov8_family();

}  // namespace weir

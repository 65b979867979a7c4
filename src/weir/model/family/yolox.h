// YOLOX, and detectors that were exported like one (light person detectors with one class).
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo yolox_family();

}  // namespace weir

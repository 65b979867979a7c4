// The family of text detectors: DBNet, as PaddleOCR's.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo dbnet_family();

}  // namespace weir

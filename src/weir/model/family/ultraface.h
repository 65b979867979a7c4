// UltraFace: faces, with and without a mask.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo ultraface_family();

}  // namespace weir

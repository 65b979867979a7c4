// The families of segmentations: of classes, of one thing and the rest, of several heads at once.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo segment_family();
FamilyInfo matting_family();
FamilyInfo twinlitenet_family();

}  // namespace weir

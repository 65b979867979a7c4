// SSD with anchors.
#pragma once

#include "weir/model/family_registry.h"

namespace weir {

FamilyInfo ssd_family();

}  // namespace weir
